"""What PostgreSQL itself says about tables, policies, keys and rights (trust.md A1)."""

from __future__ import annotations

from typing import Any

from django.db import connections

APP, WORKER = "guantong_app", "guantong_worker"
# Shared tables, reviewed (house.md 7): all others must be tenant tables.
SHARED = {
    "tenancy_organization": "the tenant itself",
    "tenancy_account": "who signs in; one person may work for several tenants",
    "django_session": "sessions of accounts",
    "django_migrations": "Django's own",
    "django_content_type": "Django's own",
    "auth_permission": "Django's own",
    "auth_group": "Django's own",
    "auth_group_permissions": "Django's own",
}
SHARED_PREFIXES = ("account_", "socialaccount_", "mfa_", "usersessions_", "procrastinate_")

TABLES = """SELECT c.relname::text, c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner)::text,
    EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant' AND a.attnotnull)
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1"""
POLICIES = """SELECT tablename::text, roles::text[], cmd, permissive, qual, with_check FROM pg_policies
    WHERE schemaname = 'public'"""
KEYS = """SELECT rel.relname::text, con.conname::text, con.contype::text, con.condeferred, target.relname::text,
    ARRAY(SELECT a.attname::text FROM unnest(con.conkey) WITH ORDINALITY k(n, o) JOIN pg_attribute a
        ON a.attrelid = con.conrelid AND a.attnum = k.n ORDER BY k.o),
    ARRAY(SELECT a.attname::text FROM unnest(con.confkey) WITH ORDINALITY k(n, o) JOIN pg_attribute a
        ON a.attrelid = con.confrelid AND a.attnum = k.n ORDER BY k.o)
    FROM pg_constraint con JOIN pg_class rel ON rel.oid = con.conrelid LEFT JOIN pg_class target
        ON target.oid = con.confrelid
    WHERE con.connamespace = 'public'::regnamespace AND con.contype IN ('p', 'f', 'u')"""
UNIQUE_INDEXES = """SELECT t.relname::text, i.relname::text, (SELECT a.attname::text FROM pg_attribute a
    WHERE a.attrelid = t.oid AND a.attnum = x.indkey[0]) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_class t ON t.oid = x.indrelid WHERE x.indisunique AND t.relnamespace = 'public'::regnamespace"""
RIGHTS = """SELECT c.relname::text, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a
    WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = %s::regrole AND c.relkind IN ('r', 'p', 'v', 'm')"""
ROLES = """SELECT rolname::text, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles
    WHERE rolname IN ('guantong_app', 'guantong_worker')"""
VIEWS = """SELECT c.relname::text, c.relkind::text, coalesce(c.reloptions::text, '') FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"""
DEFINERS = """SELECT p.proname::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
    AND NOT EXISTS (SELECT FROM unnest(coalesce(p.proconfig, '{}')) s WHERE s LIKE 'search_path=%')"""


def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Rows of a query by the owner."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall()


def shared(table: str) -> bool:
    """Whether a table belongs to all tenants, by review."""
    return table in SHARED or table.startswith(SHARED_PREFIXES)


def tenant_tables() -> list[str]:
    """All tables that must belong to tenants."""
    return [row[0] for row in ask(TABLES) if not shared(row[0])]
