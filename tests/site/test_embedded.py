"""The embedded database: odd folders, stale pid files, killed servers, ordinary users."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from guantong.site.cluster import server_process
from guantong.site.databases import embedded_settings
from guantong.site.embedded import Embedded
from guantong.site.faults import DATABASE, Stop
from guantong.site.folder import ensure_folder
from guantong.site.server import connected
from guantong.site.sockets import LIMIT, NAME, TEMPORARY, socket_folder
from tests.site.house import SOURCE, house

PROBE = """
import sys
import time
from pathlib import Path
from guantong.site.embedded import Embedded
from guantong.site.folder import ensure_folder
server = Embedded(ensure_folder(Path(sys.argv[1])), durable=False)
server.use()
print((server.data / "PG_VERSION").stat().st_uid)
server.release()
"""


@pytest.mark.parametrize("name", ["plain", "with space 'and quote", "贯通", "long-" + "x" * 120])
def test_any_folder_will_do(tmp_path: Path, name: str) -> None:
    home = ensure_folder(tmp_path / name)
    with house(home) as place:
        server = Embedded(home, durable=False)
        server.use()
        try:
            found = psycopg_settings(place)
        finally:
            server.release()
    assert found == {"server_encoding": "UTF8", "data_checksums": "on", "listen_addresses": ""}
    assert server_process(server.data) is None


def psycopg_settings(place) -> dict[str, str]:
    with connected(embedded_settings(place.home), dbname="postgres") as connection:
        names = ("server_encoding", "data_checksums", "listen_addresses")
        return {name: connection.execute(f"SHOW {name}").fetchone()[0] for name in names}


def test_a_long_path_gets_a_short_socket() -> None:
    place = socket_folder(Path("/" + "x" * 200))
    assert place.is_relative_to(TEMPORARY) and len(str(place / NAME)) <= LIMIT
    assert socket_folder(Path("/srv/guantong/run")) == Path("/srv/guantong/run/db")


def test_a_stale_pid_file_of_a_live_stranger_is_no_obstacle(tmp_path: Path) -> None:
    home = ensure_folder(tmp_path / "home")
    first = Embedded(home, durable=False)
    first.use()
    lines = (first.data / "postmaster.pid").read_text().splitlines()
    first.release()
    lines[0] = str(os.getpid())
    (first.data / "postmaster.pid").write_text("\n".join(lines) + "\n")
    second = Embedded(home, durable=False)
    second.use()
    assert server_process(second.data) not in (None, os.getpid())
    second.release()


def test_a_killed_server_starts_again(tmp_path: Path) -> None:
    home = ensure_folder(tmp_path / "home")
    server = Embedded(home, durable=False)
    server.use()
    os.kill(server_process(server.data), signal.SIGKILL)
    until = time.monotonic() + 5
    while server_process(server.data) is not None and time.monotonic() < until:
        time.sleep(0.01)
    server.use()
    assert server_process(server.data) is not None
    server.release()
    assert server_process(server.data) is None


def test_two_users_share_one_server_and_the_last_one_stops_it(tmp_path: Path) -> None:
    home = ensure_folder(tmp_path / "home")
    one, two = Embedded(home, durable=False), Embedded(home, durable=False)
    one.use()
    two.use()
    one.release()
    assert server_process(two.data) is not None
    two.release()
    assert server_process(two.data) is None


def test_a_broken_database_is_one_sentence(tmp_path: Path) -> None:
    home = ensure_folder(tmp_path / "home")
    server = Embedded(home, durable=False)
    server.use()
    server.release()
    (server.data / "global" / "pg_control").write_bytes(b"not a control file")
    with pytest.raises(Stop, match="does not start") as stop:
        server.use()
    server.release()
    assert stop.value.code == DATABASE and "\n" not in stop.value.sentence


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_runs_it_alone(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if folder != Path("/tmp") and folder != Path("/"):
            folder.chmod(0o755)
    home = tmp_path / "nobody"
    home.mkdir()
    os.chown(home, 65534, 65534)
    for python in (sys.executable, "/usr/bin/python3"):
        if _as_nobody(python, "import psycopg, guantong.site.embedded") == "":
            assert _as_nobody(python, PROBE, str(home)) == "65534"
            return
    pytest.skip("no Python with these packages is open to the user nobody")


def _as_nobody(python: str, *words: str) -> str:
    packages = Path(psycopg.__file__).resolve().parents[1]
    environment = {"PYTHONPATH": f"{SOURCE}:{packages}", "PATH": os.environ["PATH"]}
    try:
        done = subprocess.run(
            [python, "-c", *words],
            env=environment,
            user="nobody",
            group="nogroup",
            capture_output=True,
            text=True,
            cwd="/",
        )
    except PermissionError as fault:
        return str(fault)
    return (done.stdout + done.stderr).strip()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused by PostgreSQL")
def test_root_lends_it_an_account_even_in_a_closed_home(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = Embedded(ensure_folder(closed / "home"), durable=False)
    server.use()
    assert server.data.stat().st_uid != 0
    assert closed.stat().st_mode & 0o007 == 0
    server.release()
