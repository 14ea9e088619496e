"""The shared components of the OpenAPI document: what is not derived from an object."""

from __future__ import annotations

from typing import Any

NULL = {"type": "null"}
TEXT = {"type": "string"}
ID = {"type": "string", "format": "uuid"}
MOMENT = {"type": "string", "format": "date-time"}
LICENSE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}


def ref(name: str) -> dict[str, Any]:
    """A reference to a schema of this document."""
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required: str = "", /, **fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, **({"required": required.split()} if required else {})}


def _maybe(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, NULL]}


def _items(name: str, *, paged: bool = True) -> dict[str, Any]:
    following = {"next": {"type": ["string", "null"]}} if paged else {}
    return _object("items", items={"type": "array", "items": ref(name)}, **following)


def _query(name: str, text: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "schema": schema or TEXT}


def _list(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


PLACE = _object("object id", object=TEXT, id=ID)
AMOUNT = {"type": "string", "pattern": r"^-?[0-9]{1,20}(\.[0-9]{1,10})?$"}
FACT = _object(
    "field", field=TEXT, label=TEXT, old={}, new={}, old_label=_maybe(TEXT), new_label=_maybe(TEXT)
)

SCHEMAS: dict[str, Any] = {
    "Link": _object("id", id=ID, label={"type": ["string", "null"]}),
    "LinkInput": {"anyOf": [ID, ref("Link")]},
    "OpenVerbs": {
        "type": "object",
        "description": "Verbs that the caller's roles have: open, or why not.",
        "additionalProperties": _object("open", open={"type": "boolean"}, why=TEXT, states=_list(TEXT),
        fields=_list(TEXT)),
    },
    "Pending": _object("pending", pending=TEXT),
    "Problem": _object(
        "type title status code", type=TEXT, title=TEXT, status={"type": "integer"}, code=TEXT, field=TEXT,
        detail=TEXT,
        current={"type": "integer"}, errors=_list(_object("code", code=TEXT, field=TEXT, title=TEXT)),
    ),
    "BatchReply": _object("items", items=_list(_object("id", id=ID, number=TEXT, version={"type": "integer"}))),
    "EachReply": _object("items", items=_list(_object(
        "id status", id=ID, status={"type": "integer"}, version={"type": ["integer", "null"]}, code=TEXT,
        field=_maybe(TEXT),
    ))),
    "Totals": _object("items", items=_list({"type": "object"})),
    "Change": _object("field label", field=TEXT, label=TEXT, old={}, new={}, old_label=_maybe(TEXT),
        new_label=_maybe(TEXT),
        lines=_list(_object("change", change={"type": "string", "enum": ["added", "changed", "removed"]},
            position={"type": ["integer", "null"]}, fields=_list(FACT)))),
    "Event": _object(
        "id verb label", id=ID, event_no={"type": "integer"}, verb=TEXT, label=TEXT,
        actor=_object(id=_maybe(ID), label=_maybe(TEXT), kind=TEXT), **{"from": _maybe(TEXT)}, to=_maybe(TEXT),
        from_label=_maybe(TEXT), to_label=_maybe(TEXT), changes=_list(ref("Change")), happened_at=MOMENT,
        recorded_at=MOMENT,
        cause=_maybe(_object(id=ID, object=TEXT, record=ref("Link"), verb=TEXT, label=TEXT,
        locked={"type": "boolean"})),
        comment=TEXT, reason=TEXT, file=_object(file=ID, name=TEXT, size={"type": "integer"}),
    ),
    "EventPage": _items("Event"),
    "CommentNew": {**_object("text", text={"type": "string", "minLength": 1, "maxLength": 10000},
        mentions={"type": "array", "items": ID, "maxItems": 20}), "additionalProperties": False},
    "Comment": _object("id text", id=ID, text=TEXT, author=_maybe(ref("Link")), mentions=_list(ref("Link")),
        created_at=MOMENT, event=ID),
    "CommentPage": _items("Comment"),
    "File": _object("id name kind size sha256", id=ID, name=TEXT, kind=TEXT, size={"type": "integer"},
        sha256=TEXT,
        added_at=MOMENT, added_by=_maybe(ref("Link"))),
    "FilePage": _items("File", paged=False),
    "ChainNode": _object("object id", object=TEXT, plural=TEXT, id=ID, locked={"type": "boolean"},
        number=TEXT, label=TEXT,
        state=TEXT, amount=AMOUNT, currency=TEXT, happened_at=MOMENT),
    "ChainEdge": _object("from to role", **{"from": PLACE}, to=PLACE, role=TEXT, quantity=AMOUNT,
        amount=AMOUNT),
    "Chain": _object("nodes edges rev as_of", nodes={"type": "array", "maxItems": 200,
        "items": ref("ChainNode")},
        edges=_list(ref("ChainEdge")), more={"type": "boolean"}, rev={"type": "integer"}, as_of=MOMENT),
    "Job": _object("id kind state", id=ID, kind=TEXT, title=TEXT, state=TEXT, done={"type": "integer"},
        total={"type": ["integer", "null"]}, result={"type": "object"}, error=_maybe({"type": "object"}),
        owner=_maybe(ID), created_at=_maybe(MOMENT), started_at=_maybe(MOMENT), ended_at=_maybe(MOMENT)),
    "JobPage": _items("Job", paged=False),
    "Token": _object("id name", id=ID, name=TEXT, created_at=MOMENT, expires_at=MOMENT),
    "TokenPage": _items("Token", paged=False),
    "TokenNew": {**_object(name={"type": "string", "maxLength": 100},
        days={"type": "integer", "minimum": 1, "maximum": 365}), "additionalProperties": False},
    "TokenOnce": {"allOf": [ref("Token"), _object("token", token=TEXT)]},
    "Me": _object("user roles tenant", user=_object("id name", id=ID, name=TEXT, email=TEXT), roles=_list(TEXT),
        role_labels={"type": "object"}, team=_maybe(ref("Link")), entities=_list({"type": "object"}),
        entity_ids=_list(ID),
        language=TEXT, today=_maybe({"type": "string", "format": "date"}), tenant=_object(id=ID, name=TEXT,
        timezone=TEXT),
        organizations=_list(_object(id=ID, name=TEXT))),
    "Rights": _object(read={"type": "boolean"}, create={"type": "boolean"}, write={"type": "boolean"},
        delete={"type": "boolean"}),
    "ObjectHead": _object("object plural label rights", object=TEXT, plural=TEXT, label=TEXT,
        plural_label=TEXT, module=TEXT,
        title=TEXT, document={"type": "boolean"}, screen={"type": "object"}, rights=ref("Rights")),
    "Meta": _object("objects", objects=_list(ref("ObjectHead"))),
    "FieldMeta": _object("name kind label", name=TEXT, kind=TEXT, label=TEXT, required={"type": "boolean"},
        writable={"type": "boolean"}, target=TEXT, choices=_list(_object("value label", value=TEXT,
        label=TEXT)),
        max_length={"type": "integer"}, places={"type": "integer"}, currency=TEXT, chain={"type": "boolean"},
        ops=_list(TEXT), sortable={"type": "boolean"}, default={}, fields=_list(ref("FieldMeta"))),
    "VerbMeta": _object("name label may", name=TEXT, label=TEXT, doc=TEXT, states=_list(TEXT), to=_maybe(TEXT),
        needs=_list(TEXT), undo=_maybe(TEXT), money={"type": "boolean"}, may={"type": "boolean"},
        arguments=_list(ref("FieldMeta"))),
    "ObjectMeta": {"allOf": [ref("ObjectHead"), _object("fields verbs states", doc=TEXT,
        fields=_list(ref("FieldMeta")),
        lines=_maybe(_object(name=TEXT, fields=_list(ref("FieldMeta")))), verbs=_list(ref("VerbMeta")),
        states=_list(_object("name label", name=TEXT, label=TEXT)),
        series=_maybe(_object(prefix=TEXT, on=TEXT)))]},
}  # fmt: skip

PARAMETERS: dict[str, Any] = {
    "filter": _query("filter",
        'JSON: {"and": [{"field": "amount", "op": "gte", "value": "1000.00"}]}; paths: customer.name'),
    "sort": _query("sort", "Up to three fields, - for descending: -created_at,name"),
    "fields": _query("fields", "Only these fields, by comma"),
    "limit": _query("limit", "At most 200", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
    "cursor": _query("cursor", "`next` of the page before"),
    "count": _query("count", "Count all", {"type": "string", "enum": ["none", "estimate", "exact"],
        "default": "none"}),
    "q": _query("q", "Search words, Chinese or pinyin initials too"),
    "group": _query("group", "stage,month(close_on)"),
    "measure": _query("measure", "sum(amount),count"),
    "as_of": {**_query("as_of", "A moment with zone, or a day (its end)"), "required": True},
    "format": _query("format", "As which table", {"type": "string", "enum": ["csv", "xlsx"], "default": "csv"}),
    "IdempotencyKey": {
        "name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 200},
        "description": "The same key gives the same reply, once the work is committed; with another body 422.",
    },
    "IfMatch": {"name": "If-Match", "in": "header", "schema": TEXT,
        "description": "The version that was read; stale: 409."},
}  # fmt: skip

RESPONSES: dict[str, Any] = {
    "Problem": {
        "description": "Refused: 400 malformed, 401 sign in, 403 not allowed, 404 unknown or not readable, 405, "
        "409 state or version, 422 invalid.",
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }
}

SECURITY: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API token: gt_<tenant>_<secret>."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "guantong_session",
        "description": "Signed in at /_allauth/.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRFToken",
        "description": "Beside a session, on unsafe calls.",
    },
}
