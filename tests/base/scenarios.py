"""The shared scenario cases: where they lie and how their answers are compared."""

from __future__ import annotations

import json
import os
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("GUANTONG_SHARED_DATA") or ROOT.parent / "shared" / "data")


def cases(topic: str) -> list[dict[str, Any]]:
    """Read the cases of a topic; none when the folder is absent."""
    path = SHARED / "scenario-cases" / f"{topic}.json"
    return json.loads(path.read_text("utf-8"), parse_float=Decimal)["cases"] if path.exists() else []


def same(ours: Any, theirs: Any) -> bool:
    """Compare by value: numbers as numbers, containers part by part."""
    if isinstance(theirs, dict):
        return (
            isinstance(ours, dict)
            and ours.keys() == theirs.keys()
            and all(same(ours[k], theirs[k]) for k in theirs)
        )
    if isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(theirs, bool) or ours is None:
        return ours is theirs
    try:
        return Decimal(str(ours)) == Decimal(str(theirs))
    except InvalidOperation:
        return str(ours) == str(theirs)
