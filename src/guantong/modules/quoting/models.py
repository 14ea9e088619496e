"""Imports only: where Django looks for the tables of this room."""

from guantong.modules.quoting import reactions
from guantong.modules.quoting.quote import Quote
from guantong.modules.quoting.quote_version import QuoteLine, QuoteVersion

__all__ = ["Quote", "QuoteLine", "QuoteVersion", "reactions"]
