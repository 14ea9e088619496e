"""Imports only: where Django looks for the tables of this room."""

from guantong.modules.quoting import reactions
from guantong.modules.quoting.quote import Quote
from guantong.modules.quoting.quote_line import QuoteLine
from guantong.modules.quoting.quote_version import QuoteVersion

__all__ = ["Quote", "QuoteLine", "QuoteVersion", "reactions"]
