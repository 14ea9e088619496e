"""Records that cells name: by number, external reference or title, all of a chunk in one statement per object."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection, models

from guantong.base.errors import Invalid
from guantong.engine.access.actor import Actor
from guantong.engine.access.grants import hidden_fields
from guantong.engine.access.show import readable
from guantong.engine.exchange.plan import Entry, Named
from guantong.engine.objects.registry import by_model
from guantong.engine.objects.spec import ObjectSpec

MOST_KEPT = 50_000


class Lookup:
    """Finds linked records; what was found once is remembered for the rest of the import."""

    def __init__(self, spec: ObjectSpec) -> None:
        self.spec = spec
        self.known: dict[tuple[Any, Named], list[UUID]] = {}
        self.promised: set[str] = set()

    def prepare(self, actor: Actor, entries: Iterable[Entry]) -> dict[Any, set[UUID]]:
        """Look up every name of these entries that is not known yet; returns the ids found. Needs an open scope."""
        wanted: dict[Any, set[Named]] = defaultdict(set)
        for entry in entries:
            for fields, values in self._places(entry):
                for name, value in values.items():
                    if isinstance(value, Named):
                        wanted[fields[name].target].add(value)
        if len(self.known) > MOST_KEPT:
            self.known.clear()
        for model, names in wanted.items():
            fresh = [name for name in names if not self.known.get((model, name))]
            for by in {name.by for name in fresh}:
                self._read(actor, model, by, [name for name in fresh if name.by == by])
        return {
            model: {id for name in names for id in self.known[model, name]} for model, names in wanted.items()
        }

    def _places(self, entry: Entry) -> list[tuple[Any, dict[str, Any]]]:
        users = next((model for model, other in by_model().items() if other.name == "user"), None)
        author = {"created_by": entry.author} if entry.author else {}
        whom = {"created_by": _Users(users)}
        return [
            (self.spec.fields, entry.body),
            (whom, author),
            *((self.spec.line_fields, row) for row in entry.lines),
        ]

    def _read(self, actor: Actor, model: Any, by: str, names: list[Named]) -> None:
        """Best first: id, number, external reference, what is unique, title, e-mail; equal text only."""
        spec = by_model()[model]
        columns = [spec.fields[name].attribute for name in ([by] if by else _ways(spec, actor))]
        texts = [name.text for name in names]
        ids = [text for text in texts if _is_id(text)]
        ranks = ", ".join(f'r."{column}"::text' for column in columns)
        where = " OR ".join(_among(column) for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT r.id, {ranks} FROM {spec.table} r WHERE {readable(spec, actor, 'r')} AND ({where})",
                [ids if column == "id" else texts for column in columns],
            )
            rows = cursor.fetchall()
        ranked: dict[str, dict[int, list[UUID]]] = defaultdict(lambda: defaultdict(list))
        for id, *values in rows:
            for rank, value in enumerate(values):
                if value:
                    ranked[value][rank].append(id)
        for name in names:
            found = ranked.get(name.text)
            self.known[model, name] = found[min(found)] if found else []

    def id_of(self, model: Any, name: Named, field: str) -> UUID:
        """The one record of that name. Raises Invalid: unknown_name, ambiguous_name."""
        found = self.known.get((model, name), [])
        if len(found) != 1:
            code = "ambiguous_name" if found else "unknown_name"
            raise Invalid(code, field=field, value=name.text[:100], object=by_model()[model].plural)
        return found[0]

    def promise(self, entry: Entry) -> None:
        """Remember what a trial run would have made, for the rows below that name it."""
        self.promised |= {str(entry.body.get(name)) for name in ("number", "external_ref", self.spec.title)}

    def filled(self, entry: Entry) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Body and lines with ids for names. Raises Invalid."""
        body = self._ids(self.spec.fields, entry.body, "")
        at = f"{self.spec.lines_name}."
        return body, [self._ids(self.spec.line_fields, row, at) for row in entry.lines]

    def _ids(self, fields: Any, values: dict[str, Any], at: str) -> dict[str, Any]:
        return {
            name: str(self.id_of(fields[name].target, value, at + name))
            if isinstance(value, Named)
            else value
            for name, value in values.items()
            if not name.startswith("=") and not self._is_promised(fields[name], value)
        }

    def _is_promised(self, field: Any, value: Any) -> bool:
        own = isinstance(value, Named) and field.target is self.spec.model
        return own and value.text in self.promised and not self.known.get((field.target, value))


class _Users:
    """The field that an author stands in."""

    def __init__(self, model: Any) -> None:
        self.target = model


def _ways(spec: ObjectSpec, actor: Actor) -> list[str]:
    """The fields by which people name a record, the surest first."""
    unique = [
        constraint.fields[1]
        for constraint in spec.model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and len(constraint.fields) == 2
    ]
    texts = [
        name for name in unique if name in spec.fields and spec.fields[name].kind.name in ("text", "email")
    ]
    emails = [field.name for field in spec.fields.values() if field.kind.name == "email"]
    hidden = hidden_fields(spec, actor)
    names = dict.fromkeys(("id", "number", "external_ref", *texts, spec.title, *emails))
    return [name for name in names if name not in hidden]


def _among(column: str) -> str:
    return "r.id = ANY(%s::uuid[])" if column == "id" else f'r."{column}"::text = ANY(%s)'


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
