"""A2: without a tenant, or with a wrong one, every tenant table answers with an error: fail closed, fail loud."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, connections

from guantong.base.ids import uuid7
from guantong.engine.checks.tables import tenant_models
from guantong.engine.tenancy.scope import NoTenant, current_tenant, scope
from tests.trust.catalogue import APP, ask, tenant_tables
from tests.world import World

CHECKS = """SELECT con.conname::text, c.relname::text FROM pg_constraint con JOIN pg_class c ON c.oid = con.conrelid
    WHERE con.contype = 'c' AND con.connamespace = 'public'::regnamespace"""
COLUMNS = """SELECT a.attname::text, format_type(a.atttypid, NULL) FROM pg_attribute a
    WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND a.attnotnull AND NOT a.attisdropped"""
MOMENT = "2026-03-02T09:00:00Z"
SAMPLES: dict[str, Any] = {
    "uuid": "00000000-0000-7000-8000-000000000001",
    "integer": 1, "bigint": 1, "smallint": 1, "numeric": 1, "boolean": True, "jsonb": {}, "date": "2026-03-02",
    "timestamp with time zone": MOMENT, "text[]": [], "character varying[]": [], "uuid[]": [], "interval": "1 day",
}  # fmt: skip
SETTINGS = {
    "none": "SELECT 1",
    "empty": "SET LOCAL \"guantong.tenant\" = ''",
    "garbage": "SET LOCAL \"guantong.tenant\" = 'x'' OR true --'",
    "null": 'RESET "guantong.tenant"',
}


@pytest.mark.parametrize("given", SETTINGS)
def test_every_table_refuses_the_application_without_a_tenant(given: str) -> None:
    """With a row in every table: PostgreSQL evaluates no policy where there is none."""
    silent = []
    with one_row_everywhere() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APP}")
        for table in tenant_tables():
            cursor.execute("SAVEPOINT here")
            try:
                cursor.execute(SETTINGS[given])
                cursor.execute(f'SELECT * FROM "{table}"')
                silent.append(table)
            except DatabaseError:
                cursor.execute("ROLLBACK TO here")
    assert not silent


@contextmanager
def one_row_everywhere() -> Iterator[Any]:
    """A transaction of the owner in which each tenant table has a row; rolled back."""
    tables = tenant_tables()
    owner = connections["owner"]
    owner.ensure_connection()
    owner.set_autocommit(False)
    try:
        with owner.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for name, table in ask(CHECKS):
                cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
            for table in tables:
                cursor.execute(COLUMNS, [table])
                row = {name: SAMPLES.get(kind, "x") for name, kind in cursor.fetchall()}
                row |= {"tenant": str(uuid7()), "id": str(uuid7())}
                cursor.execute(
                    f'INSERT INTO "{table}" SELECT (jsonb_populate_record(NULL::"{table}", %s)).*',
                    [json.dumps(row)],
                )
            yield cursor
    finally:
        owner.rollback()
        owner.set_autocommit(True)


def test_the_writing_side_refuses_another_tenant(world: World) -> None:
    connection.ensure_connection()
    team = world.teams["华东销售部"].id
    for statement in (
        "INSERT INTO org_team SELECT (jsonb_populate_record(t, jsonb_build_object('tenant', %(other)s::text, 'id', "
        "%(fresh)s::text))).* FROM org_team t WHERE t.id = %(team)s",
        "UPDATE org_team SET tenant = %(other)s WHERE id = %(team)s",
    ):
        values = {"other": world.other.tenant, "fresh": uuid7(), "team": team}
        with pytest.raises(psycopg.errors.InsufficientPrivilege), scope(world.tenant):
            connection.connection.execute(statement, values)


def test_a_row_of_another_tenant_can_be_neither_read_nor_pointed_to(world: World) -> None:
    theirs = world.other.teams["华东销售部"].id
    with scope(world.tenant):
        raw = connection.connection
        assert raw.execute("SELECT count(*) FROM org_team WHERE id = %s", [theirs]).fetchone() == (0,)
    with pytest.raises(psycopg.errors.ForeignKeyViolation), scope(world.tenant):
        connection.connection.execute("UPDATE org_user SET team_id = %s", [theirs])


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label_lower)
def test_every_model_needs_a_scope(model: Any) -> None:
    with pytest.raises(NoTenant):
        model.objects.first()
    with pytest.raises(NoTenant):
        model._base_manager.count()
    with pytest.raises(NoTenant):
        model._default_manager.exists()


@pytest.mark.parametrize("tenant", [None, "", "x", "00000000-0000-0000-0000-000000000000", 0])
def test_a_scope_takes_a_tenant_only(tenant: Any) -> None:
    with pytest.raises(NoTenant), scope(tenant):
        current_tenant()


def test_scopes_do_not_nest_and_do_not_leak(world: World) -> None:
    with scope(world.tenant), pytest.raises(RuntimeError, match="open already"), scope(UUID(int=1)):
        pass
    with pytest.raises(NoTenant):
        current_tenant()
    with pytest.raises(psycopg.Error):
        connection.connection.execute("SELECT * FROM org_user")
