"""The books at the API: reports by name, for finance and auditors, of one's own entities."""

from __future__ import annotations

from tests.world import World


def test_finance_reads_the_books_by_name(world: World) -> None:
    chen = world.as_("陈静")
    names = [report["name"] for report in chen.get("/reports")["items"]]
    assert names == ["trial_balance", "ageing", "revenue", "vat", "account_statement"]
    found = chen.get("/reports/trial_balance", until="2026-12-31")
    assert found["entity"] == str(world.entity.id)
    assert chen.get("/reports/ageing", until="2026-12-31", entity=str(world.entity.id))
    assert world.as_("孙审").get("/reports/vat", until="2026-12-31")


def test_others_read_none_of_it(world: World) -> None:
    assert world.as_("王磊").get("/reports")["items"] == []
    world.as_("王磊").get("/reports/trial_balance", status=403, until="2026-12-31")


def test_wrong_questions_are_answered_in_words(world: World) -> None:
    chen = world.as_("陈静")
    assert chen.get("/reports/profit", status=404)["code"] == "unknown_report"
    assert chen.get("/reports/vat", status=422)["field"] == "until"
    assert chen.get("/reports/vat", status=422, until="soon")["code"] == "not_date"
    assert chen.get("/reports/vat", status=422, until="2026-12-31", colour="red")["code"] == "unknown_field"
    for entity in ("x", str(world.other.entity.id)):
        assert chen.get("/reports/vat", status=422, until="2026-12-31", entity=entity)["field"] == "entity"
