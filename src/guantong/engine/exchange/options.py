"""What the user chose for an import, read strictly."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from guantong.base.errors import Invalid
from guantong.engine.exchange.source import Reading

MODES = ("upsert", "create", "update")
ON_ERROR = ("skip_row", "stop")
EMPTY = ("keep", "clear")


@dataclass(frozen=True, kw_only=True)
class Options:
    """`mapping`: column (index or heading) → target, or None where the guess shall serve."""

    mapping: dict[str, str | None] | None = None
    key: tuple[str, ...] = ()
    mode: str = "upsert"
    dry_run: bool = False
    on_error: str = "skip_row"
    empty: str = "keep"
    header_row: int | None = None
    reading: Reading = field(default_factory=Reading)


def read_options(body: Any) -> Options:
    """Options from JSON. Raises Invalid."""
    if not isinstance(body, dict):
        raise Invalid("not_an_object", field="options")
    known = {
        "mapping",
        "key",
        "mode",
        "dry_run",
        "on_error",
        "empty",
        "header_row",
        "encoding",
        "sheet",
        "delimiter",
    }
    if unknown := sorted(set(body) - known):
        raise Invalid("unknown_field", field=str(unknown[0])[:60], object="imports")
    key = body.get("key") or []
    header_row = body.get("header_row")
    if header_row is not None and (
        isinstance(header_row, bool) or not isinstance(header_row, int) or not 0 <= header_row <= 1000
    ):
        raise Invalid("not_integer", field="header_row")
    if not isinstance(body.get("dry_run", False), bool):
        raise Invalid("not_boolean", field="dry_run")
    return Options(
        mapping=_mapping(body.get("mapping")),
        key=tuple(_word(part, "key") for part in ([key] if isinstance(key, str) else _list(key))),
        mode=_one_of(body, "mode", MODES),
        dry_run=body.get("dry_run", False),
        on_error=_one_of(body, "on_error", ON_ERROR),
        empty=_one_of(body, "empty", EMPTY),
        header_row=header_row,
        reading=Reading(
            **{name: _word(body.get(name) or "", name) for name in ("encoding", "sheet", "delimiter")}
        ),
    )


def _mapping(value: Any) -> dict[str, str | None] | None:
    if value is None:
        return None
    if not isinstance(value, dict) or len(value) > 400:
        raise Invalid("not_an_object", field="mapping")
    return {
        str(column): _word(path, "mapping") or None if path is not None else None
        for column, path in value.items()
    }


def _one_of(body: dict[str, Any], name: str, words: tuple[str, ...]) -> str:
    found = body.get(name, words[0])
    if found not in words:
        raise Invalid("not_a_choice", field=name, choices=", ".join(words))
    return found


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > 3:
        raise Invalid("not_words", field="key")
    return value


def _word(value: Any, name: str) -> str:
    if not isinstance(value, str) or len(value) > 200:
        raise Invalid("not_text", field=name)
    return value
