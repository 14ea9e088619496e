"""Imports only: where Django looks for the tables of this room."""

from guantong.engine.tenancy.account import Account
from guantong.engine.tenancy.organization import Organization

__all__ = ["Account", "Organization"]
