"""`group=stage,month(close_on)&measure=sum(amount),count`: totals that leave PostgreSQL as JSON."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection

from guantong.base.errors import Invalid
from guantong.engine.access.actor import Actor
from guantong.engine.access.show import label_sql
from guantong.engine.fields.spec import FieldSpec
from guantong.engine.objects.registry import by_model
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.query.listing import Page, conditions
from guantong.engine.query.paths import Paths
from guantong.engine.query.size import refuse_unindexed

WORD = re.compile(r"(?:(?P<call>[a-z]+)\((?P<inner>[a-z0-9_.]+)\)|(?P<plain>[a-z0-9_.]+))")
SPANS = ("day", "week", "month", "quarter", "year")
MEASURES = ("sum", "avg", "min", "max", "count")
SUMMED = ("amount", "quantity", "percent", "price", "integer")
MOST_GROUPS = 1000


def read_totals(spec: ObjectSpec, actor: Actor, page: Page, group: str, measure: str) -> str:
    """`{"items": [{"stage": …, "sum(amount)": "…", "count": n}]}` as JSON text. Raises Invalid.

    Amounts are summed per currency: the currency is added to the groups wherever an amount is measured.
    """
    paths = Paths(spec, actor)
    where, values, unindexed = conditions(spec, actor, page, paths)
    refuse_unindexed(spec, unindexed)
    groups = [_group(paths, word) for word in _words(group)]
    measures = [_measure(paths, word, groups) for word in _words(measure or "count")]
    selected = [f'{sql} AS "{name}"' for name, sql, _ in groups] + [
        f'{sql} AS "{name}"' for name, sql in measures
    ]
    keys = [key for _, _, key in groups]
    by = f"GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}" if keys else ""
    sql = (
        f"SELECT coalesce(json_agg(row_to_json(x)), '[]')::text FROM (SELECT {', '.join(selected)} "
        f"FROM {spec.table} r {' '.join(paths.sql)} WHERE {where} {by} LIMIT {MOST_GROUPS + 1}) x"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return f'{{"items":{cursor.fetchone()[0]}}}'


def _words(text: str) -> list[re.Match[str]]:
    found = []
    for word in (part.strip() for part in text.split(",") if part.strip()):
        match = WORD.fullmatch(word)
        if match is None or len(found) >= 5:
            raise Invalid("bad_measure", field=word[:40])
        found.append(match)
    return found


def _group(paths: Paths, word: re.Match[str]) -> tuple[str, str, str]:
    name, path = word.group(0), word.group("inner") or word.group("plain")
    column, field = paths.column(path)
    if span := word.group("call"):
        if span not in SPANS or field.kind.cast not in ("date", "timestamptz"):
            raise Invalid("bad_measure", field=name)
        start = f"date_trunc('{span}', {column})"
        return name, f"to_char({start}, 'YYYY-MM-DD')", start
    if target := by_model().get(field.target):
        label = label_sql(target, paths.actor, "g")
        shown = (
            f"(SELECT json_build_object('id', g.id, 'label', {label}) FROM {target.table} g "
            f"WHERE g.tenant = '{paths.actor.tenant}' AND g.id = {column})"
        )
        return name, shown, column
    if not field.kind.sortable:
        raise Invalid("not_sortable", field=path)
    return name, column, column


def _measure(paths: Paths, word: re.Match[str], groups: list[Any]) -> tuple[str, str]:
    name, call = word.group(0), word.group("call")
    if word.group("plain") == "count":
        return name, "count(*)"
    if call not in MEASURES or not word.group("inner"):
        raise Invalid("bad_measure", field=name)
    column, field = paths.column(word.group("inner"))
    if call in ("sum", "avg") and field.kind.name not in SUMMED:
        raise Invalid("bad_measure", field=name)
    _by_currency(paths, field, word.group("inner"), groups)
    if call == "count":
        return name, f"count({column})"
    text = field.kind.cast in ("numeric", "bigint")
    return name, f"trim_scale({call}({column})::numeric)::text" if text else f"{call}({column})"


def _by_currency(paths: Paths, field: FieldSpec, path: str, groups: list[Any]) -> None:
    if field.kind.name != "amount" or field.currency.startswith("^"):
        return
    beside = ".".join([*path.split(".")[:-1], field.currency])
    if all(name != beside for name, _, _ in groups):
        groups.append(_group(paths, WORD.fullmatch(beside)))  # type: ignore[arg-type]
