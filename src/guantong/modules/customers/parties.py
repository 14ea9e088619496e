"""The five parties of a document: contracting party, end user, ship-to, invoice title, payer; equal by default."""

from __future__ import annotations

from guantong.engine.fields import Link
from guantong.engine.objects import Document
from guantong.modules.customers.address import Address
from guantong.modules.customers.contact import Contact
from guantong.modules.customers.customer import Customer
from guantong.modules.customers.invoice_title import InvoiceTitle
from guantong.modules.customers.payment_term import PaymentTerm

PARTIES = (
    "customer",
    "end_user",
    "ship_to",
    "ship_address",
    "invoice_title",
    "payer",
    "contact",
    "payment_term",
)


class PartyDocument(Document):
    """A document with a customer, whose other parties may differ."""

    customer = Link(Customer)
    end_user = Link(Customer, null=True, blank=True)
    ship_to = Link(Customer, null=True, blank=True)
    ship_address = Link(Address, null=True, blank=True)
    invoice_title = Link(InvoiceTitle, null=True, blank=True)
    payer = Link(Customer, null=True, blank=True)
    contact = Link(Contact, null=True, blank=True)
    payment_term = Link(PaymentTerm, null=True, blank=True)

    class Meta:
        abstract = True

    def derive(self) -> None:
        """Let the other parties be the contracting party where none is named."""
        self.end_user_id = self.end_user_id or self.customer_id
        self.ship_to_id = self.ship_to_id or self.customer_id
        self.payer_id = self.payer_id or self.customer_id

    def parties(self) -> dict[str, object]:
        """The ids of all parties and terms, to copy to the next document by value."""
        facts = {f"{name}_id": getattr(self, f"{name}_id") for name in PARTIES}
        return {
            **facts,
            "entity_id": self.entity_id,
            "currency": self.currency,
            "customer_ref": self.customer_ref,
        }
