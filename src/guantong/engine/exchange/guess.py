"""Which column is which field: by its heading first, by what stands in it as a hint."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from guantong.engine.exchange.table import Column
from guantong.engine.exchange.targets import Target, words_for
from guantong.engine.objects.registry import by_model
from guantong.engine.objects.spec import ObjectSpec

SURE, SYNONYM, NEAR, HINT = 1.0, 0.9, 0.8, 0.45
ALIKE = 0.78
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"(?:\+?86[- ]?)?1[3-9][0-9]{9}|\+?[0-9][0-9 ()-]{6,18}")
CODE = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{18}")
HINTS = ((EMAIL, ("email",)), (CODE, ("credit_code", "tax_id")), (PHONE, ("phone", "mobile")))


@dataclass(frozen=True)
class Guess:
    """A column's likely target, how sure, and why: name, synonym, alike or content."""

    target: str
    confidence: float
    why: str


@cache
def synonyms() -> dict[str, frozenset[str]]:
    """API name → what people call it, folded."""
    words = tomllib.loads((Path(__file__).parent / "synonyms.toml").read_text(encoding="utf-8"))
    return {name: frozenset(map(fold, others)) for name, others in words.items()}


def fold(text: str) -> str:
    """A heading without case, width, blanks, signs, and remarks in brackets like （必填）."""
    text = unicodedata.normalize("NFKC", text).casefold()
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】", "", text) or text
    return re.sub(r"[\s_\-*:：.#/、·]+", "", bare)


def knows(spec: ObjectSpec, targets: dict[str, Target]) -> Callable[[str], bool]:
    """Says whether a text is a heading that the object knows."""
    words = {word for target in targets.values() for word in _words(spec, target)}
    words |= {word for target in targets.values() for word in _synonyms_of(spec, target)}
    return lambda text: fold(text) in words


def guess_columns(spec: ObjectSpec, targets: dict[str, Target], columns: list[Column]) -> dict[int, Guess]:
    """Column index → guess; each target is taken once, by the surest column."""
    offers = []
    for column in columns:
        for place, (path, target) in enumerate(targets.items()):
            confidence, why = _fit(spec, target, column)
            if confidence:
                offers.append((-confidence, target.line, target.key_only, column.index, place, path, why))
    taken: dict[int, Guess] = {}
    for confidence, _, _, index, _, path, why in sorted(offers):
        if index not in taken and all(guess.target != path for guess in taken.values()):
            taken[index] = Guess(path, round(-confidence, 2), why)
    return taken


def _fit(spec: ObjectSpec, target: Target, column: Column) -> tuple[float, str]:
    heading = fold(column.header)
    own = _words(spec, target)
    if heading and heading in own:
        return SURE, "name"
    others = _synonyms_of(spec, target)
    if heading and heading in others:
        return SYNONYM, "synonym"
    likeness = max((_alike(heading, word) for word in own | others), default=0.0) if len(heading) > 2 else 0.0
    if likeness >= ALIKE:
        return round(likeness * NEAR, 2), "alike"
    return (HINT, "content") if _content_fits(target, column) else (0.0, "")


def _alike(heading: str, word: str) -> float:
    matcher = SequenceMatcher(None, heading, word)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def _content_fits(target: Target, column: Column) -> bool:
    name = _name(target.path)
    for pattern, names in HINTS:
        if column.samples and all(
            pattern.fullmatch(unicodedata.normalize("NFKC", s).strip()) for s in column.samples
        ):
            return name in names or (names == ("email",) and target.field.kind.name == "email")
    return False


def _words(spec: ObjectSpec, target: Target) -> frozenset[str]:
    return frozenset(fold(word) for word in words_for(spec, target) if word)


def _synonyms_of(spec: ObjectSpec, target: Target) -> frozenset[str]:
    name = _name(target.path)
    keys = [name, f"{spec.plural}.{name}"]
    if linked := by_model().get(target.field.target):
        keys.append(f"{linked.plural}.{linked.title}")
    return frozenset().union(*(synonyms().get(key, frozenset()) for key in keys))


def _name(path: str) -> str:
    return path.rpartition(".")[2]
