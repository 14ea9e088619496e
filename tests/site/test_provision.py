"""Roles and rights: what the application may do, and that a second run changes nothing."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connections

from guantong.site import grants, provision
from guantong.site.databases import APP_ROLE, WORKER_ROLE, aliases, psycopg_parameters
from guantong.site.server import connected

EVIL = (
    "CREATE TABLE intruder (id int)",
    "TRUNCATE django_session",
    "UPDATE django_migrations SET name = 'x'",
)


@pytest.fixture
def owner():
    with connected(connections["owner"].settings_dict) as connection:
        yield connection


def test_a_second_run_changes_nothing() -> None:
    report = provision.run(check_durability=False)
    assert (report.migrations, report.grants, report.script) == ([], 0, [])


@pytest.mark.parametrize("role", [APP_ROLE, WORKER_ROLE])
def test_roles_have_no_power_and_have_limits(owner, role: str) -> None:
    query = (
        "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication, rolcanlogin "
        "FROM pg_roles WHERE rolname = %s"
    )
    assert owner.execute(query, [role]).fetchone() == (False, False, False, False, False, True)
    with connections["default" if role == APP_ROLE else "worker"].cursor() as cursor:
        cursor.execute(
            "SELECT current_user, current_setting('statement_timeout'), current_setting('lock_timeout')"
        )
        assert cursor.fetchone() == (role, "10s" if role == APP_ROLE else "1min", "2s")
    owned = "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE rolname = %s"
    assert owner.execute(owned, [role]).fetchone() == (0,)


@pytest.mark.parametrize("statement", EVIL)
def test_the_application_may_not(statement: str) -> None:
    settings = {**aliases()["default"], "NAME": connections["default"].settings_dict["NAME"]}
    denied = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with psycopg.connect(**psycopg_parameters(settings)) as connection, denied:
        connection.execute(statement)


def test_append_only_tables_take_no_change(owner, monkeypatch: pytest.MonkeyPatch) -> None:
    growing = grants.append_only_tables() | {"ledger_of_test"}
    waiting = {**grants.worker_columns(), "ledger_of_test": ("tenant", "due")}
    owner.execute("CREATE TABLE ledger_of_test (tenant uuid, due timestamptz, other int)")
    try:
        monkeypatch.setattr(grants, "append_only_tables", lambda: growing)
        monkeypatch.setattr(grants, "worker_columns", lambda: waiting)
        assert grants.grant(owner) > 0
        assert grants.grant(owner) == 0
        query = "SELECT has_table_privilege(%s, 'ledger_of_test', %s)"
        rights = {name: owner.execute(query, [APP_ROLE, name]).fetchone()[0] for name in grants.RIGHTS}
        assert {name for name, has in rights.items() if has} == {"SELECT", "INSERT"}
        columns = "SELECT has_column_privilege(%s, 'ledger_of_test', %s, 'SELECT')"
        seen = [
            owner.execute(columns, [WORKER_ROLE, name]).fetchone()[0] for name in ("tenant", "due", "other")
        ]
        assert seen == [True, True, False]
    finally:
        owner.execute("DROP TABLE ledger_of_test")


def test_a_right_too_many_is_taken_back(owner) -> None:
    owner.execute(f"GRANT TRUNCATE ON django_session TO {APP_ROLE}")
    assert provision.run(check_durability=False).grants == 1


def test_marks_are_exactly_ours(owner) -> None:
    query = (
        "SELECT proname::text FROM pg_proc WHERE proleakproof AND proname IN "
        "('arraycontains', 'numeric_eq', 'numeric_ne', 'numeric_lt', 'numeric_le', 'numeric_gt', "
        "'numeric_ge', 'numeric_cmp', 'arrayoverlap', 'textlike')"
    )
    found = {row[0] for row in owner.execute(query)}
    assert found == {"arraycontains", *(f"numeric_{name}" for name in ("eq", "lt", "le", "gt", "ge", "cmp"))}
