"""Every error code that the source can raise, with the parameters given at each place, found by reading it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import guantong

SOURCE = Path(guantong.__file__).parent
KNOWN = {"Problem", "Invalid", "Refused", "Conflict", "NotAllowed", "NotFound", "SignInNeeded"}
MAKERS = {"wrong"}  # fields.kind.wrong(code, spec, **params)


@dataclass(frozen=True)
class Raised:
    """One place that makes a refusal."""

    code: str
    params: frozenset[str]
    open: bool  # whether **params hides what is given
    where: str


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def problem_classes() -> set[str]:
    """Problem and everything that is derived from it, by name."""
    found = set(KNOWN)
    while True:
        more = {
            node.name
            for _, tree in trees()
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") in found for base in node.bases)
        } - found
        if not more:
            return found
        found |= more


def raised() -> tuple[list[Raised], list[str]]:
    """All refusals with a constant code, and the places whose code is not one."""
    classes, found, unclear = problem_classes() - {"Several"}, [], []
    for path, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in classes | MAKERS:
                continue
            where = f"{path.relative_to(SOURCE)}:{node.lineno}"
            if not node.args:
                continue
            codes = list(_constants(node.args[0]))
            if not codes:
                unclear.append(where)
            params = {keyword.arg for keyword in node.keywords if keyword.arg} - {"field", "detail"}
            hidden = any(keyword.arg is None for keyword in node.keywords)
            found += [Raised(code, frozenset(params), hidden, where) for code in codes]
    return found, unclear


def _constants(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)
