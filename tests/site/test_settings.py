"""Settings that must not slip: closed doors, redacted logs, clear words about a wrong DATABASE_URL."""

from __future__ import annotations

import pytest
from django.conf import settings

from guantong.site.databases import owner_settings, psycopg_parameters
from guantong.site.faults import Stop
from guantong.site.logs import BLOT, blot_secrets
from guantong.site.signin import ClosedDoor


def test_doors_are_closed() -> None:
    assert settings.DEBUG is False
    assert ClosedDoor().is_open_for_signup(None) is False
    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    assert settings.SESSION_COOKIE_HTTPONLY and settings.SECURE_CONTENT_TYPE_NOSNIFF
    assert "*" not in settings.ALLOWED_HOSTS


def test_secrets_are_blotted_out() -> None:
    token = "gt_0190c7f0-0000-7000-8000-000000000000_abcDEF123"
    event = {
        "event": f"call with {token} to postgresql://u:hunter2@h/d",
        "password": "hunter2",
        "headers": {"Authorization": "Bearer abcdefghijkl", "x": ["token=hunter2"]},
    }
    text = str(blot_secrets(None, "info", event))
    assert "hunter2" not in text and "abcDEF123" not in text and "abcdefghijkl" not in text and BLOT in text


def test_a_url_is_understood() -> None:
    found = owner_settings("postgresql://an%20na:p%40ss@db.example:6543/gt?sslmode=require")
    parameters = psycopg_parameters(found)
    assert (parameters["user"], parameters["password"], parameters["host"]) == ("an na", "p@ss", "db.example")
    assert (parameters["port"], parameters["dbname"], parameters["sslmode"]) == ("6543", "gt", "require")


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://host", "postgresql://host:port/d", "nonsense"])
def test_a_wrong_url_is_one_sentence(url: str) -> None:
    with pytest.raises(Stop) as stop:
        owner_settings(url)
    assert "\n" not in stop.value.sentence
