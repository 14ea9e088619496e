"""Imports only: where Django looks for the tables of this room."""

from guantong.modules.invoicing import checks, reactions
from guantong.modules.invoicing.credit_note import CreditNote, CreditNoteLine
from guantong.modules.invoicing.invoice import Invoice, InvoiceLine

__all__ = ["CreditNote", "CreditNoteLine", "Invoice", "InvoiceLine", "checks", "reactions"]
