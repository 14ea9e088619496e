"""The shared scenario cases: every universal case agrees, every policy case agrees or is a stated decision.

The cases are facts taken from the tests of other systems; they stay outside this repository. Set
GUANTONG_SHARED_DATA to their folder, or put it beside the repository as `shared/data`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.base import answers_tax, answers_terms
from tests.base.scenarios import SHARED, cases, same
from tests.base.tables import table

TOPICS = ("tax-rounding", "fx", "payment-terms", "proration", "payments")
ANSWERS = {**answers_tax.ANSWERS, **answers_terms.ANSWERS}
TESTED_IN_STORIES = {"payments-05", "payments-25", "payments-27", "payments-31", "payments-33"}
"""These need records, states and the ledger: a cancelled invoice, two statements, a learnt rule."""

CASES = {case["id"]: case for topic in TOPICS for case in cases(topic)}
PURE = [case for key, case in CASES.items() if key not in TESTED_IN_STORIES]
DECISIONS = {row["case"]: row for row in table("rounding", "decisions")}

needs_cases = pytest.mark.skipif(not CASES, reason=f"no {SHARED}/scenario-cases: set GUANTONG_SHARED_DATA")


def _sum(text: str) -> Fraction:
    return sum((Fraction(part.replace(" ", "")) for part in text.split("+")), start=Fraction(0))


def agrees(ours: Any, theirs: Any) -> bool:
    """Compare an answer with the expectation of a case."""
    if isinstance(theirs, dict) and "cycles" in theirs:
        return bool(ours == {"cycles": _sum(theirs["cycles"])})
    return same(ours, theirs)


def _as_written(ours: dict[str, Any]) -> str:
    texts = {
        key: " ".join(map(str, value)) if isinstance(value, list) else str(value)
        for key, value in ours.items()
    }
    return "; ".join(f"{key} {text}" for key, text in texts.items())


@needs_cases
@pytest.mark.parametrize("case", PURE, ids=[f"{case['id']} {case['convention']}" for case in PURE])
def test_case(case: dict[str, Any]) -> None:
    ours = ANSWERS[case["id"]](case["input"])
    if case["id"] in DECISIONS:
        assert case["convention"] == "policy", "a universal case is no matter of decision"
        assert not agrees(ours, case["expected"]), "we agree: take the case off the list of decisions"
        assert _as_written(ours) == DECISIONS[case["id"]]["ours"]
    else:
        assert agrees(ours, case["expected"]), f"ours: {ours}, theirs: {case['expected']}"


@needs_cases
def test_every_case_has_its_place() -> None:
    assert CASES.keys() == ANSWERS.keys() | TESTED_IN_STORIES
    assert not ANSWERS.keys() & TESTED_IN_STORIES
    assert DECISIONS.keys() <= ANSWERS.keys()
    assert all(row["why"] and row["theirs"] for row in DECISIONS.values())


def test_the_comparison_can_fail() -> None:
    assert same({"a": ["1.0"]}, {"a": [1]})
    for ours, theirs in (
        ({"a": 1}, {"a": 2}),
        ({}, {"a": 1}),
        ([1], [1, 2]),
        (None, "1"),
        (1, True),
        ("paid", "open"),
    ):
        assert not same(ours, theirs)
