"""Currency: an ISO 4217 code, and the SQL that knows its decimals."""

from __future__ import annotations

from typing import Any

from django.db import models

from guantong.base.currencies import CURRENCIES, known
from guantong.engine.fields.kind import PLAIN, Kind, wrong
from guantong.engine.fields.spec import FieldSpec, kind_of


class Currency(models.CharField):
    """The currency of amounts beside it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 3)
        super().__init__(**kwargs)


def exponent_sql(currency: str) -> str:
    """The number of decimals of the currency expression `currency`, as SQL."""
    cases: dict[int, list[str]] = {}
    for code, exponent in CURRENCIES.items():
        if exponent != 2:
            cases.setdefault(exponent, []).append(f"'{code}'")
    whens = " ".join(
        f"WHEN {currency} IN ({','.join(sorted(codes))}) THEN {exponent}"
        for exponent, codes in sorted(cases.items())
    )
    return f"CASE {whens} ELSE 2 END"


class CurrencyKind(Kind):
    name = "currency"
    ops = PLAIN

    def parse(self, value: Any, spec: FieldSpec) -> str:
        if not isinstance(value, str) or not known(value):
            raise wrong("not_a_currency", spec)
        return value

    def parse_text(self, text: str, spec: FieldSpec) -> str:
        return self.parse(text.upper(), spec)

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-Z]{3}$"}

    def sample(self, spec: FieldSpec, seed: int) -> str:
        return "CNY"


kind_of(Currency, CurrencyKind)
