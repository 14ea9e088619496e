"""The gate: approvals hook in here and nowhere else. A socket: `engine.flows` fills it (house.md 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Gate = Callable[..., None]
_gates: list[Gate] = []


def provide(gate: Gate) -> Gate:
    """Register a gate; it raises what the door answers with 202 when a rule matches the call."""
    _gates.append(gate)
    return gate


def ask(unit: Any, spec: Any, record: Any, verb: Any, arguments: Any) -> None:
    """Ask every gate before the body runs."""
    for gate in _gates:
        gate(unit, spec, record, verb, arguments)
