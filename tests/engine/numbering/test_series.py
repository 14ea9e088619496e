"""The number table of docs/algorithms/numbering.md, and counters under rollback."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import connection

from guantong.base.clock import now
from guantong.engine.numbering import Series
from guantong.engine.numbering.draw import draw
from guantong.engine.tenancy.organization import Organization
from guantong.engine.tenancy.scope import scope
from tests.base.tables import all_rows


@all_rows("numbering", "numbers")
def test_numbers_look_as_the_page_says(row: dict[str, str]) -> None:
    series = Series(
        row["prefix"],
        per_entity=row["per entity"] == "yes",
        yearly=row["yearly"] == "yes",
        digits=int(row["digits"]),
    )
    day = date.fromisoformat(row["day"])
    code = row["entity code shown"]
    assert series.render(int(row["value"]), None, day, code) == row["number"]


def test_entities_and_years_count_separately() -> None:
    series, one, two = (
        Series("INV"),
        SimpleNamespace(entity_id=UUID(int=1)),
        SimpleNamespace(entity_id=UUID(int=2)),
    )
    keys = {
        series.key(record, day) for record in (one, two) for day in (date(2026, 12, 31), date(2027, 1, 1))
    }
    assert len(keys) == 4
    assert Series("CU", per_entity=False, yearly=False).key(one, date(2026, 1, 1)) == "CU"


def test_a_rolled_back_draw_gives_its_number_back() -> None:
    tenant = Organization.objects.create(name="counters", created_at=now()).id
    with scope(tenant):
        assert draw(tenant, {"INV": 2, "CN": 1}) == {"INV": 2, "CN": 1}
    with pytest.raises(ZeroDivisionError), scope(tenant):
        draw(tenant, {"INV": 5})
        raise ZeroDivisionError
    with scope(tenant):
        assert draw(tenant, {"INV": 1}) == {"INV": 3}
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM numbering_counter WHERE tenant = %s", [tenant])
            assert cursor.fetchone()[0] == 2
