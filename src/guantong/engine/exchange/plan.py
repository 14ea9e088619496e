"""From rows of cells to what shall be written: one entry for a record, with every problem of its cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from guantong.base.errors import Invalid, Problem
from guantong.engine.access.actor import Actor
from guantong.engine.exchange.cells import TEXTS, plain, text_for
from guantong.engine.exchange.guess import guess_columns
from guantong.engine.exchange.options import Options
from guantong.engine.exchange.table import Column, Row
from guantong.engine.exchange.targets import AUTHOR, HAPPENED, Target, target_at, targets_of
from guantong.engine.objects.spec import ObjectSpec


@dataclass(frozen=True)
class Named:
    """A linked record as a cell names it; `by` is the one field to look in."""

    text: str
    by: str = ""


@dataclass
class Entry:
    """One record to be: the rows that it comes from, and what its cells say."""

    place: int
    rows: list[int]
    body: dict[str, Any] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    key: tuple[str, ...] = ()
    happened_at: Any = None
    author: Named | None = None
    problems: list[Problem] = field(default_factory=list)


class Plan:
    """The mapping of one import, checked against the object and the rights of who asks."""

    def __init__(
        self, spec: ObjectSpec, actor: Actor, columns: list[Column], options: Options, zone: ZoneInfo
    ) -> None:
        self.spec, self.options, self.zone = spec, options, zone
        self.columns = self._columns(targets_of(spec, actor), columns)
        self.has_lines = any(target.line for _, target in self.columns)
        self.keys = self._keys()

    def _columns(self, known: dict[str, Target], columns: list[Column]) -> list[tuple[int, Target]]:
        """Column index and target; raises Invalid for unknown ones, two on one field, and missing required ones."""
        mapping = self.options.mapping
        if mapping is None:
            chosen = [
                (i, known[guess.target]) for i, guess in guess_columns(self.spec, known, columns).items()
            ]
        else:
            chosen = []
            for name, path in mapping.items():
                if path:
                    chosen.append((_column_at(columns, name), target_at(self.spec, known, path)))
        places = [
            (target.path if target.key_only else target.field.name, target.line) for _, target in chosen
        ]
        if twice := next((place for place in places if places.count(place) > 1), None):
            raise Invalid("mapped_twice", field="mapping", name=twice[0])
        if not chosen:
            raise Invalid("nothing_mapped", field="mapping")
        self._check_required(known, places)
        return sorted(chosen, key=lambda pair: pair[0])

    def _check_required(self, known: dict[str, Target], places: list[tuple[str, bool]]) -> None:
        if self.options.mode == "update":
            return
        has_lines = any(line for _, line in places)
        for target in known.values():
            needed = target.field.required and (has_lines or not target.line) and not target.key_only
            if needed and (target.field.name, target.line) not in places and not self.options.key:
                raise Invalid("required_not_mapped", field=target.path)

    def _keys(self) -> list[Target]:
        """The targets that find a record; lines without a named key are grouped by the first that can."""
        by_path = {target.path: target for _, target in self.columns if not target.line}
        names: list[str] = list(self.options.key)
        if not names and self.has_lines:
            names = [str(name) for name in ("external_ref", "number") if name in by_path][:1] or [
                next(iter(by_path), "")
            ]
        if missing := next((name for name in names if name not in by_path), None):
            raise Invalid("key_not_mapped", field="key", name=missing)
        if self.options.mode == "update" and not self.options.key:
            raise Invalid("key_needed", field="key")
        return [by_path[name] for name in names]

    def entries(self, rows: Iterable[Row]) -> Iterator[Entry]:
        """Entries in the order of the file; the rows of one document are brought together by its key."""
        if not self.has_lines:
            for place, (number, cells) in enumerate(rows):
                yield self.read(place, [(number, cells)])
            return
        groups: dict[tuple[str, ...], list[Row]] = {}
        last: tuple[str, ...] = ()
        for number, cells in rows:
            key = tuple(_cell_text(cells, self._index(target)) for target in self.keys)
            last = (
                key if any(key) else last or (f"row {number}",)
            )  # merged cells: only the first row has the key
            groups.setdefault(last, []).append((number, cells))
        for place, group in enumerate(groups.values()):
            yield self.read(place, group)

    def read(self, place: int, rows: list[Row]) -> Entry:
        """One entry from its rows: the header from the first cell that says something, a line from each row."""
        entry = Entry(place, [number for number, _ in rows])
        for index, target in self.columns:
            if target.line:
                continue
            said = {text: (n, row[index]) for n, row in reversed(rows) if (text := _cell_text(row, index))}
            if len(said) > 1:
                entry.problems.append(
                    Invalid("rows_disagree", field=target.field.name, row=max(n for n, _ in said.values()))
                )
            number, cell = min(said.values(), default=(rows[0][0], ""), key=itemgetter(0))
            value, given = self._value(entry, target, cell, number)
            if given:
                self._put(entry, target, value)
        for number, cells in rows if self.has_lines else ():
            line = {}
            for index, target in self.columns:
                cell = cells[index] if target.line and index < len(cells) else ""
                value, given = self._value(entry, target, cell, number) if target.line else (None, False)
                if given and value != "":
                    line[target.field.name] = value
            entry.lines += [line] if line else []
        entry.key = tuple(str(_key_value(entry, target)) for target in self.keys)
        return entry

    def _value(self, entry: Entry, target: Target, cell: Any, number: int) -> tuple[Any, bool]:
        """The JSON value of a cell, and whether it says anything."""
        try:
            if target.is_link or target.path == AUTHOR:
                text = plain(cell).strip()
                return (Named(text, target.by) if text else None), bool(text) or self.options.empty == "clear"
            text = text_for(cell, target.field, zone=self.zone, name=self.spec.name)
            if not text.strip():
                return None, self.options.empty == "clear"
            if target.field.kind.name in TEXTS:
                return target.field.parse(text), True
            return target.field.kind.to_json(target.field.parse_text(text)), True
        except Problem as problem:
            at = f"{self.spec.lines_name}." if target.line else ""
            entry.problems.append(
                Invalid(problem.code, field=at + target.field.name, row=number, **_others(problem))
            )
            return None, False

    def _put(self, entry: Entry, target: Target, value: Any) -> None:
        if target.path == HAPPENED:
            entry.happened_at = value
        elif target.path == AUTHOR:
            entry.author = value
        elif target.key_only:
            entry.body[f"={target.field.name}"] = value
        else:
            entry.body[target.field.name] = value

    def _index(self, target: Target) -> int:
        return next(index for index, other in self.columns if other is target)


def _column_at(columns: list[Column], name: str) -> int:
    """A column by its heading, else by its index from 0."""
    named = [column.index for column in columns if column.header == " ".join(name.split())]
    if len(named) == 1:
        return named[0]
    if name.isascii() and name.isdigit() and any(column.index == int(name) for column in columns):
        return int(name)
    raise Invalid("unknown_column", field="mapping", name=name[:100])


def _cell_text(cells: list[Any], index: int) -> str:
    return plain(cells[index]).strip() if index < len(cells) else ""


def _key_value(entry: Entry, target: Target) -> Any:
    value = entry.body.get(f"={target.field.name}" if target.key_only else target.field.name)
    return value.text if isinstance(value, Named) else "" if value is None else value


def _others(problem: Problem) -> dict[str, Any]:
    return {key: value for key, value in problem.params.items() if key != "row"}
