"""ObjectSpec and VerbSpec: what the runner, the door, the API and the tests read, from a class or from rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from guantong.base.errors import Invalid
from guantong.engine.fields.spec import FieldSpec

BUILT_IN = ("created", "changed", "deleted", "adopted")


@dataclass(frozen=True, kw_only=True)
class VerbSpec:
    """One named state change (or fact change) of an object, and what it asks for."""

    name: str
    body: Callable[..., Any]
    sources: tuple[str, ...]
    to: str | None = None
    needs: tuple[str, ...] = ()
    undo: str | None = None
    money: bool = False
    internal: bool = False
    doc: str = ""
    arguments: tuple[FieldSpec, ...] = ()
    within: list[Any] = field(default_factory=list, compare=False)
    after: list[Any] = field(default_factory=list, compare=False)


class VerbHolder:
    """Anything on a class that carries a VerbSpec; `states.Verb` is the one that people write."""

    spec: VerbSpec


@dataclass(frozen=True, kw_only=True, eq=False)
class ObjectSpec:
    """One object. `name` is the word of its events ("order"), `plural` of its address ("orders")."""

    name: str
    plural: str
    model: Any
    fields: Mapping[str, FieldSpec]
    line_model: Any = None
    lines_name: str = ""
    line_fields: Mapping[str, FieldSpec] = field(default_factory=dict)
    verbs: Mapping[str, VerbSpec] = field(default_factory=dict)
    states: tuple[str, ...] = ()
    title: str = "number"
    screen: Mapping[str, Any] = field(default_factory=dict)
    series: Any = None
    doc: str = ""
    module: str = ""

    @cached_property
    def table(self) -> str:
        return f'"{self.model._meta.db_table}"'

    @cached_property
    def line_table(self) -> str:
        return f'"{self.line_model._meta.db_table}"'

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(f.attname for f in self.model._meta.local_concrete_fields)

    @cached_property
    def is_document(self) -> bool:
        """Whether every record belongs to a legal entity; a bank account may be a customer's instead."""
        return "entity" in self.fields and not self.model._meta.get_field("entity").null

    @cached_property
    def owner_column(self) -> str:
        """The column that holds the responsible user, or ""."""
        return next((f.attribute for f in self.fields.values() if f.kind.name == "owner"), "")

    def field(self, name: str) -> FieldSpec:
        """The field called `name`; raises Invalid for an unknown one."""
        try:
            return self.fields[name]
        except KeyError:
            raise Invalid("unknown_field", field=name, object=self.plural) from None
