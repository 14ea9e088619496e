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
    mapping = {"name": "name", "limit": "credit_limit", "days": "overdue_days_allowed"}
    rows = "\n".join(f"C{i:04d},{i}.50,{i % 7}" for i in range(950))
    company.load("customers", f"name,limit,days\n{rows}\n".encode(), mapping=mapping)
    found = _csv(company.get("exports/customers?fields=name,credit_limit,overdue_days_allowed&sort=name"))
    assert [row[0] for row in found[1:]] == [f"C{i:04d}" for i in range(950)]
    assert found[8][1:] == ["7.50", "0"]
    found = _csv(
        company.get('exports/customers?fields=name&filter={"field":"name","op":"starts","value":"C00"}')
    )
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
    company = _with_products()
    content = (
        "价格表,起始日期,产品,起订量,价格\n标准,2026-01-01,M1,1,100.00\n,,M2,1,50.5\n"
        "大客户,2026/2/1,机器M1,1,90\n标准,2026-01-01,M1,10,95\n坏的,2026-01-01,M1,1,1\n坏的,2026-01-02,M9,2,1\n"
    )
    mapping = {
        "价格表": "name",
        "起始日期": "valid_from",
        "产品": "tiers.product",
        "起订量": "tiers.from_quantity",
    }
    mapping |= {"价格": "tiers.price"}
    job = company.load("price_books", content.encode(), mapping=mapping, key="name")
    result = job["result"]
    assert (result["read"], result["created"], result["skipped"]) == (6, 4, 2), result
    assert result["records"] == {"created": 2, "refused": 1} and result["reasons"] == {"rows_disagree": 1}
    tiers = _tiers(company)
    assert tiers["标准"] == [("机器M1", "1", "100"), ("机器M2", "1", "50.5"), ("机器M1", "10", "95")]
    assert tiers["大客户"] == [("机器M1", "1", "90")]
    raw = company.get("exports/price_books?fields=name,valid_from,tiers&sort=name&format=xlsx")
    assert len(_xlsx(raw)) == 5
    other = _with_products()
    again = other.load("price_books", raw, key="name")
    assert again["result"]["records"] == {"created": 2}, again["result"]
    back = _tiers(other)
    assert back == tiers


def _tiers(company: Company) -> dict[str, list[tuple[str, str, str]]]:
    return {
        book["name"]: [
            (tier["product"]["label"], tier["from_quantity"], tier["price"]) for tier in book["tiers"]
        ]
        for book in company.all("price_books")
    }


def _with_products() -> Company:
    company = Company()
    company.hire("money", "finance", "administrator")
    company.load("units", b"name,code\nset,set\n")
    unit = company.all("units")[0]["id"]
    tax = company.post("records/tax_classes", {"name": "机器", "code": "TX"}, who="money", status=201)["id"]
    for place in (1, 2):
        body = {"code": f"M{place}", "name": f"机器M{place}", "unit": unit, "tax_class": tax}
        company.post("records/products", body, status=201)
    return company


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
