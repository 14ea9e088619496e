"""Imports only: where Django looks for the tables of this room."""

from guantong.engine.files.file import File

__all__ = ["File"]
