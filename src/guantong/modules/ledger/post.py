"""`post()`: the only way into the books. It adds an entry to the unit of work at hand; its end writes everything.

Which lines a business fact makes is said by the module that owns the fact (`invoicing/posting.py` and its like).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from guantong.base.errors import Invalid, Refused
from guantong.base.rounding import must_be_exact
from guantong.engine.objects.registry import spec_of
from guantong.engine.states import rows
from guantong.engine.states.unit import create, current_unit
from guantong.modules.ledger.account_role import Role
from guantong.modules.ledger.balancing import absorb, base_of, clearing_pairs, rounding_rest
from guantong.modules.ledger.context import Books, open_books
from guantong.modules.ledger.journal import EntryKind, JournalEntry, JournalLine

DIMENSIONS = ("customer", "deal", "order", "product_group", "team", "owner", "project")
COPIED = (
    *DIMENSIONS, "account_id", "role", "currency", "rate", "rate_on", "due_on", "dimensions",
    "source_object", "source_id", "source_line",
)  # fmt: skip
CROSSING = (EntryKind.EXCHANGE, EntryKind.SETTLEMENT)


@dataclass(frozen=True, kw_only=True)
class Posting:
    """A line to be: debit above zero, credit below. Dimensions take a record or its id.

    Without `base` the base amount is computed, at `rate` or at the latest rate on or before `rate_on` (the
    entry's day if not given). Whoever settles or reverses gives `base`: it is copied, never recomputed.
    """

    role: str
    amount: Decimal
    currency: str
    base: Decimal | None = None
    rate: Decimal | None = None
    rate_on: date | None = None
    due_on: date | None = None
    customer: Any = None
    deal: Any = None
    order: Any = None
    product_group: Any = None
    team: Any = None
    owner: Any = None
    project: Any = None
    source_line: UUID | None = None
    dimensions: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.amount and not self.base


def post(
    source: Any,
    *,
    on: date,
    entity: Any,
    lines: Sequence[Posting],
    memo: str = "",
    kind: str = "normal",
    purpose: str | None = None,
) -> JournalEntry:
    """Enter a fact in the books of `entity`, with `source` behind it; call it last, it locks the period.

    Postings of nothing are left out. With a `purpose` a source is posted once only. Kinds `exchange` and
    `settlement` may leave a foreign currency open: the clearing account takes it. Reads one statement.
    Raises Refused: period_closed, role_unmapped, account_closed, no_posting_policy, entry_unbalanced;
    Invalid: no_exchange_rate, entry_empty and for amounts that cannot be.
    """
    wanted = [line for line in lines if not line.is_empty]
    roles = {line.role for line in wanted} | {Role.CLEARING, Role.EXCHANGE_GAIN_LOSS}
    for role in roles - set(Role.values):
        raise Refused("unknown_role_name", role=role)
    days = {(line.currency, line.rate_on or on) for line in wanted if line.base is None and line.rate is None}
    keeper: UUID = getattr(entity, "id", entity)
    books = open_books(keeper, on, roles, days)
    made = [_line(line, books, on) for line in wanted]
    computed = [
        line
        for line, given in zip(made, wanted, strict=True)
        if given.base is None and line.currency != books.base_currency
    ]
    spread_rest(made, computed, books)
    if kind in CROSSING:
        pairs = clearing_pairs(made, books.base_currency)
        made += [_plain_line(books, Role.CLEARING, *pair) for pair in pairs]
    return create(
        JournalEntry,
        source=source,
        purpose=purpose,
        entity_id=keeper,
        on=on,
        kind=kind,
        memo=memo,
        base_currency=books.base_currency,
        policy=books.policy,
        policy_edition=books.edition,
        lines=made,
    )


def reverse(entry: JournalEntry, *, on: date, memo: str = "", source: Any = None) -> JournalEntry:
    """Enter the negative of an entry: accounts, amounts, rates and dimensions are copied, nothing is recomputed.

    Raises Refused: already_reversed, reversal_too_early, period_closed.
    """
    if on < entry.on:
        raise Refused("reversal_too_early", on=on.isoformat(), entry=entry.number)
    pending = [record for (model, _), record in current_unit().records.items() if model is JournalEntry]
    if any(record.reverses_id == entry.id for record in pending) or _is_reversed(entry):
        raise Refused("already_reversed", entry=entry.number)
    books = open_books(entry.entity_id, on, (), ())
    return create(
        JournalEntry,
        source_object=entry.source_object if source is None else spec_of(source).name,
        source_id=entry.source_id if source is None else source.id,
        entity_id=entry.entity_id,
        on=on,
        kind=EntryKind.REVERSAL,
        memo=memo or entry.memo,
        base_currency=books.base_currency,
        policy=entry.policy,
        policy_edition=entry.policy_edition,
        reverses_id=entry.id,
        lines=[_negative(line) for line in _lines_of(entry)],
    )


def entries_behind(source: Any) -> list[JournalEntry]:
    """The entries of a document that stand: neither reversals nor reversed. One statement."""
    reversals = JournalEntry.objects.filter(reverses__isnull=False).values("reverses_id")
    own = JournalEntry.objects.filter(source_id=source.id, source_object=spec_of(source).name)
    return list(own.filter(reverses__isnull=True).exclude(id__in=reversals).order_by("id"))


def _is_reversed(entry: JournalEntry) -> bool:
    return JournalEntry.objects.filter(reverses_id=entry.id).exists()


def _lines_of(entry: JournalEntry) -> list[JournalLine]:
    return entry.__dict__.get("_lines") or rows.lines_of(spec_of(JournalEntry), entry.tenant, entry.id)


def _negative(line: JournalLine) -> JournalLine:
    copied = {name: getattr(line, name) for name in COPIED}
    return JournalLine(amount=-line.amount, base_amount=-line.base_amount, **copied)


def _line(given: Posting, books: Books, on: date) -> JournalLine:
    line = _plain_line(
        books, given.role, given.currency, must_be_exact(given.amount, field="amount"), given.base
    )
    for name in DIMENSIONS:
        setattr(line, name, _id(getattr(given, name)))
    line.due_on, line.source_line, line.dimensions = given.due_on, given.source_line, dict(given.dimensions)
    if given.currency == books.base_currency:
        line.base_amount = line.amount if given.base is None else given.base
        return line
    line.rate, line.rate_on = given.rate, given.rate_on or on
    if given.base is None:
        if given.rate is None:
            line.rate, line.rate_on = books.rate(given.currency, line.rate_on)
        line.base_amount = base_of(line.amount, line.rate, books.base_currency, books.rounding)
    return line


def _plain_line(books: Books, role: str, currency: str, amount: Decimal, base: Decimal | None) -> JournalLine:
    return JournalLine(
        account_id=books.account(role), role=role, currency=currency, amount=amount, base_amount=base
    )


def spread_rest(made: list[JournalLine], computed: list[JournalLine], books: Books) -> None:
    """Put what rounding leaves where the policy says; what it does not explain stays, and is refused."""
    rest = rounding_rest(made, computed, books.base_currency)
    if not rest or books.balancing == "refuse":
        return
    if books.balancing == "difference_line":
        made.append(_plain_line(books, Role.EXCHANGE_GAIN_LOSS, books.base_currency, -rest, -rest))
    else:
        absorb(rest, computed, books.monetary)


def _id(record: Any) -> Any:
    found = getattr(record, "id", record)
    if found is not None and not isinstance(found, UUID):
        raise Invalid("not_id", field="dimension")
    return found
