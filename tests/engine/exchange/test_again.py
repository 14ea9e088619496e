"""Killed in the middle, started again, run by two at once, taken back: nothing twice, nothing lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from guantong.engine.exchange import run_import
from guantong.engine.exchange.chunk import ChunkWriter
from guantong.engine.exchange.upload import ImportChunk
from guantong.engine.jobs.task import Interrupted, closing_down, run_job
from guantong.engine.tenancy.scope import scope
from tests.engine.exchange.company import Company

ROWS = 1300


def _names(company: Company, plural: str = "customers") -> list[str]:
    return [item["name"] for item in company.all(plural)]


def _content(rows: int = ROWS) -> bytes:
    return ("name,phone\n" + "\n".join(f"C{i},{i}" for i in range(rows))).encode()


class Killed(BaseException):
    """What `kill -9` looks like from inside: nothing is caught, nothing is tidied."""


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_in_the_middle_it_goes_on_without_doubles(monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    company = Company()
    job = company.upload("imports/customers", _content())["job"]
    honest, calls = ChunkWriter._attempt, []

    def dies(self: ChunkWriter, *args: Any) -> Any:
        calls.append(1)
        if len(calls) == 2 and when == "before":
            raise Killed
        found = honest(self, *args)
        if len(calls) == 2:
            raise Killed
        return found

    monkeypatch.setattr(ChunkWriter, "_attempt", dies)
    with pytest.raises(Killed):
        run_job(company.tenant, UUID(job))
    written = len(_names(company))
    assert written == (500 if when == "before" else 1000)
    assert company.get(f"jobs/{job}")["state"] == "running"
    monkeypatch.undo()
    done = company.run(job)
    assert done["state"] == "done" and done["result"]["created"] == ROWS == done["done"], done
    assert sorted(_names(company)) == sorted(f"C{i}" for i in range(ROWS))


def test_killed_within_a_transaction_nothing_of_it_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    company = Company()
    job = company.upload("imports/customers", _content(600))["job"]
    monkeypatch.setattr(ChunkWriter, "_progress", lambda self, verdicts: (_ for _ in ()).throw(Killed()))
    with pytest.raises(Killed):
        run_job(company.tenant, UUID(job))
    assert _names(company) == []
    with scope(company.tenant):
        assert not ImportChunk.objects.filter(job=job).exists()
    monkeypatch.undo()
    assert company.run(job)["result"]["created"] == 600


def test_a_closing_worker_pauses_and_the_next_goes_on() -> None:
    company = Company()
    job = company.upload("imports/customers", _content(700))["job"]
    closing_down.set()
    try:
        with pytest.raises(Interrupted):
            run_job(company.tenant, UUID(job))
    finally:
        closing_down.clear()
    assert company.get(f"jobs/{job}")["state"] == "running" and not _names(company)
    assert company.run(job)["result"]["created"] == 700


def test_two_workers_on_one_job_write_each_row_once(monkeypatch: pytest.MonkeyPatch) -> None:
    company = Company()
    job = company.upload("imports/customers", _content())["job"]
    honest = run_import._write_all

    def slow(*args: Any) -> None:
        monkeypatch.setattr(run_import, "_write_all", honest)
        run_import.run_import(
            company.tenant, UUID(job)
        )  # the other one, from the same starting point, is faster
        honest(*args)

    monkeypatch.setattr(run_import, "_write_all", slow)
    done = company.run(job)
    assert done["result"]["created"] == ROWS and len(set(_names(company))) == ROWS == len(_names(company))


def test_stopped_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    company = Company()
    job = company.upload("imports/customers", _content())["job"]
    honest = ChunkWriter._attempt

    def asked(self: ChunkWriter, *args: Any) -> Any:
        found = honest(self, *args)
        company.post(f"jobs/{job}/stop")
        return found

    monkeypatch.setattr(ChunkWriter, "_attempt", asked)
    done = company.run(job)
    assert done["state"] == "stopped" and done["result"]["created"] == 500 == len(_names(company))
    assert company.post(f"jobs/{job}/stop", status=409)["code"] == "job_ended"


def test_taken_back_but_for_what_was_touched_since() -> None:
    company = Company()
    mapping = {"name": "name", "ref": "external_ref", "phone": "phone"}
    old = company.load("customers", b"name,ref,phone\nOld,R0,1\n", mapping=mapping)
    assert old["result"]["created"] == 1
    content = b"name,ref,phone\nOld,R0,2\n" + "".join(f"C{i},R{i},{i}\n" for i in range(1, 301)).encode()
    job = company.load("customers", content, mapping=mapping, key="external_ref")
    assert (job["result"]["created"], job["result"]["changed"]) == (300, 1), job["result"]
    by_name = {item["name"]: item for item in company.all("customers")}
    company.clients["boss"].patch(
        f"/api/records/customers/{by_name['C7']['id']}",
        '{"phone":"777","version":1}',
        content_type="application/json",
    )
    company.post("records/contacts", {"name": "An", "customer": by_name["C9"]["id"]}, status=201)
    undo = company.post(f"imports/{job['id']}/undo", status=202)["job"]
    assert company.post(f"imports/{job['id']}/undo", status=202)["job"] == undo, "asked twice, done once"
    done = company.run(undo)
    assert done["state"] == "done" and done["done"] == done["total"] == 301
    result = done["result"]
    assert (result["taken_back"], result["kept"]) == (299, 2), result
    assert result["reasons"] == {"changed_since": 1, "in_use": 1}
    left = {item["name"]: item["phone"] for item in company.all("customers")}
    assert left == {"Old": "1", "C7": "777", "C9": "9"}
    dry = company.load("customers", content, mapping=mapping, dry_run=True)
    assert company.post(f"imports/{dry['id']}/undo", status=409)["code"] == "nothing_to_undo"


def test_the_owner_who_left_imports_nothing() -> None:
    company = Company()
    user = company.hire("leaver", "sales")
    job = company.upload("imports/customers", _content(10), who="leaver")["job"]
    company.post(f"records/users/{user.id}/disable", {})
    assert company.run(job)["state"] == "failed" and not _names(company)


def test_rights_lost_on_the_way_count(monkeypatch: pytest.MonkeyPatch) -> None:
    company = Company()
    user = company.hire("seller", "sales")
    job = company.upload("imports/customers", _content(1000), who="seller")["job"]
    honest = ChunkWriter._attempt

    def demoted(self: ChunkWriter, *args: Any) -> Any:
        found = honest(self, *args)
        company.clients["boss"].patch(
            f"/api/records/users/{user.id}",
            '{"roles":["service"],"version":1}',
            content_type="application/json",
        )
        return found

    monkeypatch.setattr(ChunkWriter, "_attempt", demoted)
    done = company.run(job)
    assert (done["result"]["created"], done["result"]["reasons"]) == (500, {"not_allowed": 500}), done[
        "result"
    ]
