"""505 dirty rows in GB 18030, and a workbook with a title row: every row is a customer, a contact, or a reason."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any

from guantong.base.errors import Invalid
from guantong.base.identity import credit_code, phone
from tests.realdata.given import SHARED, every, imported, needs, refused_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.world import World

FOLDER = SHARED / "cn-contacts-generated"
CUSTOMER = {"序号": "external_ref", "客户名称": "name", "手机": "phone", "统一社会信用代码": "credit_code"}
CONTACT = {"联系人": "name", "手机": "mobile", "邮箱": "email", "序号": "customer.external_ref"}

pytestmark = needs("cn-contacts-generated")


def rows_of_file() -> list[dict[str, str]]:
    text = (FOLDER / "contacts_gbk.csv").read_bytes().decode("gb18030")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_csv_becomes_customers_and_contacts(world: World) -> None:
    rows, content = rows_of_file(), (FOLDER / "contacts_gbk.csv").read_bytes()
    assert len(rows) == 505
    wrong = {
        row["序号"]
        for row in rows
        if row["统一社会信用代码"] and not valid(credit_code, row["统一社会信用代码"])
    }

    job = imported(world, "李娜", "customers", content, mapping=CUSTOMER)
    result = job["result"]
    assert job["state"] == "done" and result["encoding"] == "gb18030", job
    assert (result["read"], result["created"], result["refused"]) == (505, 505 - len(wrong), len(wrong))
    customers = every(world, "李娜", "customers")
    assert {record["external_ref"] for record in customers} == {row["序号"] for row in rows} - wrong
    if wrong:
        errors = list(csv.reader(io.StringIO(refused_rows(world, "李娜", job["job"]))))
        assert len(errors) == len(wrong) + 1, "one row of reasons for each refused row"

    job = imported(world, "李娜", "contacts", content, mapping=CONTACT)
    result = job["result"]
    contacts = every(world, "李娜", "contacts")
    assert result["read"] == 505 and result["created"] + result["refused"] == 505
    assert result["created"] == len(contacts)
    print("customers:", 505 - len(wrong), "contacts:", result["created"], "refused:", result["reasons"])
    names = {record["external_ref"]: record["name"] for record in customers}
    assert all(names[row["序号"]].strip() == row["客户名称"].strip() for row in rows if row["序号"] in names)


def test_the_workbook_with_a_title_row(world: World) -> None:
    content = (FOLDER / "contacts_with_title_row.xlsx").read_bytes()
    job = imported(world, "李娜", "customers", content, name="f.xlsx")
    result = job["result"]
    assert job["state"] == "done", job
    assert result["header_row"] > 1, "the title row is no heading"
    assert result["created"] + result["refused"] == result["read"] > 0
    customers = every(world, "李娜", "customers")
    assert len(customers) == result["created"]
    phones = [record["phone"] for record in customers if record["phone"]]
    assert phones and all("." not in one and "E" not in one for one in phones), "numbers are no phones"
    print("workbook:", {key: result[key] for key in ("read", "created", "refused", "reasons", "mapping")})


def test_how_many_duplicates_can_be_recognised() -> None:
    """A report for the next issue: pairs found by normalised credit code or phone, against the truth."""
    rows = rows_of_file()
    truth = json.loads((FOLDER / "truth.json").read_text("utf-8"))["entity_of_row"]
    planted = {pair for same in groups(truth).values() for pair in combinations(same, 2)}
    found: dict[str, set[tuple[int, int]]] = {}
    for name, column, normal in (("code", "统一社会信用代码", credit_code), ("phone", "手机", phone)):
        keys = [normalised(normal, row[column]) for row in rows]
        found[name] = {pair for key, same in groups(keys).items() if key for pair in combinations(same, 2)}
    both = found["code"] | found["phone"]
    assert not both - planted, "nobody else has the same number"
    assert (len(planted), len(found["code"]), len(found["phone"]), len(both)) == (105, 41, 69, 101)
    print("planted", len(planted), {name: len(pairs) for name, pairs in found.items()}, "either", len(both))


def groups(keys: list[Any]) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        found[key].append(place)
    return found


def normalised(normal: Callable[..., str], text: str) -> str:
    try:
        return normal(text, field="x") if text else ""
    except Invalid:
        return ""


def valid(normal: Callable[..., str], text: str) -> bool:
    return bool(normalised(normal, text))
