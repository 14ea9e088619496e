"""Imports only: where Django looks for the tables of this room."""

from guantong.modules.pipeline import reactions
from guantong.modules.pipeline.activity import Activity
from guantong.modules.pipeline.lead import Lead
from guantong.modules.pipeline.opportunity import Opportunity
from guantong.modules.pipeline.pipeline import Pipeline
from guantong.modules.pipeline.stage import Stage

__all__ = ["Activity", "Lead", "Opportunity", "Pipeline", "Stage", "reactions"]
