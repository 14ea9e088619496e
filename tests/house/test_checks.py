"""The house rules that Django checks at start: none is broken, and each finds its seeded fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import models

from guantong.engine.access import role, when
from guantong.engine.checks import access, links, registered, screens, tables, verbs, words
from guantong.engine.numbering import Series
from guantong.engine.objects.registry import by_model, by_name
from guantong.engine.objects.spec import VerbSpec
from guantong.engine.org.user import User
from guantong.modules.customers.customer import Customer


@pytest.mark.parametrize("rule", [*registered.OF_OBJECTS, "table"])
def test_no_house_rule_is_broken(rule: str) -> None:
    found = [text for name, text in registered.broken() if name == rule]
    assert not found, "\n".join(found)


def verb(**more: Any) -> VerbSpec:
    return VerbSpec(**{"name": "go", "body": lambda record: None, "sources": (), **more})


@pytest.mark.parametrize(
    ("seeded", "found"),
    [
        ({"screen": {"list": "name nothing"}}, "nothing, which is no field"),
        ({"screen": {"form": {"one": "naam"}}}, "naam, which is no field"),
        ({"screen": {"lists": "name"}}, "no part of a screen"),
        ({"title": "naam"}, "naam, which is no field"),
    ],
)
def test_screen_names(seeded: dict[str, Any], found: str) -> None:
    assert found in "".join(screens.problems(replace(by_name()["user"], **seeded)))


@pytest.mark.parametrize(
    ("seeded", "found"),
    [
        ({"verbs": {"go": verb(needs=("naam",))}}, "naam, which is no field"),
        ({"verbs": {"go": verb(sources=("activ",))}}, "activ, which is none"),
        ({"verbs": {"go": verb(to="gone")}}, "gone, which is none"),
        ({"verbs": {"go": verb(undo="come")}}, "come, which is no verb"),
        ({"verbs": {}}, "disabled is never reached"),
        ({"series": Series("U", on="issue")}, "issue, which is no verb"),
    ],
)
def test_verb_names(seeded: dict[str, Any], found: str) -> None:
    assert found in "".join(verbs.problems(replace(by_name()["user"], **seeded)))


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ({}, "Access.read is missing"),
        ({"read": role("sales")}, "disable is open to no role"),
        ({"read": role("sales"), "wirte": role("sales")}, "neither an action nor a verb"),
        ({"read": role("sales"), "write": when(state="open")}, "state=open, which it never is"),
        ({"read": role("sales"), "write": when(stage="open")}, "stage, which is no field"),
        ({"read": role("sales"), "fields": {"salary": role("sales")}}, "salary, which is no field"),
    ],
)
def test_access(rules: dict[str, Any], found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    access.may_ever.__globals__["rule_of"].cache_clear()
    monkeypatch.setattr(User, "Access", type("Access", (), rules))
    try:
        assert found in "".join(access.problems(by_model()[User]))
    finally:
        access.may_ever.__globals__["rule_of"].cache_clear()


def test_words(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {key: value for key, value in words.catalogue().items() if key not in ("user", "user.disable")}
    monkeypatch.setattr(words, "catalogue", lambda: {**known, "user.plural": ("用户", "用户")})
    found = "".join(words.problems(by_name()["user"]))
    assert "no label user" in found and "user.disable" in found and "user.plural is not there" in found


def test_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    meta = User._meta
    bad = models.UniqueConstraint(fields=["name"], name="bad")
    monkeypatch.setattr(meta, "constraints", [*meta.constraints, bad])
    monkeypatch.setattr(meta, "indexes", [*meta.indexes, models.Index(fields=["name"], name="bad_too")])
    monkeypatch.setitem(meta.get_field("name").__dict__, "unique", True)
    found = "".join(tables.problems(User))
    assert "bad does not" in found and "bad_too does not" in found and "name is unique over all" in found


def test_links() -> None:
    user, customer = by_name()["user"], by_model()[Customer]
    wrong = replace(user, fields={**user.fields, "customer": replace(user.fields["team"], target=Customer)})
    assert "points downstream, to guantong.modules.customers" in "".join(links.problems(wrong))
    assert not list(links.problems(customer))
