"""Imports only: where Django looks for the tables of this room."""

from guantong.engine.numbering.counter import Counter

__all__ = ["Counter"]
