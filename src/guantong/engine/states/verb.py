"""`@transition` changes the state, `@verb` keeps it. Both are run by the unit of work, never by themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from guantong.engine.objects.spec import VerbHolder, VerbSpec
from guantong.engine.states.unit import current_unit

T = TypeVar("T")
P = ParamSpec("P")


class Verb(VerbHolder, Generic[T, P]):
    """A verb on a class; on a record, a callable that runs nested in the verb at work."""

    def __init__(self, spec: VerbSpec) -> None:
        self.spec = spec
        self.owner: Any = None
        update_wrapper(self, spec.body)  # type: ignore[arg-type]

    def __set_name__(self, owner: type[T], name: str) -> None:
        self.owner = owner

    @overload
    def __get__(self, record: None, owner: type[T]) -> Verb[T, P]: ...
    @overload
    def __get__(self, record: T, owner: type[T]) -> Callable[P, None]: ...
    def __get__(self, record: Any, owner: Any) -> Any:
        if record is None:
            return self

        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            current_unit().nested(record, self.spec, args, kwargs)

        return update_wrapper(run, self.spec.body)

    def __repr__(self) -> str:
        return f"<verb {self.owner.__name__}.{self.spec.name}>"


def transition(
    *sources: str,
    to: str,
    needs: list[str] | None = None,
    undo: str | None = None,
    money: bool = False,
    internal: bool = False,
) -> Callable[[Callable[Concatenate[T, P], None]], Verb[T, P]]:
    """A verb that moves the record from one of `sources` to the state `to`.

    `needs` are fields that must be filled (422). `undo` names the verb that takes it back. `money` marks
    postings. `internal` verbs run from other verbs and reactions only, never from the door.
    """
    return _declare(sources, to, needs, undo, money, internal)


def verb(
    *sources: str,
    needs: list[str] | None = None,
    undo: str | None = None,
    money: bool = False,
    internal: bool = False,
) -> Callable[[Callable[Concatenate[T, P], None]], Verb[T, P]]:
    """A verb that keeps the state; open in `sources`, or in every state when none is named."""
    return _declare(sources, None, needs, undo, money, internal)


def _declare(
    sources: tuple[str, ...],
    to: str | None,
    needs: list[str] | None,
    undo: str | None,
    money: bool,
    internal: bool,
) -> Callable[[Callable[Concatenate[T, P], None]], Verb[T, P]]:
    def declare(body: Callable[Concatenate[T, P], None]) -> Verb[T, P]:
        spec = VerbSpec(
            name=body.__name__,
            body=body,
            sources=sources,
            to=to,
            needs=tuple(needs or ()),
            undo=undo,
            money=money,
            internal=internal,
            doc=(body.__doc__ or "").strip(),
        )
        return Verb(spec)

    return declare
