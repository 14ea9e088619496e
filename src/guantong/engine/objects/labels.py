"""Words on screens, in both languages, by key: `opportunity.win`, `opportunity.state.won`, `error.wrong_state`.

Each package keeps its own `labels.toml`, one key a line, Chinese beside English: `"order" = ["订单", "Order"]`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from guantong.engine.objects.spec import ObjectSpec

LANGUAGES = ("zh", "en")
ROOT = Path(__file__).resolve().parents[2]


@cache
def catalogue() -> Mapping[str, tuple[str, str]]:
    """key → (中文, English), from every labels.toml of the build; a key may stand only once."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(ROOT.rglob("labels.toml")):
        for key, words in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if key in found:
                raise RuntimeError(f"the label {key} stands twice, again in {path}")
            found[key] = (words[0], words[1])
    return found


def label(key: str, language: str = "zh", *, common: str = "") -> str:
    """The words for a key; where an object has none of its own, those of `common`; else the last part of the key."""
    words = catalogue().get(key) or catalogue().get(common)
    if words is None:
        return key.rsplit(".", 1)[-1].replace("_", " ")
    return words[LANGUAGES.index(language) if language in LANGUAGES else 0]


def field_label(spec: ObjectSpec, name: str, language: str) -> str:
    """The label of a field of an object."""
    return label(f"{spec.name}.{name}", language, common=f"record.{name}")


def line_label(spec: ObjectSpec, name: str, language: str) -> str:
    """The label of a field of an object's lines."""
    return label(f"{spec.name}.{spec.lines_name}.{name}", language, common=f"line.{name}")


def message(code: str, language: str, params: Mapping[str, Any]) -> str:
    """A refusal as a sentence."""
    words = label(f"error.{code}", language)
    shown = {
        key: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
        for key, value in params.items()
    }
    try:
        return words.format(**shown)
    except (KeyError, IndexError, ValueError):
        return words


def keys_of(spec: ObjectSpec) -> list[tuple[str, str]]:
    """Every key that an object needs, with the common key that may stand in."""
    keys = [(spec.name, ""), (f"{spec.name}.plural", "")]
    keys += [(f"{spec.name}.{name}", f"record.{name}") for name in spec.fields]
    keys += [(f"{spec.name}.{spec.lines_name}.{name}", f"line.{name}") for name in spec.line_fields]
    keys += [(f"{spec.name}.{verb.name}", "") for verb in spec.verbs.values()]
    for field in spec.fields.values():
        keys += [
            (f"{spec.name}.{field.name}.{choice}", f"choice.{field.name}.{choice}")
            for choice in field.choices
        ]
    for verb in spec.verbs.values():
        keys += [(f"{spec.name}.{verb.name}.{arg.name}", f"argument.{arg.name}") for arg in verb.arguments]
    keys += [(f"{spec.name}.form.{heading}", f"form.{heading}") for heading in spec.screen.get("form", {})]
    return keys
