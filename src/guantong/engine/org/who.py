"""The one "who" statement of a request: user, roles, circle, entities; and it takes the idempotency key."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import connection

from guantong.base.clock import now
from guantong.base.errors import SignInNeeded
from guantong.engine.access.actor import Actor
from guantong.engine.access.asking import Credentials, Keyed, provide, provide_entities

BY_TOKEN = """SELECT u.* FROM org_apitoken t JOIN org_user u ON u.tenant = t.tenant AND u.id = t.user_id
    WHERE t.tenant = %(tenant)s AND t.secret_hash = %(token)s AND t.revoked_at IS NULL AND t.expires_at > %(now)s"""  # noqa: S105
BY_ACCOUNT = "SELECT u.* FROM org_user u WHERE u.tenant = %(tenant)s AND u.account_id = %(account)s"
BY_USER = "SELECT u.* FROM org_user u WHERE u.tenant = %(tenant)s AND u.id = %(user)s"

ENTITIES = """SELECT coalesce(json_agg(e ORDER BY e.position, e.id), '[]')::text FROM (
    SELECT id, code, name, base_currency, price_basis, rounding, position FROM org_entity
    WHERE tenant = %(tenant)s AND state = 'active') e"""

STATEMENT = """WITH RECURSIVE who AS ({who}),
    led AS (SELECT t.id FROM org_team t JOIN who ON t.lead_id = who.id WHERE t.tenant = %(tenant)s
            UNION SELECT t.id FROM org_team t JOIN led ON t.parent_id = led.id WHERE t.tenant = %(tenant)s){key}
    SELECT who.id, who.name, who.team_id, who.roles, who.entity_ids,
        (SELECT coalesce(array_agg(u.id), '{{}}') FROM org_user u WHERE u.tenant = %(tenant)s
            AND u.team_id IN (SELECT id FROM led)),
        ({entities}),
        o.language, (%(now)s AT TIME ZONE o.timezone)::date, {fresh}
    FROM who JOIN tenancy_organization o ON o.id = who.tenant WHERE who.state = 'active'"""

TAKE_KEY = """,
    taken AS (INSERT INTO events_idempotentreply (tenant, id, actor, route, key, digest, status, reply, created_at)
        SELECT %(tenant)s, %(row)s, who.id, %(route)s, %(key)s, %(digest)s, 0, '', %(now)s FROM who
        WHERE who.state = 'active' ON CONFLICT (tenant, actor, key) DO NOTHING RETURNING id)"""


@provide
def who_asks(credentials: Credentials, key: Keyed | None) -> tuple[Actor, bool]:
    """Read the actor; insert the key with ON CONFLICT DO NOTHING. Raises SignInNeeded."""
    source = BY_TOKEN if credentials.token_hash else BY_ACCOUNT if credentials.account else BY_USER
    sql = STATEMENT.format(
        who=source,
        entities=ENTITIES,
        key=TAKE_KEY if key else "",
        fresh="EXISTS (SELECT 1 FROM taken)" if key else "TRUE",
    )
    values: dict[str, Any] = {
        "tenant": credentials.tenant,
        "token": credentials.token_hash,
        "account": credentials.account,
        "user": credentials.user,
        "now": now(),
    }
    if key:
        values |= {"row": key.row, "route": key.route, "key": key.key, "digest": key.digest}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    if row is None:
        raise SignInNeeded("sign_in_needed")
    return _actor(credentials.tenant, row), row[9]


@provide_entities
def active_entities(tenant: UUID) -> tuple[dict[str, Any], ...]:
    """The legal entities by themselves, for the house."""
    with connection.cursor() as cursor:
        cursor.execute(ENTITIES, {"tenant": tenant})
        return tuple(json.loads(cursor.fetchone()[0]))


def _actor(tenant: UUID, row: tuple[Any, ...]) -> Actor:
    user, name, team, roles, entity_ids, circle, entities, language, today, _ = row
    return Actor(
        tenant=tenant,
        id=user,
        name=name,
        team=team,
        roles=frozenset(roles),
        circle=tuple(circle),
        entity_ids=tuple(UUID(entity) for entity in entity_ids),
        entities=tuple(json.loads(entities)),
        language=language,
        today=today,
    )
