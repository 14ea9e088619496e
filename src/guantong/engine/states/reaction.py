"""`@on(Verb)`: what happens downstream when a verb has been done (house.md 5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from guantong.engine.states.verb import Verb

T = TypeVar("T")


@dataclass(frozen=True)
class Reaction:
    """A function that runs after a verb: within its transaction, or from the outbox after commit."""

    name: str
    body: Callable[..., Any]
    verb: Any
    within: bool

    @property
    def doc(self) -> str:
        return (self.body.__doc__ or "").strip().split("\n")[0]


_by_name: dict[str, Reaction] = {}


def reaction_called(name: str) -> Reaction | None:
    """The reaction with that name, or None when the code no longer has it."""
    return _by_name.get(name)


def all_reactions() -> list[Reaction]:
    """Every reaction, in the order of the modules."""
    return list(_by_name.values())


def on(verb: Verb[T, Any], *, within: bool = False) -> Callable[[Callable[[T], None]], Callable[[T], None]]:
    """Subscribe to a verb: "find usages" on the verb shows callers and reactions.

    After commit by default: at least once, so idempotent by (`source`, purpose) on what it creates.
    `within=True` only where the books, or an invariant that the verb itself would break, need it.
    """

    def subscribe(body: Callable[[T], None]) -> Callable[[T], None]:
        reaction = Reaction(f"{body.__module__.split('.')[-2]}.{body.__name__}", body, verb, within)
        if reaction.name in _by_name:
            raise RuntimeError(f"two reactions are called {reaction.name}")
        _by_name[reaction.name] = reaction
        (verb.spec.within if within else verb.spec.after).append(reaction)
        return body

    return subscribe
