"""`guantong serve` from outside: the first answer, a taken port, a second start, Ctrl-C, a kill."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from guantong.site.faults import USAGE
from tests.site.house import House, free_port, house


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory):
    with house(tmp_path_factory.mktemp("serve") / "home") as lent:
        assert lent.run("migrate").returncode == 0
        yield lent


def test_a_taken_port_is_one_sentence_and_nothing_starts(place: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = place.run("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == USAGE
    assert done.stderr.count("\n") == 1 and "is in use" in done.stderr
    assert place.postmaster() is None


def test_it_answers_and_ctrl_c_stops_everything(place: House) -> None:
    port = free_port()
    began = time.monotonic()
    process = place.serve(port)
    assert time.monotonic() - began < 5
    page = _get(port, "/", {"Accept-Language": "en-GB,en;q=0.9,zh;q=0.2"})
    assert page[0] == 200 and "What runs here" in page[2]
    assert "贯通" in page[2] and "unsafe-inline" not in page[1]["content-security-policy"]
    assert "这里运行的是" in _get(port, "/?lang=zh", {})[2]
    assert _get(port, "/", {"Host": "evil.example"})[0] == 400
    assert _get(port, "/page/..%2Fhome.html", {})[0] == 404
    second = place.run("serve", "--port", str(free_port()))
    assert second.returncode == USAGE and "runs already" in second.stderr
    process.send_signal(signal.SIGINT)
    said, complained = process.communicate(timeout=20)
    assert process.returncode == 0, complained
    assert f"http://localhost:{port}" in said and complained == ""
    assert place.postmaster() is None


def test_children_and_database_end_when_the_parent_is_killed(place: House) -> None:
    port = free_port()
    process = place.serve(port)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=5)
    until = time.monotonic() + 15
    while place.postmaster() is not None and time.monotonic() < until:
        time.sleep(0.05)
    assert place.postmaster() is None
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_two_first_starts_at_once_agree(tmp_path: Path) -> None:
    with house(tmp_path / "home") as place:
        running = [place.start("migrate") for _ in range(2)]
        ends = [(*process.communicate(timeout=60), process.returncode) for process in running]
        assert [code for _, _, code in ends] == [0, 0], ends
        assert place.postmaster() is None


def test_an_unsafe_database_is_refused(tmp_path: Path, place: House) -> None:
    local = place.home / "database" / "local.conf"
    local.write_text("fsync = off\n")
    local.chmod(0o644)
    try:
        done = place.run("migrate")
    finally:
        local.unlink()
    assert done.returncode != 0 and "fsync = off" in done.stderr and done.stderr.count("\n") == 1


def _get(port: int, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": "localhost", **headers})
    answer = connection.getresponse()
    names = {name.lower(): value for name, value in answer.getheaders()}
    return answer.status, names, answer.read().decode()
