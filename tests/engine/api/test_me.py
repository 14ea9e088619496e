"""Who the caller is; tokens are made by people who are signed in, shown once, listed without secrets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from guantong.base.clock import now
from guantong.engine.events.event import Event, IdempotentReply
from guantong.engine.org.token import ApiToken
from guantong.engine.org.user import User
from guantong.engine.tenancy.account import Account
from guantong.engine.tenancy.scope import scope
from tests.caller import Caller
from tests.world import World


@pytest.fixture
def signed_in(world: World) -> Caller:
    """王磊, with an account that works for two organizations."""
    account = Account.objects.create(
        email=f"wl-{world.tenant.hex[-8:]}@example.com",
        tenants=[world.tenant, world.other.tenant],
        created_at=now(),
    )
    with scope(world.tenant):
        User.objects.filter(id=world.id_of("王磊")).update(account=account)
    caller = Caller("")
    caller.client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    caller.client.force_login(account)
    return caller


def test_me_by_token(world: World):
    me = world.as_("王磊").get("/me")
    assert me["user"] == {"id": world.id_of("王磊"), "name": "王磊", "email": ""}
    assert (me["roles"], me["role_labels"]) == (["sales"], {"sales": "销售"})
    assert me["team"]["label"] == "华东销售部"
    assert [entity["code"] for entity in me["entities"]] == ["HC"]
    assert me["tenant"]["id"] == str(world.tenant)
    assert [organization["id"] for organization in me["organizations"]] == [str(world.tenant)]
    assert (me["language"], me["today"]) == ("zh", "2026-03-02")


def test_me_by_session_knows_all_organizations(world: World, signed_in: Caller):
    me = signed_in.get("/me")
    assert {organization["id"] for organization in me["organizations"]} == {
        str(world.tenant),
        str(world.other.tenant),
    }
    assert me["user"]["email"].startswith("wl-")


def test_nobody_is_asked_to_sign_in():
    assert Caller("").get("/me", status=401)["code"] == "sign_in_needed"
    assert Caller("").get("/meta", status=401)["code"] == "sign_in_needed"


def test_a_token_is_shown_once_and_works_until_it_is_revoked(world: World, signed_in: Caller):
    made = signed_in.post("/me/tokens", {"name": "报表", "days": 30}, status=201)
    assert made["expires_at"].startswith("2026-04-01")
    with_token = Caller(made["token"])
    assert with_token.get("/me")["user"]["name"] == "王磊"
    listed = signed_in.get("/me/tokens")["items"]
    assert made["id"] in [item["id"] for item in listed]
    secret = made["token"].split("_", 2)[2]
    assert secret not in json.dumps(listed)
    signed_in.delete(f"/me/tokens/{made['id']}")
    assert with_token.get("/me", status=401)
    assert made["id"] not in [item["id"] for item in signed_in.get("/me/tokens")["items"]]
    signed_in.delete(f"/me/tokens/{made['id']}", status=404)


def test_the_secret_is_kept_nowhere(world: World, signed_in: Caller):
    made = signed_in.post("/me/tokens", {"name": "报表"}, status=201, key="same")
    secret = made["token"].split("_", 2)[2]
    with scope(world.tenant):
        rows: list[Any] = [*ApiToken.objects.all(), *Event.objects.all(), *IdempotentReply.objects.all()]
        kept = " ".join(str(vars(row)) for row in rows)
    assert secret not in kept
    assert [event.verb for event in world.events_of(world.id_of("王磊"))][-1] == "token_issued"


def test_a_token_cannot_make_another(world: World):
    with world.unchanged():
        assert world.as_("王磊").post("/me/tokens", {"name": "x"}, status=403)["code"] == "session_needed"


def test_nobody_revokes_for_others(world: World, signed_in: Caller):
    made = signed_in.post("/me/tokens", {}, status=201)
    assert world.other.tenant
    with world.unchanged():
        world.as_("赵敏").delete(f"/me/tokens/{made['id']}", status=404)
        world.other.as_("王磊").delete(f"/me/tokens/{made['id']}", status=404)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"days": 0}, "token_days"),
        ({"days": 366}, "token_days"),
        ({"days": "1"}, "not_integer"),
        ({"x": 1}, "unknown_field"),
    ],
)
def test_odd_wishes_are_refused(world: World, signed_in: Caller, body: dict, code: str):
    assert signed_in.post("/me/tokens", body, status=422)["code"] == code
