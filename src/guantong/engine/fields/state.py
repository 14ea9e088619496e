"""State: where a record stands. Only verbs change it (law 2)."""

from __future__ import annotations

from typing import Any

from django.db import models

from guantong.engine.fields.choice import ChoiceKind
from guantong.engine.fields.spec import kind_of


class State(models.CharField):
    """The named states of an object; the first is where a new record begins."""

    def __init__(self, *states: str, **kwargs: Any) -> None:
        self.states = states
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault("editable", False)
        if states:
            kwargs.setdefault("default", states[0])
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        return name, path, args, kwargs


class StateKind(ChoiceKind):
    name = "state"


kind_of(State, StateKind)
