"""Who may see and do what: rules as Python names, each compiled to one SQL expression."""

from guantong.engine.access.rules import everyone, nobody, own, role, team, when

__all__ = ["everyone", "nobody", "own", "role", "team", "when"]
