"""Every refusal says something in both languages, with parameters that are really given."""

from __future__ import annotations

import string
import tomllib
from collections import defaultdict

import pytest

from guantong.base.identity import KINDS
from guantong.engine.objects.labels import LANGUAGES, catalogue, message
from tests.engine.labels.raised import SOURCE, Raised, raised

RESERVED = {"append_only"}  # said by rows.py once such a record can be reached by a verb
UNCLEAR = {  # codes that are not constants: `<kind>_invalid`, `wrong` itself, a code passed on, one of two
    "base/identity.py",
    "engine/fields/kind.py",
    "engine/exchange/lookup.py",
    "engine/exchange/plan.py",
    "modules/ordering/order_line.py",
}
BY_KIND = (*(f"{kind}_invalid" for kind in KINDS), "invalid")
FOUND, PLACES = raised()
WORDS = catalogue()


def belongs(raised_at: Raised) -> bool:
    """Modules bring their words with their labels.toml; base's stand with the engine's."""
    floor, package = raised_at.where.split("/")[:2]
    return floor in ("base", "engine") or (SOURCE / floor / package / "labels.toml").exists()


CODES: dict[str, list[Raised]] = defaultdict(list)
for place in FOUND:
    if belongs(place):
        CODES[place.code].append(place)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_that_the_reader_finds_codes_at_all():
    assert {"wrong_state", "unknown_field", "read_only", "too_long", "not_found"} <= CODES.keys()
    assert len(CODES) > 150


@pytest.mark.parametrize("code", sorted([*CODES, *BY_KIND]))
def test_a_code_has_words_in_both_languages(code: str):
    assert f"error.{code}" in WORDS, [place.where for place in CODES[code]]
    chinese, english = WORDS[f"error.{code}"]
    assert chinese and english and chinese != english
    assert placeholders(chinese) == placeholders(english)
    for place in CODES[code]:
        missing = placeholders(chinese) - place.params - {"field"}
        assert not missing or place.open, f"{place.where} does not give {sorted(missing)}"


def test_codes_that_no_reader_can_see_stand_only_where_we_know():
    assert {place.split(":")[0] for place in PLACES} <= UNCLEAR


def test_the_engine_keeps_no_words_for_codes_that_nothing_raises():
    known = {place.code for place in FOUND} | set(BY_KIND) | RESERVED
    kept = tomllib.loads((SOURCE / "engine" / "labels.toml").read_text(encoding="utf-8"))
    assert {key.removeprefix("error.") for key in kept if key.startswith("error.")} - known == set()


def test_a_message_is_filled_in():
    assert message("bad_limit", "zh", {"limit": 200, "field": "limit"}) == "limit 必须在 1 到 200 之间。"
    assert message("bad_limit", "en", {"limit": 200, "field": "limit"}) == "limit must be between 1 and 200."
    assert {message("wrong_state", language, {}) for language in LANGUAGES} == set(WORDS["error.wrong_state"])
