"""Which PostgreSQL, as whom: the three aliases of Django's DATABASES.

`default` is the application's role (row-level security binds it), `worker` may only learn where work waits,
`owner` owns the tables and runs migrations. Without DATABASE_URL all three point to the embedded server.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from guantong.site.faults import USAGE, Stop
from guantong.site.folder import derived, work_folder
from guantong.site.sockets import PORT, socket_folder

APP_ROLE = "guantong_app"
WORKER_ROLE = "guantong_worker"
SUPERUSER = "postgres"
DATABASE = "guantong"
BACKEND = "guantong.engine.tenancy.backend"


PREPARED = (
    os.environ.get("GUANTONG_PREPARE", "1") == "1"
)  # off behind a pooler that keeps no prepared statements


def database_url() -> str | None:
    """Return the server of our own choice, or None for the embedded one."""
    return os.environ.get("DATABASE_URL") or None


def owner_settings(url: str | None = None) -> dict[str, Any]:
    """Return Django's settings of the owner's connection."""
    url = url or database_url()
    return _from_url(url) if url else embedded_settings(work_folder())


def embedded_settings(folder: Path) -> dict[str, Any]:
    """Return the owner's connection to the embedded server of one work folder."""
    host = str(socket_folder(folder / "run"))
    return _settings(NAME=DATABASE, USER=SUPERUSER, PASSWORD="", HOST=host, PORT=str(PORT))


def aliases(*, pooled: int = 0) -> dict[str, dict[str, Any]]:
    """Return the three aliases; `pooled` is the size of the pool of `default`, 0 for none (commands)."""
    owner = owner_settings()
    return {
        "default": _as_role(owner, APP_ROLE, pooled),
        "owner": owner,
        "worker": _as_role(owner, WORKER_ROLE, 0),
    }


def _as_role(owner: dict[str, Any], role: str, pooled: int) -> dict[str, Any]:
    options = dict(owner["OPTIONS"])
    if pooled:
        options["pool"] = {"min_size": 1, "max_size": pooled, "timeout": 10}
    if PREPARED:
        options |= {"server_side_binding": True, "prepare_threshold": 2}
    alias = {**owner, "USER": role, "PASSWORD": derived(role), "OPTIONS": options}
    alias["CONN_MAX_AGE"] = 0 if pooled else None
    return alias


def _settings(**parts: Any) -> dict[str, Any]:
    options = {"connect_timeout": 5, "application_name": "guantong", **parts.pop("OPTIONS", {})}
    return {
        "ENGINE": BACKEND,
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # a transaction pooler may stand in between
        **parts,
    }


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    try:
        port = str(parts.port or "")
    except ValueError as fault:
        raise Stop("DATABASE_URL has a port that is not a number.", USAGE) from fault
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgres", "postgresql") or not name:
        raise Stop("DATABASE_URL must look like postgresql://user:password@host:5432/database.", USAGE)
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or unquote(parts.hostname or "")
    return _settings(
        NAME=name,
        USER=unquote(parts.username or query.pop("user", "")),
        PASSWORD=unquote(parts.password or query.pop("password", "")),
        HOST=host,
        PORT=port or query.pop("port", ""),
        OPTIONS=query,
    )


def psycopg_parameters(settings: dict[str, Any], **others: Any) -> dict[str, Any]:
    """Return keyword arguments of `psycopg.connect` for one alias."""
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    parameters = {key: settings[name] for key, name in named.items() if settings.get(name)}
    options = {
        key: value for key, value in settings["OPTIONS"].items() if key not in ("pool", "server_side_binding")
    }
    return {**parameters, **options, **others}
