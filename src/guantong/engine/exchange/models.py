"""Imports only: where Django looks for the tables of this room; and the tasks that the worker must know."""

from guantong.engine.exchange import run_import, run_undo, tidy
from guantong.engine.exchange.upload import ImportChunk, Upload

__all__ = ["ImportChunk", "Upload", "run_import", "run_undo", "tidy"]
