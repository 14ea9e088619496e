"""House rules that are read from the syntax tree: sizes, names, imports in functions, docstrings, the clock."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import guantong

ROOT = Path(guantong.__file__).parent
BANNED = re.compile(
    r"Manager|Helper|Util|Service|Handler|Base|(?<![a-z])Data(?![a-z])|(?<![a-z])Info(?![a-z])"
)
BANNED_WORDS = {"data", "info", "helper", "helpers", "util", "utils", "service", "handler", "manager"}
BANNED_FILES = {"services", "utils", "helpers", "managers", "signals", "serializers", "views", "handlers"}
HEAVY = {"typst", "pypinyin", "sklearn", "mcp", "pyhanko"}
CLOCKS = {"now", "utcnow", "today"}
LONGEST_FUNCTION = 40


def sources(*folders: str) -> list[Path]:
    """The Python files of the build, or of some folders of it; migrations are not written by hand."""
    found = [path for folder in folders or ("",) for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def name_of(path: Path) -> str:
    """A file as exemptions name it: `engine/door/work.py`."""
    return path.relative_to(ROOT).as_posix()


def faults(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(rule, what) for each house rule that a module breaks."""
    if not ast.get_docstring(tree) and tree.body:
        yield "docstring", "module"
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from _class(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _function(node)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in BANNED_WORDS:
            yield "name", f"{node.lineno}: {node.id}"
        elif isinstance(node, ast.Call):
            yield from _call(node)


def _class(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    if BANNED.search(node.name):
        yield "name", f"{node.lineno}: class {node.name}"
    public = [
        part for part in node.body if isinstance(part, ast.FunctionDef) and not part.name.startswith("_")
    ]
    if len(public) > 12 and any(part.decorator_list for part in public):
        verbs = [
            part for part in public if any("verb" in name or "transition" in name for name in _marks(part))
        ]
        if len(verbs) > 12:
            yield "verbs", f"{node.name} has {len(verbs)} public verbs"


def _marks(node: ast.FunctionDef) -> list[str]:
    calls = [mark.func if isinstance(mark, ast.Call) else mark for mark in node.decorator_list]
    return [call.id for call in calls if isinstance(call, ast.Name)]


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, str]]:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    length = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
    if length > LONGEST_FUNCTION:
        yield "length", f"{node.lineno}: {node.name} has {length} lines"
    if node.name in BANNED_WORDS:
        yield "name", f"{node.lineno}: {node.name}"
    arguments = (*node.args.args, *node.args.kwonlyargs)
    yield from (("name", f"{node.lineno}: {arg.arg}") for arg in arguments if arg.arg in BANNED_WORDS)
    for part in ast.walk(node):
        if isinstance(part, ast.Import | ast.ImportFrom):
            named = [part.module or ""] if isinstance(part, ast.ImportFrom) else [a.name for a in part.names]
            if not {name.split(".")[0] for name in named} <= HEAVY:
                yield "import", f"{part.lineno}: {', '.join(named)} in {node.name}"


def _call(node: ast.Call) -> Iterator[tuple[str, str]]:
    called = node.func
    if not isinstance(called, ast.Attribute):
        return
    owner = called.value.id if isinstance(called.value, ast.Name) else getattr(called.value, "attr", "")
    if called.attr in CLOCKS and owner in ("datetime", "date", "timezone"):
        yield "clock", f"{node.lineno}: {owner}.{called.attr}()"
    if called.attr in ("save", "get_or_create", "update_or_create", "full_clean", "bulk_update"):
        yield "write", f"{node.lineno}: .{called.attr}()"
    if owner == "signals" or (called.attr == "connect" and owner.endswith(("_save", "_delete", "_init"))):
        yield "signal", f"{node.lineno}: {owner}.{called.attr}()"
