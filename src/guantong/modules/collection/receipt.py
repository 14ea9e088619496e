"""Receipt 收款: money that came in. Finance records it, sales claims it (认领), finance confirms and allocates it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from guantong.base.errors import Invalid, Refused
from guantong.engine.access import own, role, team, when
from guantong.engine.fields import Choice, Link, Owner, State
from guantong.engine.numbering import Series
from guantong.engine.org.user import User
from guantong.engine.states import transition, verb
from guantong.engine.states.unit import current_unit
from guantong.modules.collection import allocating, posting
from guantong.modules.collection.allocating import Split
from guantong.modules.collection.received import Received
from guantong.modules.customers.customer import Customer
from guantong.modules.invoicing.series import day_or_today
from guantong.modules.ledger.post import post

UNCLAIMED = role("sales", "sales_manager") & when(state=("recorded", "claimed"))


class Instrument(models.TextChoices):
    TRANSFER = "transfer"
    BILL = "bill"
    CARD = "card"
    CASH = "cash"
    CREDIT = "credit"  # no money came: a credit note went over what was open
    OTHER = "other"


class Receipt(Received):
    """Money that came in, who sent it, and which customer it is for."""

    instrument = Choice(Instrument, default="transfer")
    bank_reference = models.CharField(max_length=100, blank=True)
    payer_name = models.CharField(max_length=200, blank=True)
    payer_account = models.CharField(max_length=60, blank=True)
    customer = Link(Customer, null=True, blank=True)
    owner = Owner(null=True, blank=True, editable=False)
    claimed_by = Link(User, null=True, editable=False)
    note = models.TextField(blank=True)
    state = State("draft", "recorded", "claimed", "confirmed", "refunded", "cancelled")

    @transition("draft", to="recorded", money=True)
    def record(self) -> None:
        """Number and post the money, dated by the bank. With a customer named it is claimed at once."""
        if self.instrument not in ("cash", "bill") and self.bank_account_id is None:
            raise Invalid("required", field="bank_account")
        day_or_today(self.received_on)
        lines = posting.record_postings(self)
        self.take_rate(post(self, on=self.received_on, entity=self.entity_id, lines=lines, purpose="record"))

    @transition("recorded", to="claimed", undo="unclaim")
    def claim(self, customer: Customer, note: str = "") -> None:
        """Say which customer the money is for; who comes second is refused."""
        self.customer, self.owner_id = customer, customer.owner_id
        self.claimed_by_id, self.note = current_unit().call.actor.id, note or self.note

    @transition("claimed", to="recorded")
    def unclaim(self) -> None:
        """The money is not for this customer after all."""
        self.customer, self.owner_id, self.claimed_by_id = None, None, None

    @transition("claimed", to="confirmed", needs=["customer"], money=True)
    def confirm(self) -> None:
        """The claim is right: the money is an advance of the customer, dated by the bank while its month is open."""
        self.enter(posting.confirm_postings(self), on=self.received_on)

    @transition("confirmed", to="claimed", money=True)
    def unconfirm(self) -> None:
        """The claim was wrong. Raises Refused: already_spent."""
        if self.open != self.amount or self.instrument == "credit":
            raise Refused("already_spent")
        self.enter(posting.confirm_postings(self, back=True))

    @verb("confirmed", money=True)
    def allocate(self, splits: list[Split], on: date | None = None) -> None:
        """Pay invoices with it, each with the given amount. Raises Refused: more_than_open, more_than_received."""
        allocating.allocate(self, splits, on=day_or_today(on))

    @verb("confirmed", money=True)
    def allocate_oldest(self, on: date | None = None) -> None:
        """Pay the customer's open invoices in this currency, the oldest due first. Raises Refused: nothing_open."""
        allocating.allocate(self, allocating.oldest(self), on=day_or_today(on))

    @transition("draft", "recorded", "claimed", to="cancelled", money=True)
    def cancel(self, why: str) -> None:
        """It was recorded by mistake: the posting is reversed."""
        self.why = why
        if self.state != "draft":
            self.enter(posting.cancel_postings(self))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "bank_reference", "bank_account"],
                condition=~Q(bank_reference="") & ~Q(state="cancelled"),
                name="receipt_bank_reference",
            )
        ]
        indexes = [models.Index(fields=["tenant", "customer", "state"], name="receipt_customer_state")]

    class Access:
        read = own | team | role("finance", "operations") | UNCLAIMED
        write = role("finance") & when(state="draft")
        claim = role("sales", "sales_manager", "finance")
        unclaim = own | team | role("finance")

    class Screen:
        title = "number"
        list = "number received_on payer_name amount currency customer instrument open state"
        form = {
            "receipt": "received_on payer_name payer_account customer claimed_by owner note",
            "money": "amount currency rate instrument bank_account bank_reference",
            "settlement": "allocated refunded open",
        }
        search = "payer_name payer_account bank_reference"

    series = Series("RC", on="record", day="received_on")

    def derive(self) -> None:
        """Entity and currency of a draft are the bank account's; its owner is the customer's."""
        if self.state == "draft":
            self.owner_id = self.customer.owner_id if self.customer_id else None
            if self.bank_account_id and self.bank_account.entity_id:
                self.entity_id = self.bank_account.entity_id
        self.add_up_open()

    def verify(self) -> None:
        """Raise Invalid for an amount that is not above zero, or an account that is not ours or in another currency."""
        if self.amount <= 0:
            raise Invalid("amount_not_positive", field="amount")
        if self.state != "draft":
            return
        if self.instrument == "credit":
            raise Invalid("not_a_choice", field="instrument", choices="transfer, bill, card, cash, other")
        if self.bank_account_id and (
            self.bank_account.entity_id is None or self.bank_account.currency != self.currency
        ):
            raise Invalid("not_our_account", field="bank_account")
