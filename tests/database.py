"""One PostgreSQL for the whole test run, and a database of its own for each test process.

The first process of the run starts a server in a temporary folder, migrates one template database and notes
both; the others wait on a file lock and use them. The user's own work folder is never touched. With
DATABASE_URL the databases are made on that server instead, and dropped at the end.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from guantong.site.databases import APP_ROLE, embedded_settings, owner_settings, psycopg_parameters
from guantong.site.django_ready import start_django
from guantong.site.embedded import Embedded
from guantong.site.faults import Stop
from guantong.site.folder import ensure_folder
from guantong.site.locks import FileLock, alone
from guantong.site.roles import signs_in
from guantong.site.server import connected

RUN = "PYTEST_XDIST_TESTRUNUID"
WORKER = "PYTEST_XDIST_WORKER"
PLACE = "GUANTONG_TEST_FOLDER"


class TestDatabase:
    """What one test process holds: a use of the server and a database."""

    __test__ = False

    def __init__(self, *, durable: bool = False) -> None:
        self.durable = durable
        self.given = os.environ.get("DATABASE_URL")
        run = os.environ.get(RUN) or f"alone-{os.getpid()}"
        self.folder = Path(tempfile.gettempdir()) / f"guantong-test-{os.getuid()}-{run[:20]}"
        self.gate = self.folder.with_suffix(".lock")
        self.template = f"gt_test_{run[:12]}_template".replace("-", "_").lower()
        self.name = f"{self.template.removesuffix('template')}{os.environ.get(WORKER, 'main')}"
        self.server: Embedded | None = None
        self.users: FileLock | None = None

    def open(self) -> None:
        """Bring the server and this process's database up, and start Django against it."""
        os.environ["GUANTONG_HOME"] = str(self.folder)
        os.environ.setdefault("GUANTONG_SECRET_KEY", "only-for-tests-" + "x" * 40)
        os.environ.setdefault("GUANTONG_LOG_LEVEL", "WARNING")
        with alone(self.gate):
            ensure_folder(self.folder)
            self.users = FileLock(self.folder / "run" / "test.users")
            self.users.share()
        if not self.given:
            self.server = Embedded(self.folder, durable=self.durable)
            self.server.use()
        with alone(self.folder / "run" / "test.template"):
            self._prepare_template()
            self._sql("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
            self._sql("CREATE DATABASE {} TEMPLATE {}", self.name, self.template)
        self._point(self.name)
        start_django()
        _reconnect(self.name)

    def close(self) -> None:
        """Drop the database; the last process stops the server and removes the folder."""
        from django.db import connections  # noqa: PLC0415 - Django must not load before the settings stand

        with suppress(Exception):
            connections.close_all()
        with suppress(psycopg.Error):
            self._sql("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
        with alone(self.gate):
            last = self.users is not None and self.users.own()
            if last:
                with suppress(psycopg.Error):
                    self._sql("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.template)
            if self.server:
                self.server.release()
            if self.users:
                self.users.close()
            if last:
                self._remove()

    def _remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.server:
            shutil.rmtree(self.server.sockets, ignore_errors=True)
        self.gate.unlink(missing_ok=True)

    def _prepare_template(self) -> None:
        done = self.folder / "run" / "test.migrated"
        if done.exists():
            return
        self._sql("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.template)
        self._sql("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", self.template)
        self._refuse_strangers()
        self._point(self.template)
        start_django()
        _reconnect(self.template)
        from guantong.site import provision  # noqa: PLC0415 - needs Django to stand

        provision.run(check_durability=False)
        _reconnect(self.template)
        done.touch()

    def _refuse_strangers(self) -> None:
        """Roles belong to the whole server: never take over those of another installation."""
        if not self.given:
            return
        settings = owner_settings(self.given)
        with connected(settings) as connection:
            query = "SELECT 1 FROM pg_roles WHERE rolname = %s"
            if connection.execute(query, [APP_ROLE]).fetchone() and not signs_in(APP_ROLE, settings):
                raise Stop("This server has roles of another installation: set its GUANTONG_SECRET_KEY.")

    def _point(self, name: str) -> None:
        if self.given:
            parts = urlsplit(self.given)
            os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))

    def _sql(self, statement: str, *names: str) -> None:
        settings = owner_settings(self.given) if self.given else embedded_settings(self.folder)
        home = settings["NAME"] if self.given else "postgres"
        with psycopg.connect(**psycopg_parameters(settings, dbname=home), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _reconnect(name: str) -> None:
    """Point all three aliases of Django at the database `name`."""
    from django.db import connections  # noqa: PLC0415 - Django must not load before the settings stand

    connections.close_all()
    for alias in ("default", "owner", "worker"):
        settings: dict[str, Any] = connections[alias].settings_dict
        settings["NAME"] = name
