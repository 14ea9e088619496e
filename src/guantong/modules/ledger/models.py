"""Imports only: where Django looks for the tables and reactions of this room."""

from guantong.modules.ledger import reactions, reports
from guantong.modules.ledger.account import LedgerAccount
from guantong.modules.ledger.account_role import AccountRole
from guantong.modules.ledger.journal import JournalEntry, JournalLine
from guantong.modules.ledger.period import Period
from guantong.modules.ledger.posting_policy import PostingPolicy
from guantong.modules.ledger.rate import ExchangeRate

__all__ = [
    "AccountRole", "ExchangeRate", "JournalEntry", "JournalLine", "LedgerAccount", "Period", "PostingPolicy",
    "reactions", "reports",
]  # fmt: skip
