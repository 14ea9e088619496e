"""Who calls, by token or session, in which language and with which key; CSRF for sessions."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

from guantong.base.clock import now
from guantong.base.errors import Invalid, NotAllowed, SignInNeeded
from guantong.base.ids import uuid7
from guantong.engine.access.asking import Credentials
from guantong.engine.api.body import read_json, refuse_large
from guantong.engine.door.request import Request
from guantong.engine.org.token import read_token

KEY = re.compile(r"[\x21-\x7e]{1,200}")
SAFE = ("GET", "HEAD", "OPTIONS")
EARLIEST, LATEST = timedelta(days=400), timedelta(minutes=5)


def language_of(http: HttpRequest) -> str:
    """zh or en, by Accept-Language; Chinese first."""
    return "en" if http.headers.get("Accept-Language", "").lower().startswith("en") else "zh"


def credentials_of(http: HttpRequest) -> Credentials:
    """The caller's credentials. Raises SignInNeeded, NotAllowed (CSRF)."""
    header = http.headers.get("Authorization", "")
    if header:
        found = read_token(header.removeprefix("Bearer ")) if header.startswith("Bearer ") else None
        if found is None:
            raise SignInNeeded("sign_in_needed")
        return Credentials(tenant=found[0], token_hash=found[1])
    account = getattr(http, "user", None)
    if account is None or not account.is_authenticated or not account.is_active:
        raise SignInNeeded("sign_in_needed")
    if http.method not in SAFE:
        _check_csrf(http)
    return Credentials(tenant=_tenant(http, account), account=account.id)


def _tenant(http: HttpRequest, account: Any) -> UUID:
    """The organization that a session works in: the one named by the header, else the account's first."""
    named = http.headers.get("Guantong-Tenant", "")
    for tenant in account.tenants:
        if not named or str(tenant) == named:
            return tenant
    raise SignInNeeded("no_organization")


def _check_csrf(http: HttpRequest) -> None:
    checker: Any = CsrfViewMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
    checker.process_request(http)
    if checker.process_view(http, lambda request: None, (), {}) is not None:
        raise NotAllowed("csrf")


def request_of(http: HttpRequest) -> Request:
    """The call for the door, body and idempotency key included. Raises Malformed, Invalid, SignInNeeded."""
    credentials = credentials_of(http)
    body, key, happened_at = None, "", None
    if http.method not in SAFE:
        refuse_large(http.headers.get("Content-Length", ""))
        body = read_json(http.body, http.content_type or "")
        key = key_of(http)
        if isinstance(body, dict) and "happened_at" in body:
            body = dict(body)
            happened_at = happened(body.pop("happened_at"))
    return Request(
        credentials=credentials,
        route=f"{http.method} {http.path}",
        body=body,
        key=key,
        request=uuid7().hex,
        happened_at=happened_at,
    )


def key_of(http: HttpRequest) -> str:
    """The idempotency key, or "". Raises Invalid."""
    key = http.headers.get("Idempotency-Key", "")
    if key and not KEY.fullmatch(key):
        raise Invalid("bad_key", field="Idempotency-Key")
    return key


def happened(value: Any) -> datetime:
    """When it happened, if earlier than now: at most 400 days back. Raises Invalid."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Invalid("not_moment", field="happened_at") from None
    if moment.tzinfo is None:
        raise Invalid("not_moment", field="happened_at")
    if not now() - EARLIEST <= moment <= now() + LATEST:
        raise Invalid("out_of_range", field="happened_at")
    return moment
