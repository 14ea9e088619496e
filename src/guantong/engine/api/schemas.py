"""JSON Schemas of records: as they are read, made, changed and moved by verbs; derived from the registry."""

from __future__ import annotations

from typing import Any

from guantong.engine.api.shapes import NULL, ref
from guantong.engine.door.adopt import WHY, opened
from guantong.engine.fields.spec import FieldSpec
from guantong.engine.objects.arguments import RowsKind
from guantong.engine.objects.labels import field_label, label, line_label
from guantong.engine.objects.registry import all_objects, by_model
from guantong.engine.objects.spec import ObjectSpec, VerbSpec

LINKS = ("link", "owner")
CUSTOM = {"patternProperties": {"^x_[a-z0-9_]+$": {}}}


def name_of(spec: ObjectSpec) -> str:
    """The component name of an object: order_line → OrderLine."""
    return "".join(word.capitalize() for word in spec.name.split("_"))


def all_schemas() -> dict[str, Any]:
    """The components of every object."""
    found: dict[str, Any] = {}
    for spec in all_objects().values():
        found |= _of_object(spec)
    return found


def _of_object(spec: ObjectSpec) -> dict[str, Any]:
    name = name_of(spec)
    new, change = _body(spec, whole=True), _body(spec, whole=False)
    batch = {
        "create": {"type": "array", "items": ref(f"{name}New")},
        "change": {"type": "array", "items": {"allOf": [ref(f"{name}Row"), ref(f"{name}Change")]}},
        "delete": {"type": "array", "items": {"type": "string", "format": "uuid"}},
    }
    row = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "format": "uuid"}}}
    found = {
        name: _record(spec),
        f"{name}New": new,
        f"{name}Change": change,
        f"{name}Row": row,
        f"{name}Page": _page(name),
        f"{name}Batch": {"type": "object", "properties": batch, "additionalProperties": False},
    }
    if spec.model.adopt_states:
        found[f"{name}Adopt"] = _adopt(spec)
    if spec.lines_name:
        found[f"{name}Line"] = _object({f.name: _line(spec, f, read=True) for f in spec.line_fields.values()})
        found[f"{name}LineInput"] = _line_input(spec)
    return found


def _record(spec: ObjectSpec) -> dict[str, Any]:
    """As it leaves; fields that the caller may not read are absent, so that only identity is required."""
    fields = {f.name: _field(spec, f, read=True) for f in spec.fields.values()}
    fields["verbs"] = ref("OpenVerbs")
    return {
        "type": "object",
        "description": spec.doc.split("\n")[0],
        "required": ["id"],
        "properties": fields,
        **CUSTOM,
    }


def _body(spec: ObjectSpec, *, whole: bool) -> dict[str, Any]:
    writable = [f for f in spec.fields.values() if f.writable]
    fields = {f.name: _field(spec, f, read=False) for f in writable}
    fields["happened_at"] = {
        "type": "string",
        "format": "date-time",
        "description": "When it happened, if earlier than now.",
    }
    if not whole:
        fields["version"] = {"type": "integer", "description": "The version that was read (or If-Match)."}
    required = [f.name for f in writable if f.required] if whole else []
    found: dict[str, Any] = {"type": "object", "properties": fields, **CUSTOM}
    return {**found, **({"required": required} if required else {})}


def _adopt(spec: ObjectSpec) -> dict[str, Any]:
    """A document taken over: done-to-date figures, state and number are writable too."""
    fields = {f.name: _field(spec, f, read=False) for f in opened(spec.fields).values() if f.writable}
    fields["state"] = {"type": "string", "enum": list(spec.model.adopt_states)}
    fields |= {argument.name: _value(argument, read=False) for argument in WHY}
    return {**_object(fields), "required": ["state", *(argument.name for argument in WHY)]}


def _field(spec: ObjectSpec, field: FieldSpec, *, read: bool) -> dict[str, Any]:
    if field.name == spec.lines_name:
        return {
            "type": "array",
            "maxItems": 1000,
            "items": ref(f"{name_of(spec)}{'Line' if read else 'LineInput'}"),
        }
    words = {"title": field_label(spec, field.name, "en"), "description": field_label(spec, field.name, "zh")}
    return {**_value(field, read=read), **words}


def _line(spec: ObjectSpec, field: FieldSpec, *, read: bool) -> dict[str, Any]:
    words = {"title": line_label(spec, field.name, "en"), "description": line_label(spec, field.name, "zh")}
    return {**_value(field, read=read), **words}


def _line_input(spec: ObjectSpec) -> dict[str, Any]:
    fields = {
        f.name: _line(spec, f, read=False) for f in spec.line_fields.values() if f.writable and f.name != "id"
    }
    fields["id"] = {"type": "string", "format": "uuid", "description": "The line to keep; a new one without."}
    return _object(fields)


def _value(field: FieldSpec, *, read: bool) -> dict[str, Any]:
    """One value. Links leave as {"id", "label"} and come in as an id, or as they left."""
    if field.kind.name in LINKS and field.target in by_model():
        schema = ref("Link") if read else ref("LinkInput")
    else:
        schema = field.kind.schema(field)
    if field.nullable or (not read and not field.required):
        return {"anyOf": [schema, NULL]}
    return schema


def verb_body(spec: ObjectSpec, verb: VerbSpec, *, many: bool) -> dict[str, Any]:
    """The typed body of a verb."""
    fields: dict[str, Any] = {}
    for argument in verb.arguments:
        key = f"{spec.name}.{verb.name}.{argument.name}"
        common = f"argument.{argument.name}"
        words = {"title": label(key, "en", common=common), "description": label(key, "zh", common=common)}
        value = (
            argument.kind.schema(argument)
            if isinstance(argument.kind, RowsKind)
            else _value(argument, read=False)
        )
        fields[argument.name] = {**value, **words}
    required = [argument.name for argument in verb.arguments if argument.required]
    if many:
        fields["ids"] = {
            "type": "array",
            "minItems": 1,
            "maxItems": 500,
            "items": {"type": "string", "format": "uuid"},
        }
        required = ["ids", *required]
    else:
        fields["version"] = {"type": "integer", "description": "Refuse when the record has another version."}
    fields["happened_at"] = {
        "type": "string",
        "format": "date-time",
        "description": "When it happened, if earlier than now.",
    }
    return {**_object(fields), **({"required": required} if required else {})}


def _page(name: str) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": {"type": "array", "items": ref(name)},
            "next": {"type": ["string", "null"]},
            "count": {"type": "integer"},
        },
    }


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "additionalProperties": False}
