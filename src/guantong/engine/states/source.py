"""What the body of a verb or reaction does next, read from its source: verbs that it calls, records that it makes.

Only for people (the story, the docs): names are followed where an editor could follow them, nothing is run.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from guantong.engine.objects.registry import by_model

Step = tuple[Any, str]  # a class and the name of one of its verbs


@cache
def steps_of(body: Callable[..., Any], model: Any) -> tuple[Step, ...]:
    """The verbs that `body` runs on records of classes that it names, and `created` of those that it makes."""
    found: dict[Step, None] = {}
    seen: set[Any] = set()
    waiting: list[Any] = [body]
    while waiting:
        function = waiting.pop(0)
        if function in seen or len(seen) > 40:
            continue
        seen.add(function)
        tree = _tree(function)
        names = dict(_named(tree, function))
        classes = {model, *(value for value in names.values() if value in by_model())}
        found.update(dict.fromkeys(_steps(tree, names, classes)))
        here = function.__module__
        waiting += [
            value for value in names.values() if inspect.isfunction(value) and value.__module__ == here
        ]
    return tuple(found)


def _tree(function: Any) -> ast.AST:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError, TypeError):
        return ast.Module(body=[], type_ignores=[])


def _named(tree: ast.AST, function: Any) -> Iterator[tuple[str, Any]]:
    places = {**getattr(function, "__globals__", {})}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in places:
            value = places[node.id]
            if isinstance(value, type) or inspect.isfunction(value):
                yield node.id, value


def _steps(tree: ast.AST, names: dict[str, Any], classes: set[Any]) -> Iterator[Step]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        word = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        first = names.get(getattr(node.args[0], "id", "")) if node.args else None
        if word == "create" and first in by_model():
            yield first, "created"
        elif isinstance(called, ast.Attribute):
            owners = [m for m in classes if m in by_model() and word in by_model()[m].verbs]
            if len(owners) == 1:
                yield owners[0], word
