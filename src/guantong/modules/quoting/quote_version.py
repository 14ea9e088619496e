"""QuoteVersion 报价版本: one offer with its lines and amounts, frozen once it is sent."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Q

from guantong.base.errors import Invalid, Refused
from guantong.engine.access import own, role, team, when
from guantong.engine.fields import Amount, Choice, Currency, Lines, Link, Owner, Percent, State
from guantong.engine.states import transition, verb
from guantong.engine.states.unit import create, current_unit, lock
from guantong.modules.catalog.drafting import price_draft
from guantong.modules.catalog.priced import PricedDocument
from guantong.modules.customers.customer import Customer
from guantong.modules.customers.parties import PARTIES
from guantong.modules.pipeline.opportunity import Opportunity
from guantong.modules.pipeline.reasons import LostWhy
from guantong.modules.quoting.quote import Quote
from guantong.modules.quoting.quote_line import QuoteLine, copies_of, put_margin

OFFERED = (
    "currency", "entity_id", "customer_ref", "rounding", "discount_percent", "discount_amount", "net", "tax",
    "gross", "valid_until", "intro", "terms", *(f"{name}_id" for name in PARTIES),
)  # fmt: skip
COPIED = ("rounding", "discount_percent", "discount_amount", "net", "tax", "gross", "intro", "terms",
          "list_total", "discount_total", "margin", "margin_percent")  # fmt: skip


class QuoteVersion(PricedDocument):
    """One offer: what, for how much, until when."""

    quote = Link(Quote, chain=True)
    opportunity = Link(Opportunity, chain=True, null=True, editable=False)
    customer = Link(Customer, blank=True)
    currency = Currency(blank=True)
    version_no = models.IntegerField(default=0, editable=False)
    valid_until = models.DateField(null=True, blank=True)
    intro = models.TextField(blank=True)
    terms = models.TextField(blank=True)
    owner = Owner(editable=False)
    lines = Lines(QuoteLine)
    list_total = Amount(default=0, editable=False)
    discount_total = Amount(default=0, editable=False)
    margin = Amount(null=True, editable=False)
    margin_percent = Percent(null=True, editable=False)
    sent_on = models.DateField(null=True, editable=False)
    accepted_on = models.DateField(null=True, editable=False)
    lost_why = Choice(LostWhy, blank=True, editable=False)
    lost_note = models.TextField(blank=True, editable=False)
    revised_as = Link("self", null=True, editable=False)
    state = State("draft", "sent", "accepted", "declined", "superseded", "withdrawn")

    @transition("draft", to="sent", needs=["customer", "lines"])
    def send(self, valid_until: date | None = None) -> None:
        """Offer it to the customer; from now on it never changes. Raises Invalid: date_past."""
        self.sent_on = current_unit().happened_on
        self.valid_until = valid_until or self.valid_until
        if self.valid_until and self.valid_until < self.sent_on:
            raise Invalid("date_past", field="valid_until", day=self.valid_until.isoformat())

    @transition("sent", to="accepted")
    def accept(self, on: date | None = None) -> None:
        """Record the customer's yes: exactly one version of a quote has it. Raises Refused: offer_lapsed."""
        self.accepted_on = on or current_unit().happened_on
        if self.valid_until and self.valid_until < self.accepted_on:
            raise Refused("offer_lapsed", field="on", day=self.valid_until.isoformat())
        quote = lock(Quote, self.quote_id)
        quote.accept(self.accepted_on)
        if quote.versions > 1:
            self.stand_alone()

    @verb("sent", internal=True)
    def stand_alone(self) -> None:
        """Ask for the other versions to be closed, after commit: locking them here would deadlock two yeses."""

    @transition("sent", to="superseded", internal=True)
    def supersede(self) -> None:
        """Close the offer because another one was accepted."""

    @transition("sent", to="declined")
    def decline(self, why: LostWhy, note: str = "") -> None:
        """Record the customer's no to this version."""
        self.lost_why, self.lost_note = why, note

    @transition("draft", "sent", to="withdrawn")
    def withdraw(self) -> None:
        """Take the offer back."""

    @verb()
    def revise(self) -> None:
        """Begin the next version from this one; `revised_as` names it."""
        facts = {name: getattr(self, name) for name in COPIED} | self.parties()
        lines = copies_of(self, self.lines)
        self.revised_as = create(QuoteVersion, source=self, quote_id=self.quote_id, lines=lines, **facts)

    @verb(internal=True)
    def hand_over(self, to: UUID) -> None:
        """Follow the folder to its new owner."""
        self.owner_id = to

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "quote", "version_no"], name="quote_version_no"),
            models.UniqueConstraint(
                fields=["tenant", "quote"], condition=Q(state="accepted"), name="quote_version_accepted_once"
            ),
        ]

    class Access:
        read = own | team | role("finance", "operations", "service", "administrator")
        create = role("sales", "sales_manager")
        write = (own | team) & when(state="draft")
        fields = dict.fromkeys(("unit_cost", "margin", "margin_percent"), role("sales_manager", "finance"))

    class Screen:
        title = "number"
        list = "number quote customer gross currency valid_until owner state"
        form = {
            "offer": "quote valid_until contact payment_term intro terms",
            "lines": "lines",
            "money": "currency rounding discount_percent discount_amount net tax gross list_total discount_total",
            "margin": "margin margin_percent",
            "parties": "entity customer end_user ship_to ship_address invoice_title payer customer_ref",
        }

    def derive(self) -> None:
        """Number and parties come from the folder; amounts follow the lines while it is a draft."""
        if self.event_no == 0:
            lock(Quote, self.quote_id).take_in(self)
        super().derive()
        if self.state == "draft" and (lines := price_draft(self)) is not None:
            put_margin(self, lines)

    def verify(self) -> None:
        """Raise Refused when what was offered would change, Invalid for another customer than the folder's."""
        before = current_unit().before.get((QuoteVersion, self.id))
        if before is None:
            return
        changed = [name for name in OFFERED if before[name] != getattr(self, name)]
        if changed and before["state"] != "draft":
            raise Refused("frozen", field=changed[0].removesuffix("_id"))
        if before["quote_id"] != self.quote_id:
            raise Invalid("other_quote", field="quote")
