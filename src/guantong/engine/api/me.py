"""Who the caller is, and the caller's own API tokens."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest

from guantong.base.clock import now
from guantong.base.errors import Invalid, NotAllowed, NotFound
from guantong.engine.access.actor import Actor
from guantong.engine.api.asking import language_of, request_of
from guantong.engine.door.guard import lock_for
from guantong.engine.door.read import identity, whoever
from guantong.engine.door.request import Reply
from guantong.engine.door.work import do
from guantong.engine.objects.arguments import field_spec, parse_values
from guantong.engine.objects.built_in import built_in
from guantong.engine.objects.labels import label
from guantong.engine.objects.registry import by_name
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.org.token import LONGEST, ApiToken, issue_token, read_token
from guantong.engine.states.unit import Unit
from guantong.engine.tenancy.scope import scope

WANTED = (field_spec("name", str, ""), field_spec("days", int, LONGEST.days))
ABOUT = """SELECT json_build_object('email', coalesce(nullif(u.email, ''), a.email, ''),
    'team', (SELECT json_build_object('id', t.id, 'label', t.name) FROM org_team t
        WHERE t.tenant = u.tenant AND t.id = u.team_id),
    'tenant', (SELECT json_build_object('id', o.id, 'name', o.name, 'timezone', o.timezone)
        FROM tenancy_organization o WHERE o.id = u.tenant),
    'organizations', (SELECT coalesce(json_agg(json_build_object('id', o.id, 'name', o.name) ORDER BY o.name), '[]')
        FROM tenancy_organization o WHERE o.id = u.tenant OR o.id = ANY(a.tenants)))::text
    FROM org_user u LEFT JOIN tenancy_account a ON a.id = u.account_id WHERE u.tenant = %s AND u.id = %s"""


def who_am_i(http: HttpRequest) -> Reply:
    """Say who the caller is: user, roles, team, entities, language and organizations."""
    request = request_of(http)
    with scope(request.credentials.tenant):
        actor = whoever(request)
        with connection.cursor() as cursor:
            cursor.execute(ABOUT, [actor.tenant, actor.id])
            about = json.loads(cursor.fetchone()[0])
    language = language_of(http) if http.headers.get("Accept-Language") else actor.language
    return _json(
        {
            "user": {"id": str(actor.id), "name": actor.name, "email": about["email"]},
            "roles": sorted(actor.roles),
            "role_labels": {name: label(f"role.{name}", language) for name in sorted(actor.roles)},
            "team": about["team"],
            "entities": list(actor.entities),
            "entity_ids": [str(id) for id in actor.entity_ids],
            "language": language,
            "today": actor.today.isoformat() if actor.today else None,
            "tenant": about["tenant"],
            "organizations": about["organizations"],
        }
    )


def list_tokens(http: HttpRequest) -> Reply:
    """List the caller's API tokens; secrets are never shown again."""
    request = request_of(http)
    with scope(request.credentials.tenant):
        actor = whoever(request)
        tokens = ApiToken.objects.filter(user_id=actor.id, revoked_at=None).order_by("-created_at", "-id")[
            :200
        ]
        return _json({"items": [_shown(token) for token in tokens]})


def add_token(http: HttpRequest) -> Reply:
    """Issue an API token; it is shown this once. Needs a session: a stolen token must not make others.

    An idempotency key is not honoured here: the reply would keep the secret.
    """
    request = replace(request_of(http), key="")
    if request.credentials.token_hash:
        raise NotAllowed("session_needed")
    if not isinstance(request.body, dict):
        raise Invalid("not_an_object")
    wanted: dict[str, Any] = {"name": "", "days": LONGEST.days} | parse_values(WANTED, request.body)
    if not 1 <= wanted["days"] <= LONGEST.days:
        raise Invalid("token_days", field="days", limit=LONGEST.days)
    spec = by_name()["user"]

    def body(unit: Unit) -> tuple[Any, str]:
        user = _me(unit, spec)
        text = issue_token(unit.tenant, user.id, wanted["name"][:100], timedelta(days=wanted["days"]))
        token = ApiToken.objects.get(secret_hash=(read_token(text) or ("", ""))[1])
        _note(unit, spec, user, "token_issued", token)
        return json.dumps({**_shown(token), "token": text}, ensure_ascii=False), ""

    return replace(do(request, spec, body), status=201)


def revoke_token(http: HttpRequest, id: str) -> Reply:
    """Revoke one of the caller's API tokens, from the next request on."""
    request, token_id = request_of(http), identity(id)
    spec = by_name()["user"]

    def body(unit: Unit) -> tuple[Any, str]:
        user = _me(unit, spec)
        token = _own_token(unit.call.actor, token_id)
        ApiToken.objects.filter(id=token.id).update(revoked_at=now())
        _note(unit, spec, user, "token_revoked", token)
        return "{}", ""

    return do(request, spec, body)


def _me(unit: Unit, spec: ObjectSpec) -> Any:
    assert unit.call.actor.id is not None
    return lock_for(unit, spec, unit.call.actor.id, "read")


def _own_token(actor: Actor, id: UUID) -> ApiToken:
    token = ApiToken.objects.filter(id=id, user_id=actor.id, revoked_at=None).first()
    if token is None:
        raise NotFound("not_found")
    return token


def _note(unit: Unit, spec: ObjectSpec, user: Any, word: str, token: ApiToken) -> None:
    unit.record_event(
        spec, user, built_in(spec.model, word), user.state, {}, {"token": token.id, "name": token.name}
    )


def _shown(token: ApiToken) -> dict[str, Any]:
    return {
        "id": str(token.id),
        "name": token.name,
        "created_at": token.created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "expires_at": token.expires_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }


def _json(value: object) -> Reply:
    return Reply(text=json.dumps(value, ensure_ascii=False))
