"""What verbs, states and series name must exist; every state can be reached."""

from __future__ import annotations

from collections.abc import Iterator

from guantong.engine.objects.spec import ObjectSpec


def problems(spec: ObjectSpec) -> Iterator[str]:
    """Say which names of the verbs are nothing, and which states nobody reaches."""
    for verb in spec.verbs.values():
        for name in verb.needs:
            if name not in spec.fields:
                yield f"{verb.name} needs {name}, which is no field"
        for state in (*verb.sources, *([verb.to] if verb.to else [])):
            if state not in spec.states:
                yield f"{verb.name} names the state {state}, which is none"
        if verb.undo is not None and verb.undo not in spec.verbs:
            yield f"{verb.name} is undone by {verb.undo}, which is no verb"
    if spec.series is not None and spec.series.on != "created" and spec.series.on not in spec.verbs:
        yield f"the series is drawn on {spec.series.on}, which is no verb"
    for state in spec.states:
        if state not in reached(spec):
            yield f"the state {state} is never reached"
    for state in getattr(spec.model, "adopt_states", ()):
        if state not in spec.states:
            yield f"adopt_states names {state}, which is no state"


def reached(spec: ObjectSpec) -> set[str]:
    """The states that a record can come to from its first one, by transitions."""
    found = set(spec.states[:1])
    while True:
        more = {
            v.to for v in spec.verbs.values() if v.to and (not v.sources or found.intersection(v.sources))
        }
        if more <= found:
            return found
        found |= more
