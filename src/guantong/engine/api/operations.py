"""One operation of the OpenAPI document: what goes in and out of a view. Unknown views get an open JSON body."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from guantong.engine.api.schemas import name_of, verb_body
from guantong.engine.api.shapes import ref
from guantong.engine.objects.registry import all_objects
from guantong.engine.objects.spec import ObjectSpec, VerbSpec

TAGS = {
    "meta": "What there is to work with.",
    "me": "The caller, and the caller's tokens.",
    "files": "Attachments by their own address.",
    "exchange": "Imports, exports and the jobs that do them.",
    "other": "Everything else.",
}
TAG_OF = {"meta": "meta", "openapi.json": "meta", "me": "me", "files": "files"}
EXCHANGE = ("imports", "exports", "jobs")
TABLE = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
FILES = {"download": ("application/octet-stream",), "export": TABLE, "import_errors": TABLE}
UNSAFE = ("POST", "PATCH", "PUT", "DELETE")
WORDS = {
    "list_records": "list", "create_record": "create", "fetch_record": "fetch", "change_record": "change",
    "delete_record": "delete", "batch": "batch", "preview_new": "preview_new", "preview_record": "preview",
    "totals": "aggregate", "list_events": "events", "record_as_of": "history", "fetch_chain": "chain",
    "list_comments": "comments", "add_comment": "comment", "list_files": "files", "add_file": "attach",
}  # fmt: skip
TITLES = {
    "list": "List {plural}.", "create": "Create one of {plural}.", "fetch": "Fetch one of {plural}, with its verbs.",
    "change": "Change one of {plural}.", "delete": "Delete one of {plural}.",
    "batch": "Create, change and delete many {plural}, all or nothing.",
    "preview_new": "Compute a new record without saving it.", "preview": "Compute a change without saving it.",
    "aggregate": "Group and sum {plural}.", "undo": "Take an event back.",
    "adopt": "Take over one of {plural} in the middle of its life, at go-live.",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One address and method; with the object and verb where the address is theirs."""

    route: str
    method: str
    view: Callable[..., Any]
    spec: ObjectSpec | None
    verb: VerbSpec | None
    place: str

    @property
    def word(self) -> str:
        return WORDS.get(self.view.__name__, self.view.__name__)


def describe(asked: Asked) -> dict[str, Any]:
    """The operation object."""
    found: dict[str, Any] = {
        "operationId": operation_id(asked),
        "tags": [_tag(asked)],
        "summary": _summary(asked),
        "parameters": _parameters(asked),
        "responses": {**_success(asked), "default": {"$ref": "#/components/responses/Problem"}},
    }
    if asked.verb is not None:
        found["description"] = _verb_text(asked.verb)
    elif asked.view.__doc__:
        found["description"] = re.sub(r"\s+", " ", asked.view.__doc__).strip()
    if (body := _body(asked)) is not None:
        found["requestBody"] = body
    if asked.route == "openapi.json":
        found["security"] = []
    return found


def operation_id(asked: Asked) -> str:
    """Stable and unique: the object's plural and a word; other views by their own name."""
    if asked.spec is None:
        return asked.view.__name__
    if asked.verb is not None:
        link = "do" if asked.route.startswith("records/") else "each"
        return f"{asked.spec.plural}_{link}_{asked.verb.name}"
    return f"{asked.spec.plural}_{asked.word}"


def _tag(asked: Asked) -> str:
    if asked.spec is not None:
        return asked.spec.plural
    first = asked.route.split("/")[0]
    return "exchange" if first in EXCHANGE else TAG_OF.get(first, "other")


def _summary(asked: Asked) -> str:
    if asked.verb is not None:
        each = "" if asked.route.startswith("records/") else " (many records, each on its own)"
        return (asked.verb.doc.split("\n")[0] or asked.verb.name) + each
    if asked.word in TITLES:
        return TITLES[asked.word].format(plural=asked.spec.plural if asked.spec else "")
    doc = (asked.view.__doc__ or asked.view.__name__.replace("_", " ")).strip()
    return re.sub(r"\s+", " ", doc).split(". ")[0].split(";")[0].rstrip(".") + "."


def _verb_text(verb: VerbSpec) -> str:
    parts = [re.sub(r"\s+", " ", verb.doc).strip()]
    if verb.sources:
        parts.append(f"Open in: {', '.join(verb.sources)}.")
    if verb.to:
        parts.append(f"Then: {verb.to}.")
    if verb.needs:
        parts.append(f"Needs: {', '.join(verb.needs)}.")
    return " ".join(parts)


def _parameters(asked: Asked) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in re.findall(r"\{([a-z_]+)\}", asked.place):
        schema: dict[str, Any] = (
            {"type": "string", "format": "uuid"} if name in ("id", "event", "job") else {"type": "string"}
        )
        if name == "plural":
            schema = {"type": "string", "enum": list(all_objects())}
        found.append({"name": name, "in": "path", "required": True, "schema": schema})
    named = {
        "list": ("filter", "sort", "fields", "limit", "cursor", "count", "q"),
        "aggregate": ("filter", "q", "group", "measure"),
        "fetch_report": ("entity", "until", "since", "as_of_recorded", "account", "role"),
        "events": ("limit", "cursor"),
        "comments": ("limit", "cursor"),
        "history": ("as_of",),
        "change": ("IfMatch",),
        "delete": ("IfMatch",),
        "export": ("filter", "sort", "fields", "q", "format"),
        "import_errors": ("format",),
    }.get(asked.word if asked.spec or asked.word in FILES else "", ())
    if asked.method in UNSAFE and "preview" not in asked.word:
        named = (*named, "IdempotencyKey")
    return found + [{"$ref": f"#/components/parameters/{name}"} for name in named]


def _body(asked: Asked) -> dict[str, Any] | None:
    if asked.method not in ("POST", "PATCH", "PUT"):
        return None
    if asked.word in ("attach", "begin_import", "guess_import"):
        fields: dict[str, Any] = {"file": {"type": "string", "format": "binary"}}
        if asked.word != "attach":
            fields["options"] = {
                "type": "string",
                "description": "JSON: mapping, key, mode, dry_run, on_error …",
            }
        form = {"type": "object", "required": ["file"], "properties": fields}
        return {"required": True, "content": {"multipart/form-data": {"schema": form}}}
    schema = _body_schema(asked)
    needed = "$ref" in schema or bool(schema.get("required"))
    return {"required": needed, "content": {"application/json": {"schema": schema}}}


def _body_schema(asked: Asked) -> dict[str, Any]:
    spec = asked.spec
    if spec is not None and asked.verb is not None:
        return verb_body(spec, asked.verb, many=not asked.route.startswith("records/"))
    if spec is not None:
        name = name_of(spec)
        bodies = {
            "create": ref(f"{name}New"), "preview_new": ref(f"{name}New"), "change": ref(f"{name}Change"),
            "preview": ref(f"{name}Change"), "adopt": ref(f"{name}Adopt"),
            "batch": ref(f"{name}Batch"), "comment": ref("CommentNew"),
        }  # fmt: skip
        if asked.word in bodies:
            return bodies[asked.word]
    return {"add_token": ref("TokenNew")}.get(asked.word, {"type": "object"})


def _success(asked: Asked) -> dict[str, Any]:
    if asked.word in FILES:
        return {"200": {"description": "The content.", "content": {kind: {} for kind in FILES[asked.word]}}}
    status = "201" if asked.word in ("create", "adopt", "comment", "attach", "add_token") else "200"
    found = {
        status: {"description": "Done.", "content": {"application/json": {"schema": _reply_schema(asked)}}}
    }
    if asked.verb is not None and asked.route.startswith("records/"):
        found["202"] = {
            "description": "An approval is asked.",
            "content": {"application/json": {"schema": ref("Pending")}},
        }
    return found


def _reply_schema(asked: Asked) -> dict[str, Any]:
    shared = {
        "events": "EventPage", "chain": "Chain", "comments": "CommentPage", "comment": "Comment", "files": "FilePage",
        "attach": "File", "batch": "BatchReply", "aggregate": "Totals", "list_tokens": "TokenPage",
        "add_token": "TokenOnce", "who_am_i": "Me",
        "begin_import": "Job",
        "undo_import": "Job", "fetch_job": "Job", "stop_job": "Job", "list_jobs": "JobPage",
        "all_meta": "Meta", "one_meta": "ObjectMeta",
    }  # fmt: skip
    if asked.word in shared:
        return ref(shared[asked.word])
    if asked.spec is None:
        return {"type": "object"}
    if asked.verb is not None and not asked.route.startswith("records/"):
        return ref("EachReply")
    if asked.word == "list":
        return ref(f"{name_of(asked.spec)}Page")
    return {"type": "object"} if asked.word in ("delete",) else ref(name_of(asked.spec))
