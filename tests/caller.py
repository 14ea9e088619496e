"""One person at the API: JSON in, JSON out, statuses asserted. In process, through every middleware."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.test import Client

NOT_SENT: Any = object()


class Caller:
    """Calls the API with one token. Paths: see `address_of`."""

    def __init__(self, token: str, settle: Callable[[], None] | None = None, **headers: str) -> None:
        given = {"Authorization": f"Bearer {token}"} if token else {}
        self.client = Client(
            SERVER_NAME="localhost", raise_request_exception=False, headers={**given, **headers}
        )
        self.settle = settle

    def call(
        self,
        method: str,
        path: str,
        body: Any = NOT_SENT,
        *,
        key: str = "",
        headers: dict[str, str] | None = None,
        **query: Any,
    ) -> Any:
        """The response, whatever its status; reactions that it left waiting are done then."""
        address = address_of(path)
        if query:
            named = {k: json.dumps(v) if isinstance(v, dict | list) else str(v) for k, v in query.items()}
            address += "?" + urlencode(named)
        sent = {"headers": {**({"Idempotency-Key": key} if key else {}), **(headers or {})}}
        if body is not NOT_SENT:
            sent["data"] = body if isinstance(body, bytes) else json.dumps(body, default=str)
            sent["content_type"] = "application/json"
        response = self.client.generic(method, address, **sent)
        if self.settle and response.headers.get("Pending-Reactions"):
            self.settle()
        return response

    def _json(self, method: str, path: str, body: Any, status: int | None, **more: Any) -> Any:
        response = self.call(method, path, body, **more)
        text = response.content.decode()
        wrong = response.status_code >= 400 if status is None else response.status_code != status
        assert not wrong, f"{method} {path} → {response.status_code}: {text[:1500]}"
        return json.loads(text) if text else {}

    def get(self, path: str, *, status: int | None = None, **query: Any) -> Any:
        return self._json("GET", path, NOT_SENT, status, **query)

    def post(self, path: str, body: Any = None, *, status: int | None = None, **more: Any) -> Any:
        return self._json("POST", path, {} if body is None else body, status, **more)

    def patch(self, path: str, body: Any, *, status: int | None = None, **more: Any) -> Any:
        return self._json("PATCH", path, body, status, **more)

    def delete(self, path: str, *, status: int | None = None, **more: Any) -> Any:
        return self._json("DELETE", path, NOT_SENT, status, **more)

    def list(self, plural: str, **query: Any) -> list[Any]:
        """The items of a list."""
        return self.get(plural, **query)["items"]


def address_of(path: str) -> str:
    """`orders/…` below /api/records, `/me` below /api, `/api/…` and `//…` as they stand."""
    if path.startswith("//"):
        return path[1:]
    if path.startswith("/api/"):
        return path
    return f"/api{path}" if path.startswith("/") else f"/api/records/{path}"
