"""Amounts of money: numeric in the database, text in JSON, never a float (law 6)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models

from guantong.base.currencies import exponent
from guantong.base.money import decimal_from
from guantong.engine.fields.currency import exponent_sql
from guantong.engine.fields.kind import Kind, View, wrong
from guantong.engine.fields.spec import FieldSpec, kind_of


class Amount(models.DecimalField):
    """Money in the currency that the field named by `currency` holds; "^currency" is the document's of a line."""

    def __init__(self, *, currency: str = "currency", **kwargs: Any) -> None:
        self.currency = currency
        kwargs.setdefault("max_digits", 20)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(**kwargs)


class Price(models.DecimalField):
    """A unit price: wider than an amount; a derived one never feeds a total."""

    def __init__(self, *, currency: str = "currency", **kwargs: Any) -> None:
        self.currency = currency
        kwargs.setdefault("max_digits", 24)
        kwargs.setdefault("decimal_places", 10)
        super().__init__(**kwargs)


class DecimalKind(Kind):
    """Decimal text. Shared by amounts, prices, quantities, percents and rates."""

    name = "decimal"
    cast = "numeric"

    def parse(self, value: Any, spec: FieldSpec) -> Decimal:
        if not isinstance(value, str):
            raise wrong("money_not_text", spec)
        return decimal_from(value, field=spec.name, max_digits=spec.digits or 20, places=spec.places or 0)

    def parse_text(self, text: str, spec: FieldSpec) -> Decimal:
        return self.parse(text.replace(",", "").replace("，", "").lstrip("¥￥$€ ").strip(), spec)

    def sql(self, column: str, spec: FieldSpec, view: View) -> str:
        return f"trim_scale({column})::text"

    def to_json(self, value: Decimal | None) -> str | None:
        return None if value is None else format(Decimal(value).normalize() + 0, "f")

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "string", "pattern": rf"^-?[0-9]{{1,20}}(\.[0-9]{{1,{max(spec.places or 1, 1)}}})?$"}

    def sample(self, spec: FieldSpec, seed: int) -> str:
        return str(seed + 1)


class AmountKind(DecimalKind):
    name = "amount"

    def validate(self, value: Decimal | None, record: Any, spec: FieldSpec) -> None:
        """Refuse more decimals than the currency has."""
        if value is None or not (currency := currency_of(record, spec)):
            return
        if value != round(value, exponent(currency)):
            raise wrong("too_many_decimals", spec, currency=currency)

    def sql(self, column: str, spec: FieldSpec, view: View) -> str:
        of_document = spec.currency.startswith("^")
        owner = view.header if of_document else view.alias
        currency = f'{owner}."{spec.currency.removeprefix("^")}"'
        return f"round({column}, {exponent_sql(currency)})::text"


class PriceKind(DecimalKind):
    name = "price"


def currency_of(record: Any, spec: FieldSpec) -> str:
    """The currency code that an amount of `record` is in."""
    if spec.currency.startswith("^"):
        header = getattr(record, "header", None)
        return getattr(header, spec.currency[1:], "") if header is not None else ""
    return getattr(record, spec.currency, "")


kind_of(Amount, AmountKind)
kind_of(Price, PriceKind)
