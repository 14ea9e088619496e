"""Imports only: where Django looks for the tables of this room."""

from guantong.modules.customers.address import Address
from guantong.modules.customers.bank_account import BankAccount
from guantong.modules.customers.contact import Contact
from guantong.modules.customers.customer import Customer
from guantong.modules.customers.invoice_title import InvoiceTitle
from guantong.modules.customers.payment_term import PaymentTerm, TermPart

__all__ = ["Address", "BankAccount", "Contact", "Customer", "InvoiceTitle", "PaymentTerm", "TermPart"]
