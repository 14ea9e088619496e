"""Objects described for one kind of reader. No database: rights here are what the roles could ever allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guantong.base.errors import NotFound
from guantong.engine.access.actor import Actor
from guantong.engine.access.grants import hidden_fields, may_ever
from guantong.engine.fields.spec import MISSING, FieldSpec
from guantong.engine.objects.arguments import RowsKind
from guantong.engine.objects.labels import field_label, label, line_label
from guantong.engine.objects.registry import all_objects, by_model
from guantong.engine.objects.spec import ObjectSpec, VerbSpec

SOMEBODY = UUID(int=0)
RIGHTS = ("read", "create", "write", "delete")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Everybody with the same roles and language reads the same description."""

    roles: frozenset[str]
    leads: bool = False
    system: bool = False
    language: str = "zh"

    def actor(self) -> Actor:
        """Somebody like this, for asking the rules."""
        circle = (SOMEBODY,) if self.leads else ()
        return Actor(tenant=SOMEBODY, id=SOMEBODY, roles=self.roles, circle=circle, system=self.system)


def rights_of(spec: ObjectSpec, reader: Reader) -> dict[str, bool]:
    """What the reader's roles could ever allow."""
    return {action: may_ever(spec, action, reader.actor()) for action in RIGHTS}


def list_objects(reader: Reader) -> dict[str, Any]:
    """Every object that the reader may read or create."""
    found = []
    for spec in all_objects().values():
        rights = rights_of(spec, reader)
        if rights["read"] or rights["create"]:
            found.append({**_head(spec, reader.language), "rights": rights})
    return {"objects": found}


def object_meta(spec: ObjectSpec, reader: Reader) -> dict[str, Any]:
    """One object. Raises NotFound when the reader has nothing to do with it."""
    rights, language = rights_of(spec, reader), reader.language
    if not rights["read"] and not rights["create"]:
        raise NotFound("unknown_object", object=spec.plural)
    hidden = hidden_fields(spec, reader.actor())
    fields = [_field(f, spec, language) for f in spec.fields.values() if f.name not in hidden]
    lines = [_line(f, spec, language) for f in spec.line_fields.values() if f.name not in hidden]
    return {
        **_head(spec, language),
        "doc": spec.doc,
        "fields": fields,
        "lines": {"name": spec.lines_name, "fields": lines} if spec.lines_name else None,
        "verbs": [_verb(spec, verb, reader) for verb in spec.verbs.values() if not verb.internal],
        "states": [
            {"name": state, "label": choice_label(spec, "state", state, language)} for state in spec.states
        ],
        "series": {"prefix": spec.series.prefix, "on": spec.series.on} if spec.series else None,
        "rights": rights,
    }


def _head(spec: ObjectSpec, language: str) -> dict[str, Any]:
    return {
        "object": spec.name,
        "plural": spec.plural,
        "label": label(spec.name, language),
        "plural_label": label(f"{spec.name}.plural", language),
        "module": spec.module,
        "title": spec.title,
        "document": spec.is_document,
        "screen": _screen(spec, language),
    }


def _screen(spec: ObjectSpec, language: str) -> dict[str, Any]:
    """The views, with lists of names as lists and headings in words."""
    found: dict[str, Any] = {key: value for key, value in spec.screen.items() if isinstance(value, str)}
    found["list"] = str(spec.screen.get("list", f"{spec.title} created_at")).split()
    found["form"] = [
        {
            "heading": heading,
            "label": label(f"{spec.name}.form.{heading}", language, common=f"form.{heading}"),
            "fields": names.split(),
        }
        for heading, names in spec.screen.get("form", {}).items()
    ]
    return found


def _field(field: FieldSpec, spec: ObjectSpec, language: str) -> dict[str, Any]:
    found = _plain(field, field_label(spec, field.name, language))
    if field.choices:
        found["choices"] = [
            {"value": word, "label": choice_label(spec, field.name, word, language)} for word in field.choices
        ]
    return found


def _line(field: FieldSpec, spec: ObjectSpec, language: str) -> dict[str, Any]:
    found = _plain(field, line_label(spec, field.name, language))
    if field.choices:
        key = f"{spec.name}.{spec.lines_name}.{field.name}"
        found["choices"] = [
            {"value": word, "label": label(f"{key}.{word}", language, common=f"choice.{field.name}.{word}")}
            for word in field.choices
        ]
    return found


def _verb(spec: ObjectSpec, verb: VerbSpec, reader: Reader) -> dict[str, Any]:
    return {
        "name": verb.name,
        "label": label(f"{spec.name}.{verb.name}", reader.language),
        "doc": verb.doc.split("\n")[0],
        "states": list(verb.sources),
        "to": verb.to,
        "needs": list(verb.needs),
        "undo": verb.undo,
        "money": verb.money,
        "may": may_ever(spec, verb.name, reader.actor()),
        "arguments": [_argument(spec, verb, argument, reader.language) for argument in verb.arguments],
    }


def _argument(spec: ObjectSpec, verb: VerbSpec, argument: FieldSpec, language: str) -> dict[str, Any]:
    key = f"{spec.name}.{verb.name}.{argument.name}"
    found = _plain(argument, label(key, language, common=f"argument.{argument.name}"))
    if argument.choices:
        found["choices"] = [
            {"value": word, "label": choice_label(spec, argument.name, word, language)}
            for word in argument.choices
        ]
    if isinstance(argument.kind, RowsKind):
        found["fields"] = [
            _plain(row, label(f"{key}.{row.name}", language, common=f"argument.{row.name}"))
            for row in argument.kind.fields
        ]
    return found


def choice_label(spec: ObjectSpec, name: str, word: str, language: str) -> str:
    """The words for a choice or state."""
    return label(f"{spec.name}.{name}.{word}", language, common=f"choice.{name}.{word}")


def _plain(field: FieldSpec, words: str) -> dict[str, Any]:
    """What every field and argument says of itself; what does not apply is left out."""
    target = by_model().get(field.target) if field.kind.name in ("link", "owner") else None
    found = {
        "name": field.name,
        "kind": field.kind.name,
        "label": words,
        "required": field.required,
        "writable": field.writable,
        "target": target.plural if target else None,
        "max_length": field.max_length if field.kind.cast == "text" else None,
        "places": field.places,
        "currency": field.currency or None,
        "chain": field.chain or None,
        "ops": list(field.kind.ops),
        "sortable": field.kind.sortable,
    }
    if field.default is not MISSING and isinstance(field.default, str | int | bool) and field.default != "":
        found["default"] = field.default
    return {key: value for key, value in found.items() if value is not None}
