"""L4: every role of the database has timeouts, and a runaway statement is stopped by them."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connections

from tests.trust.catalogue import ask

LIMITS = {
    "guantong_app": {
        "statement_timeout": "10s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "30s",
    },
    "guantong_worker": {
        "statement_timeout": "60s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "30s",
    },
}


@pytest.mark.parametrize("role", LIMITS)
def test_each_role_has_its_limits(role: str) -> None:
    ((settings,),) = ask("SELECT setconfig FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole "
                         "WHERE rolname = %s AND setdatabase = 0", role)  # fmt: skip
    assert dict(setting.split("=") for setting in settings) == LIMITS[role]


def test_the_application_lives_under_its_limits() -> None:
    with connections["default"].cursor() as cursor:
        for name, value in LIMITS["guantong_app"].items():
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == (value,)


def test_a_runaway_statement_is_stopped() -> None:
    """With the limit lowered for this session, as nobody waits ten seconds for a test."""
    connection = connections["default"]
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '100ms'")
        try:
            for runaway in ("SELECT pg_sleep(5)", "SELECT count(*) FROM generate_series(1, 1000000000)"):
                with pytest.raises(OperationalError, match="statement timeout"):
                    cursor.execute(runaway)
        finally:
            cursor.execute("RESET statement_timeout")
