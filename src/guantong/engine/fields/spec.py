"""FieldSpec: one field of an object, whatever it was made from. No reader knows which it was (house.md 6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from guantong.base.errors import Invalid
from guantong.engine.fields.kind import Kind, View

MISSING = object()


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """A named, typed field. `name` is the word in the API; `attribute` the attribute and column that keeps it."""

    name: str
    attribute: str
    kind: Kind
    required: bool = False
    nullable: bool = False
    writable: bool = True
    custom: bool = False
    indexed: bool = False
    target: type[models.Model] | None = None
    choices: tuple[str, ...] = ()
    chain: bool = False
    currency: str = ""
    max_length: int | None = None
    places: int | None = None
    digits: int | None = None
    default: Any = field(default=MISSING, compare=False)

    def parse(self, value: Any) -> Any:
        """Read a JSON value; None or "" empties an optional field. Raises Invalid."""
        if value is None or value == "":
            if self.required:
                raise Invalid("required", field=self.name)
            return None if self.nullable else self.empty()
        return self.kind.parse(value, self)

    def parse_text(self, text: str) -> Any:
        """Read a spreadsheet cell. Raises Invalid."""
        text = text.strip()
        return self.parse(None) if text == "" else self.kind.parse_text(text, self)

    def empty(self) -> Any:
        """What an empty, not nullable field keeps."""
        if self.default is not MISSING:
            return self.default() if callable(self.default) else self.default
        return ""

    def sql(self, view: View) -> str:
        """This field of the row that `view` reads, as SQL that becomes JSON."""
        return self.kind.sql(f'{view.alias}."{self.attribute}"', self, view)


KindOf = Callable[[Any], Kind] | type[Kind]
_kinds: dict[type[models.Field], KindOf] = {}


def kind_of(field: type[models.Field], kind: KindOf) -> None:
    """Register the kind of a Django field; the most derived class decides, never the order of imports."""
    _kinds[field] = kind


def kind_for(source: Any) -> Kind | None:
    """The kind of a Django field; None when it has none."""
    found = next((_kinds[cls] for cls in type(source).__mro__ if cls in _kinds), None)
    if found is None:
        return None
    return found() if isinstance(found, type) else found(source)


def from_django(source: Any) -> FieldSpec | None:
    """The FieldSpec of a Django field; None for columns that are not part of the record's facts."""
    kind = kind_for(source)
    if kind is None:
        return None
    default = source.default if source.has_default() else MISSING
    text = isinstance(source, models.CharField | models.TextField)
    required = not source.blank and not source.null and default is MISSING
    return FieldSpec(
        name=source.name,
        attribute=source.attname,
        kind=kind,
        required=required,
        nullable=source.null or (not text and default is MISSING),
        writable=source.editable,
        indexed=bool(source.db_index or source.unique or source.primary_key),
        target=source.related_model if source.is_relation else None,
        choices=getattr(source, "states", ()) or tuple(str(value) for value, _ in (source.choices or ())),
        chain=getattr(source, "chain", False),
        currency=getattr(source, "currency", ""),
        max_length=getattr(source, "max_length", None),
        places=getattr(source, "decimal_places", None),
        digits=getattr(source, "max_digits", None),
        default=default,
    )
