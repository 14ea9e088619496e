"""Backup and restore: everything comes back, nothing is overwritten by accident, damage is seen first."""

from __future__ import annotations

import stat
from pathlib import Path

from guantong.site.databases import APP_ROLE
from guantong.site.embedded import Embedded
from tests.site.house import house

MARKED = "SELECT proleakproof FROM pg_proc WHERE proname = 'arraycontains'"
MAY = f"SELECT has_table_privilege('{APP_ROLE}', 'kept', 'SELECT')"


def test_round_trip(tmp_path: Path) -> None:
    archive = tmp_path / "one.tar"
    with house(tmp_path / "old") as old:
        assert old.run("migrate").returncode == 0
        _with_database(old, "CREATE TABLE kept AS SELECT '贯通' AS word")
        (old.home / "files" / "a").mkdir()
        (old.home / "files" / "a" / "合同.pdf").write_bytes(b"paper")
        made = old.run("backup", str(archive))
        assert made.returncode == 0, made.stderr
        assert stat.S_IMODE(archive.stat().st_mode) == 0o600
        assert old.run("backup", str(archive)).returncode == 2
        key = (old.home / "secret.key").read_text()
    with house(tmp_path / "new") as new:
        damaged = tmp_path / "damaged.tar"
        content = bytearray(archive.read_bytes())
        content[len(content) // 2] ^= 1
        damaged.write_bytes(content)
        refused = new.run("restore", str(damaged))
        assert refused.returncode == 4 and "Nothing was changed" in refused.stderr
        done = new.run("restore", str(archive))
        assert done.returncode == 0, done.stderr
        assert _with_database(new, "SELECT word FROM kept") == [("贯通",)]
        assert _with_database(new, MARKED) == [(True,)]
        assert _with_database(new, MAY) == [(True,)]
        assert (new.home / "files" / "a" / "合同.pdf").read_bytes() == b"paper"
        assert (new.home / "secret.key").read_text() == key


def test_a_database_with_content_is_kept(tmp_path: Path) -> None:
    archive = tmp_path / "one.tar"
    with house(tmp_path / "home") as place:
        assert place.run("migrate").returncode == 0
        assert place.run("backup", str(archive)).returncode == 0
        _with_database(place, _ADD_TENANT)
        refused = place.run("restore", str(archive))
        assert refused.returncode == 2 and "--force" in refused.stderr
        done = place.run("restore", str(archive), "--force")
        assert done.returncode == 0 and "kept as guantong_before_" in done.stdout
        assert place.run("migrate").stdout.startswith("The database is up to date (0 migrations, 0")


_ADD_TENANT = """DO $$ BEGIN
IF to_regclass('tenancy_organization') IS NOT NULL THEN
  INSERT INTO tenancy_organization (id, name, language, timezone, created_at)
  VALUES (gen_random_uuid(), 'x', 'zh', 'Asia/Shanghai', now());
ELSE
  INSERT INTO auth_user (password, is_superuser, username, first_name, last_name, email, is_staff,
                         is_active, date_joined)
  VALUES ('', false, 'x', '', '', '', false, true, now());
END IF; END $$"""


def _with_database(place, statement: str) -> list[tuple[object, ...]]:
    server = Embedded(place.home)
    server.use()
    try:
        return place.sql(statement)
    finally:
        server.release()
