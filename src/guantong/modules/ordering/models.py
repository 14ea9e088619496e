"""Imports only: where Django looks for the tables of this room."""

from guantong.modules.ordering import reactions
from guantong.modules.ordering.order import Order
from guantong.modules.ordering.order_line import OrderLine

__all__ = ["Order", "OrderLine", "reactions"]
