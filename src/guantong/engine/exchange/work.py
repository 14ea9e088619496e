"""What an import does to one entry: find its record, then make or change it through the door."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from guantong.base.errors import Invalid, Several
from guantong.engine.door.links import preload
from guantong.engine.door.write import alter, make
from guantong.engine.exchange.keys import differs, existing, key_of
from guantong.engine.exchange.limits import CHUNK
from guantong.engine.exchange.lookup import Lookup
from guantong.engine.exchange.plan import Entry, Named, Plan
from guantong.engine.exchange.verdict import Verdict
from guantong.engine.objects.registry import by_model
from guantong.engine.states.unit import Unit

SOON = timedelta(minutes=5)


class ImportWork:
    """One import at work."""

    def __init__(self, tenant: UUID, job: UUID, user: UUID, plan: Plan, *, trial: bool) -> None:
        self.tenant, self.job, self.user, self.plan, self.trial = tenant, job, user, plan, trial
        self.spec = plan.spec
        self.lookup = Lookup(plan.spec)
        self.found: dict[int, list[Any]] = {}
        self.promised: dict[tuple[str, ...], dict[str, Any]] = {}

    def prepare(self, unit: Unit, entries: Sequence[Entry]) -> None:
        """Look up the links of all entries, and which of them exist already."""
        actor = unit.call.actor
        preload(unit, self.lookup.prepare(actor, entries))
        keyed = self.plan.keys if self.plan.options.key else []
        self.found = existing(self.spec, actor, keyed, list(entries), self.lookup) if keyed else {}

    def act(self, unit: Unit, entry: Entry) -> Verdict:
        """Make, change or skip one record. Raises a Problem."""
        if entry.problems:
            raise entry.problems[0] if len(entry.problems) == 1 else Several(entry.problems)
        body, lines = self.lookup.filled(entry)
        found = self.found.get(entry.place, [])
        if len(found) > 1:
            raise Invalid(
                "ambiguous_key", field=self.plan.keys[0].field.name, value=" ".join(entry.key)[:100]
            )
        if self.trial and (verdict := self._seen(entry, body)):
            return verdict
        if found:
            return self._change(unit, entry, found[0], body, lines)
        if self.plan.options.mode == "update":
            return _skipped(entry, "nothing_to_change")
        return self._make(unit, entry, body, lines)

    def _seen(self, entry: Entry, body: dict[str, Any]) -> Verdict | None:
        """In a trial nothing is there to be found: a key that stands twice is compared with its earlier row."""
        key = key_of(self.plan.keys, entry, self.lookup) if self.plan.options.key else ()
        if not key:
            return None
        earlier = self.promised.get(key)
        self.promised[key] = {**(earlier or {}), **body}
        if earlier is None or self.plan.options.mode == "create":
            return None if earlier is None else _skipped(entry, "exists_already")
        same = all(name in earlier and earlier[name] == value for name, value in body.items())
        return _skipped(entry, "unchanged") if same else Verdict(entry.place, entry.rows, "changed")

    def _change(
        self, unit: Unit, entry: Entry, record: Any, body: dict[str, Any], lines: list[Any]
    ) -> Verdict:
        if self.plan.options.mode == "create":
            return _skipped(entry, "exists_already", record.id)
        if not lines and not differs(self.spec, record, body):
            return _skipped(entry, "unchanged", record.id)
        before = len(unit.events)
        extra = {self.spec.lines_name: lines} if lines else {}
        alter(unit, self.spec, record.id, {**body, **extra, "version": record.version})
        return _verdict(unit, entry, "changed", record.id, before)

    def _make(self, unit: Unit, entry: Entry, body: dict[str, Any], lines: list[Any]) -> Verdict:
        before, call, moment = len(unit.events), unit.call, unit.happened_at
        author = self.lookup.id_of(_users(), entry.author, "created_by") if entry.author else None
        if entry.happened_at:
            unit.happened_at = _past(entry.happened_at, unit)
            unit.call = replace(call, happened_at=unit.happened_at)  # days that follow from it follow the row
        try:
            record = make(unit, self.spec, {**body, self.spec.lines_name: lines} if lines else body)
        finally:
            unit.call, unit.happened_at = call, moment
        if author:
            record.created_by = author
        if self.trial:
            self.lookup.promise(entry)
        return _verdict(unit, entry, "created", record.id, before)


def chunks(entries: Iterable[Entry], plan: Plan) -> Iterator[list[Entry]]:
    """Entries in portions of one transaction each.

    A portion ends early before a row that needs an earlier one to be there: the same key again, or a link
    to a record of the same object that stands above.
    """
    own = [
        target.field.name
        for _, target in plan.columns
        if target.is_link and target.field.target is plan.spec.model
    ]
    portion: list[Entry] = []
    keys: set[tuple[str, ...]] = set()
    names: set[str] = set()
    rows = 0
    for entry in entries:
        links = (entry.body.get(name) for name in own)
        needs = (plan.options.key and entry.key in keys) or any(
            isinstance(one, Named) and one.text in names for one in links
        )
        if portion and (needs or rows + len(entry.rows) > CHUNK):
            yield portion
            portion, keys, names, rows = [], set(), set(), 0
        portion.append(entry)
        rows += len(entry.rows)
        keys.add(entry.key)
        if own:
            names |= {str(entry.body.get(name)) for name in ("external_ref", plan.spec.title)}
    if portion:
        yield portion


def _verdict(unit: Unit, entry: Entry, word: str, record: UUID, before: int) -> Verdict:
    event = next(event.id for event in unit.events[before:] if event.record == record)
    return Verdict(entry.place, entry.rows, word, record, event)


def _skipped(entry: Entry, code: str, record: UUID | None = None) -> Verdict:
    reason = {"code": code, "field": "", "params": {}}
    return Verdict(entry.place, entry.rows, "skipped", record, None, [reason])


def _past(text: str, unit: Unit) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment > unit.now + SOON:
        raise Invalid("out_of_range", field="happened_at")
    return moment


def _users() -> Any:
    return next(model for model, spec in by_model().items() if spec.name == "user")
