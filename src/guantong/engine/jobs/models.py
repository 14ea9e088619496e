"""Imports only: where Django looks for the tables of this room."""

from guantong.engine.jobs.job import Job

__all__ = ["Job"]
