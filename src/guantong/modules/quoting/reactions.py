"""What quoting does when something happens: close the other offers, win the deal where the tenant's policy says so."""

from __future__ import annotations

from guantong.engine.states import on
from guantong.engine.states.unit import current_unit, lock
from guantong.modules.pipeline.opportunity import Opportunity
from guantong.modules.pipeline.pipeline import WonAt
from guantong.modules.quoting.quote import Quote
from guantong.modules.quoting.quote_version import QuoteVersion


@on(QuoteVersion.stand_alone)
def supersede_others(accepted: QuoteVersion) -> None:
    """Close the versions that the customer did not take."""
    others = QuoteVersion.objects.filter(quote_id=accepted.quote_id, state="sent").exclude(id=accepted.id)
    for version in current_unit().lock(QuoteVersion, list(others.values_list("id", flat=True))):
        if version.state == "sent":
            version.supersede()


@on(QuoteVersion.accept)
def win_opportunity(version: QuoteVersion) -> None:
    """Win the deal when its pipeline counts the customer's yes (won_at = accept); by default signing wins it."""
    wanted = Opportunity.objects.filter(
        id=version.opportunity_id, state="open", pipeline__won_at=WonAt.ACCEPT.value
    )
    if version.opportunity_id is None or not wanted.exists():
        return
    deal = lock(Opportunity, version.opportunity_id)
    if deal.state != "open":
        return
    if not deal.amount:
        deal.set_amount(version.currency, version.gross)
    deal.win(version.accepted_on)


@on(QuoteVersion.deleted, within=True)
def give_number_back(version: QuoteVersion) -> None:
    """Let the next version have the number of a draft that was the last one; undoing the deletion takes it again."""
    quote = lock(Quote, version.quote_id)
    if quote.state == "open" and quote.versions == version.version_no:
        quote.start_version(version.version_no - 1)


@on(Quote.assign)
def hand_over_versions(quote: Quote) -> None:
    """Let the versions follow their folder, so that the new owner may work on them."""
    ids = QuoteVersion.objects.filter(quote_id=quote.id).values_list("id", flat=True)
    for version in current_unit().lock(QuoteVersion, list(ids)):
        version.hand_over(quote.owner_id)
