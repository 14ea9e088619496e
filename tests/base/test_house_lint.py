"""House rules of floor 0, read from the syntax tree: no float, no clock but one, no Django, small rooms."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import guantong.base

FILES = sorted(Path(guantong.base.__file__).parent.rglob("*.py"))
_FLOATING = {"float", "complex"}
_CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "fromtimestamp", "timestamp"}
_CLOCK_OWNERS = {"datetime", "date", "time"}


def faults(tree: ast.AST, *, may_read_clock: bool = False) -> Iterator[str]:
    """Name every forbidden thing in a module."""
    for node in ast.walk(tree):
        where = getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield f"{where}: float literal"
        if isinstance(node, ast.Name) and node.id in _FLOATING:
            yield f"{where}: {node.id}"
        if isinstance(node, ast.Attribute) and node.attr in _CLOCKS and not may_read_clock:
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if name in _CLOCK_OWNERS or node.attr in ("timestamp", "fromtimestamp"):
                yield f"{where}: reads the clock or makes a float"
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [item.name for item in node.names]
            )
            for name in names:
                if name.split(".")[0] in {"django", "ninja", "math", "random", "statistics"}:
                    yield f"{where}: imports {name}"
                if name.startswith("guantong.") and not name.startswith("guantong.base"):
                    yield f"{where}: imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_float_no_clock_no_upward_import(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert list(faults(tree, may_read_clock=path.name == "clock.py")) == []


@pytest.mark.parametrize(
    "source",
    ["x = 0.1", "x = float('1')", "x: float = y", "import math", "from django.db import models",
     "from datetime import datetime\nx = datetime.now()", "import datetime\nx = datetime.date.today()",
     "from guantong.engine import door", "x = moment.timestamp()", "x = 1j"],
)  # fmt: skip
def test_the_lint_sees_faults(source: str) -> None:
    assert list(faults(ast.parse(source)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_rooms_are_small_and_labelled(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 300
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno + 1 <= 60, f"{node.name} is too long"
            body = node.body[1:] if ast.get_docstring(node) else node.body
            assert not body or (node.end_lineno or 0) - body[0].lineno + 1 <= 40, f"{node.name} is too long"
