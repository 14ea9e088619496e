"""What a field kind answers; one subclass per file. Small on purpose: a kind has about ten methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from guantong.base.errors import Invalid

if TYPE_CHECKING:
    from guantong.engine.fields.spec import FieldSpec

ORDERED = ("eq", "ne", "lt", "lte", "gt", "gte", "in", "between", "empty")
PLAIN = ("eq", "ne", "in", "empty")


class View(Protocol):
    """Where a field is being read: the alias of its row, of its document, and how links and lines are shown."""

    alias: str
    header: str

    def link(self, column: str, spec: FieldSpec) -> str: ...
    def lines(self, spec: FieldSpec) -> str: ...


class Kind:
    """How values of one kind are read, kept, shown, filtered and described."""

    name = ""
    ops: tuple[str, ...] = ORDERED
    sortable = True
    cast = "text"  # the PostgreSQL type of a filter value and of a staged column

    def parse(self, value: Any, spec: FieldSpec) -> Any:
        """A value from JSON as the Python value to keep; raises Invalid with the field's name."""
        raise NotImplementedError

    def parse_text(self, text: str, spec: FieldSpec) -> Any:
        """A value from a spreadsheet cell or a URL; most kinds read it as they read JSON text."""
        return self.parse(text, spec)

    def validate(self, value: Any, record: Any, spec: FieldSpec) -> None:
        """Check a value that depends on its neighbours (an amount on its currency)."""

    def sql(self, column: str, spec: FieldSpec, view: View) -> str:
        """The SQL expression that leaves PostgreSQL as JSON."""
        return column

    def to_json(self, value: Any) -> Any:
        """A kept value as JSON for events, history and exports."""
        return value

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        """The JSON Schema of a value."""
        return {"type": "string"}

    def sample(self, spec: FieldSpec, seed: int) -> Any:
        """A valid JSON value for generated tests and documentation."""
        raise NotImplementedError


def wrong(code: str, spec: FieldSpec, **params: Any) -> Invalid:
    """An Invalid that names the field."""
    return Invalid(code, field=spec.name, **params)
