"""Imports only: where Django looks for the tables of this room."""

from guantong.engine.trail.comment import Comment

__all__ = ["Comment"]
