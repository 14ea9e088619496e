"""Imports only: where Django looks for the tables of this room."""

from guantong.modules.collection import checks, reactions
from guantong.modules.collection.allocation import Allocation
from guantong.modules.collection.receipt import Receipt
from guantong.modules.collection.write_off import WriteOff

__all__ = ["Allocation", "Receipt", "WriteOff", "checks", "reactions"]
