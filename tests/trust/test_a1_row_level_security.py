"""A1: no table without forced row-level security, no key that crosses tenants, no role with too many rights."""

from __future__ import annotations

import pytest
from django.db import connections

from tests.trust import catalogue
from tests.trust.catalogue import APP, WORKER, ask, shared, tenant_tables


def faults() -> list[str]:
    """Every exception from A1, from the catalogue alone."""
    return [*_tables(), *_policies(), *_keys(), *_roles(), *_rights(), *_views()]


def _tables() -> list[str]:
    found = []
    for table, enabled, forced, owner, has_tenant in ask(catalogue.TABLES):
        if owner in (APP, WORKER):
            found.append(f"{table} is owned by {owner}")
        if not shared(table) and not (enabled and forced and has_tenant):
            found.append(
                f"{table}: row-level security {enabled}, forced {forced}, tenant not null {has_tenant}"
            )
    return found


def _policies() -> list[str]:
    found, own = [], set()
    for table, roles, command, permissive, using, check in ask(catalogue.POLICIES):
        whole = "tenant = (current_setting('guantong.tenant'::text))::uuid"
        if (
            roles == [APP]
            and command == "ALL"
            and using == check == f"({whole})"
            and permissive == "PERMISSIVE"
        ):
            own.add(table)
        elif not (roles == [WORKER] and command == "SELECT"):
            found.append(f"{table}: a policy for {roles} {command}: {using} / {check}")
    return found + [f"{table} lacks the policy own_rows" for table in set(tenant_tables()) - own]


def _keys() -> list[str]:
    found, tenants = [], set(tenant_tables())
    primary = set()
    for table, name, kind, deferred, target, columns, target_columns in ask(catalogue.KEYS):
        if table not in tenants:
            continue
        if kind == "p":
            primary.add(table)
            if columns != ["tenant", "id"]:
                found.append(f"{table}: primary key {columns}")
        if kind == "f" and target in tenants:
            if columns[0] != "tenant" or target_columns != ["tenant", "id"] or len(columns) != 2:
                found.append(f"{name}: {columns} → {target} {target_columns}")
            if deferred:
                found.append(f"{name} is checked at COMMIT only")
        if kind == "u" and columns[0] != "tenant":
            found.append(f"{name}: unique {columns}")
    found += [f"{table} has no primary key" for table in tenants - primary]
    indexes = ask(catalogue.UNIQUE_INDEXES)
    return found + [
        f"index {name}" for table, name, first in indexes if table in tenants and first != "tenant"
    ]


def _roles() -> list[str]:
    return [f"{row[0]} is too strong" for row in ask(catalogue.ROLES) if any(row[1:])]


def _rights() -> list[str]:
    found = [f"{APP} may {right} {table}" for table, right in ask(catalogue.RIGHTS, APP)
             if right not in ("SELECT", "INSERT", "UPDATE", "DELETE")]  # fmt: skip
    found += [f"{WORKER} may {right} {table}" for table, right in ask(catalogue.RIGHTS, WORKER)
              if not table.startswith("procrastinate_")]  # fmt: skip
    everyone = ask("SELECT relname::text FROM pg_class, aclexplode(relacl) a WHERE a.grantee = 0 AND relkind = 'r' "
                   "AND relnamespace = 'public'::regnamespace")  # fmt: skip
    return found + [f"everybody has rights on {table}" for (table,) in everyone]


def _views() -> list[str]:
    found = []
    for name, kind, options in ask(catalogue.VIEWS):
        if kind == "m" or "security_invoker=true" not in options:
            found.append(f"{name} is a view with its owner's rights")
    return found + [f"{name} runs with its owner's rights" for (name,) in ask(catalogue.DEFINERS)]


def test_the_catalogue_has_no_exception() -> None:
    assert len(tenant_tables()) > 15
    assert not faults(), "\n".join(faults())


SEEDED = {
    "ALTER TABLE org_team NO FORCE ROW LEVEL SECURITY": "org_team: row-level security",
    "CREATE TABLE extra (id int)": "extra: row-level security",
    "ALTER POLICY own_rows ON org_team USING (true)": "org_team lacks the policy",
    "CREATE POLICY more ON org_team TO guantong_app USING (true)": "a policy for",
    "CREATE UNIQUE INDEX seeded ON org_team (id)": "index seeded",
    "ALTER TABLE org_team ADD UNIQUE (id); ALTER TABLE org_user ADD CONSTRAINT seeded FOREIGN KEY (team_id) "
    "REFERENCES org_team (id)": "seeded: ['team_id']",
    "GRANT TRUNCATE ON org_team TO guantong_app": "may TRUNCATE",
    "GRANT SELECT ON org_team TO guantong_worker": "guantong_worker may",
    "GRANT SELECT ON org_team TO PUBLIC": "everybody",
    "CREATE VIEW seen AS SELECT * FROM org_team": "seen is a view",
    "CREATE MATERIALIZED VIEW seen AS SELECT * FROM org_team": "seen is a view",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'": "f runs with",
    "ALTER ROLE guantong_app BYPASSRLS": "too strong",
    "ALTER TABLE org_team OWNER TO guantong_app": "owned by",
}


@pytest.mark.parametrize("statement", SEEDED)
def test_a_seeded_gap_is_found(statement: str) -> None:
    raw = connections["owner"]
    raw.ensure_connection()
    raw.set_autocommit(False)
    try:
        with raw.cursor() as cursor:
            cursor.execute(statement)
        assert SEEDED[statement] in "\n".join(faults())
    finally:
        raw.rollback()
        raw.set_autocommit(True)
