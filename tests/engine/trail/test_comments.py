"""Comments: an event of the record, seen by whoever may read it, once per idempotency key."""

from __future__ import annotations

from uuid import uuid4

import pytest

from guantong.engine.events.event import EventObject
from guantong.engine.tenancy.scope import scope
from tests.world import World


@pytest.fixture
def customer(world: World) -> dict:
    return world.as_("王磊").post("customers", {"name": "华为技术有限公司"})


def test_a_comment_is_an_event_of_the_record(world: World, customer: dict):
    before = world.events_of(customer)[-1].event_no
    said = world.as_("王磊").post(
        f"customers/{customer['id']}/comments", {"text": " 约好周五见面 "}, status=201
    )
    assert said["text"] == "约好周五见面"
    assert said["author"] == {"id": world.id_of("王磊"), "label": "王磊"}
    event = world.events_of(customer)[-1]
    assert (event.verb, event.event_no, str(event.id)) == ("commented", before + 1, said["event"])
    assert event.arguments == {"comment": said["id"]}
    assert event.changes == {}, "the words stay out of the log, so that they can be erased"
    listed = world.as_("李娜").get(f"customers/{customer['id']}/comments")
    assert [item["text"] for item in listed["items"]] == ["约好周五见面"]
    again = world.as_("王磊").get(f"customers/{customer['id']}")
    assert again["version"] == customer["version"], "talking does not make anybody's edit stale"


def test_a_mention_stands_in_the_event_log(world: World, customer: dict):
    said = world.as_("王磊").post(
        f"customers/{customer['id']}/comments",
        {"text": "请看", "mentions": [world.id_of("李娜"), world.id_of("李娜")]},
    )
    assert said["mentions"] == [{"id": world.id_of("李娜"), "label": "李娜"}]
    with scope(world.tenant):
        touched = EventObject.objects.filter(event=said["event"]).values_list("object", "role")
        assert sorted(touched) == [("customer", "self"), ("user", "mentioned")]


def test_a_key_makes_one_comment_and_gives_the_same_reply(world: World, customer: dict):
    address = f"customers/{customer['id']}/comments"
    first = world.as_("王磊").call("POST", address, {"text": "一次"}, key="k")
    second = world.as_("王磊").call("POST", address, {"text": "一次"}, key="k")
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(world.as_("王磊").list(address)) == 1


@pytest.mark.parametrize("who", ["周涛", "路人"])
def test_who_may_not_read_may_neither_see_nor_say(world: World, customer: dict, who: str):
    address = f"customers/{customer['id']}/comments"
    assert world.other.tenant != world.tenant
    with world.unchanged():
        assert world.as_(who).get(address, status=404)["code"] == "not_found"
        assert world.as_(who).post(address, {"text": "x"}, status=404)["code"] == "not_found"
        assert world.other.as_("赵敏").get(address, status=404)["code"] == "not_found"
        assert world.other.as_("赵敏").post(address, {"text": "x"}, status=404)["code"] == "not_found"


def test_an_auditor_reads_but_leaves_no_mark(world: World, customer: dict):
    address = f"customers/{customer['id']}/comments"
    assert world.as_("孙审").get(address) == {"items": [], "next": None}
    assert world.as_("孙审").post(address, {"text": "x"}, status=403)["code"] == "auditors_only_read"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"text": "  "}, "required"),
        ({"text": 1}, "not_text"),
        ({"text": "a\x00b"}, "bad_character"),
        ({"text": "x" * 10_001}, "too_long"),
        ({"text": "x", "mentions": ["nobody"]}, "not_id"),
        ({"text": "x", "mentions": [str(uuid4())]}, "unknown_link"),
        ({"text": "x", "mentions": "all"}, "not_a_list"),
        ({"text": "x", "author": str(uuid4())}, "unknown_field"),
        ([], "not_an_object"),
    ],
)
def test_a_malformed_comment_is_refused(world: World, customer: dict, body: object, code: str):
    assert world.as_("王磊").post(f"customers/{customer['id']}/comments", body, status=422)["code"] == code


def test_a_colleague_of_another_organization_cannot_be_named(world: World, customer: dict):
    body = {"text": "x", "mentions": [world.other.id_of("李娜")]}
    assert (
        world.as_("王磊").post(f"customers/{customer['id']}/comments", body, status=422)["code"]
        == "unknown_link"
    )


def test_pages_of_comments(world: World, customer: dict):
    address = f"customers/{customer['id']}/comments"
    for number in range(5):
        world.later(seconds=1)
        world.as_("王磊").post(address, {"text": f"第{number}条"})
    seen, cursor = [], ""
    for _ in range(3):
        page = world.as_("王磊").get(address, limit=2, cursor=cursor)
        seen += [item["text"] for item in page["items"]]
        cursor = page["next"] or ""
    assert seen == ["第4条", "第3条", "第2条", "第1条", "第0条"]
    assert cursor == ""


def test_a_comment_costs_few_statements(world: World, customer: dict):
    with world.statements() as sent:
        world.as_("王磊").post(f"customers/{customer['id']}/comments", {"text": "x"}, key="k")
    assert len(sent) <= 6, sent  # BEGIN, SET LOCAL, who and key, lock, closing, COMMIT
    with world.statements() as sent:
        world.as_("王磊").get(f"customers/{customer['id']}/comments")
    assert len(sent) <= 5, sent
