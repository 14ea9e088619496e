"""Imports only: Django loads the checks where it looks for tables; this room has none."""

from guantong.engine.checks import registered

__all__ = ["registered"]
