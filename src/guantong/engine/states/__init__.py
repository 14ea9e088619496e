"""How state changes: verbs, reactions, the unit of work and its one closing statement."""

from guantong.engine.states.reaction import on
from guantong.engine.states.verb import transition, verb

__all__ = ["on", "transition", "verb"]
