"""Imports through the API: what is read is created, changed or skipped for a reason; rights are those of the door."""

from __future__ import annotations

from tests.engine.exchange.company import Company, shared, xlsx


def test_generated_contacts_in_gbk() -> None:
    company = Company()
    content = shared("cn-contacts-generated/contacts_gbk.csv").read_bytes()
    seen = company.upload("imports/customers/guess", content, status=200)
    assert (seen["encoding"], seen["header_row"], seen["rows"]) == ("gb18030", 1, 505)
    targets = {column["header"]: column["target"] for column in seen["columns"]}
    assert targets["客户名称"] == "name" and targets["手机"] == "phone"
    assert targets["统一社会信用代码"] == "credit_code"
    job = company.load("customers", content)
    result = job["result"]
    assert job["state"] == "done", job
    assert result["read"] == 505 == result["created"] + result["changed"] + result["skipped"]
    assert result["skipped"] == sum(1 for p in result["problems"]), result
    assert len(company.all("customers")) == result["created"]


def test_workbook_with_a_title_row() -> None:
    company = Company()
    content = shared("cn-contacts-generated/contacts_with_title_row.xlsx").read_bytes()
    seen = company.upload("imports/contacts/guess", content, status=200)
    assert seen["header_row"] == 2 and seen["sheet"] == "客户"
    assert {c["header"]: c["target"] for c in seen["columns"]}["联系人"] == "name"
    job = company.load("contacts", content, mapping={"联系人": "name", "手机": "mobile", "邮箱": "email"})
    assert job["state"] == "done" and job["result"]["read"] == 200, job
    phones = {item["mobile"] for item in company.all("contacts")}
    assert "13284757963" in phones and not any("." in p or "E" in p for p in phones)


def test_dry_run_writes_nothing_and_says_what_would_be() -> None:
    company = Company()
    content = (
        "姓名,邮箱,角色\n王磊,wl@example.com,sales\n李四,不是邮箱,sales\n张三,z@example.com,king\n".encode()
    )
    job = company.load("users", content, dry_run=True)
    assert (job["result"]["created"], job["result"]["refused"]) == (1, 2), job
    assert (
        job["result"]["reasons"] == {"bad_email": 1, "unknown_role": 1} or len(job["result"]["reasons"]) == 2
    )
    assert len(company.all("users")) == 1
    errors = company.get(f"imports/{job['id']}/errors").decode("utf-8-sig")
    assert "李四" in errors and "张三" in errors and "王磊" not in errors


def test_bad_rows_are_skipped_and_the_rest_is_written() -> None:
    company = Company()
    rows = [f"用户{i},u{i}@example.com,{'king' if i % 10 == 0 else 'sales'}" for i in range(1200)]
    job = company.load("users", ("姓名,邮箱,角色\n" + "\n".join(rows)).encode())
    assert (job["result"]["created"], job["result"]["refused"]) == (1080, 120), job["result"]
    assert job["done"] == job["total"] == 1200
    names = {item["name"] for item in company.all("users")}
    assert "用户1" in names and "用户10" not in names and len(names) == 1081


def test_database_conflicts_are_found_by_halves() -> None:
    company = Company()
    rows = [f"公司{i},C{i % 90}" for i in range(100)]
    content = ("名称,代码\n" + "\n".join(rows)).encode()
    job = company.load("entities", content, mapping={"名称": "name", "代码": "code"})
    assert (job["result"]["created"], job["result"]["refused"]) == (90, 10), job["result"]
    assert job["result"]["reasons"] == {"not_unique": 10}


def test_stop_means_all_or_nothing() -> None:
    company = Company()
    content = b"name,roles\nA,sales\nB,king\n"
    job = company.load("users", content, on_error="stop")
    assert job["state"] == "failed" and job["error"]["code"] == "import_stopped"
    assert job["result"]["created"] == 0 and job["result"]["read"] == 2 == job["result"]["skipped"]
    assert len(company.all("users")) == 1


def test_update_or_create_by_key() -> None:
    company = Company()
    first = "ref,name,email\nA1,甲,a@example.com\nA2,乙,b@example.com\n"
    mapping = {"ref": "external_ref", "name": "name", "email": "email"}
    company.load("users", first.encode(), mapping=mapping, key=["external_ref"])
    again = "ref,name,email\nA1,甲甲,a@example.com\nA2,乙,b@example.com\nA3,丙,\nA3,丙丙,\n"
    job = company.load("users", again.encode(), mapping=mapping, key="external_ref")
    result = job["result"]
    assert (result["created"], result["changed"], result["skipped"]) == (1, 2, 1), result
    assert result["reasons"] == {"unchanged": 1}
    found = {item["external_ref"]: item["name"] for item in company.all("users") if item["external_ref"]}
    assert found == {"A1": "甲甲", "A2": "乙", "A3": "丙丙"}
    dry = company.load("users", again.encode(), mapping=mapping, key="external_ref", dry_run=True)["result"]
    assert (dry["created"], dry["changed"], dry["skipped"]) == (0, 2, 2), dry


def test_links_by_title_number_and_to_rows_above() -> None:
    company = Company()
    content = "小组,上级,负责人\n华东,,boss\n上海,华东,\n浦东,上海,nobody\n".encode()
    mapping = {"小组": "name", "上级": "parent", "负责人": "lead"}
    dry = company.load("teams", content, mapping=mapping, dry_run=True)["result"]
    assert (dry["created"], dry["refused"]) == (2, 1), dry
    job = company.load("teams", content, mapping=mapping)
    assert (job["result"]["created"], job["result"]["refused"]) == (2, 1), job["result"]
    assert job["result"]["problems"][0]["code"] == "unknown_name"
    teams = {item["name"]: item for item in company.all("teams")}
    assert teams["上海"]["parent"]["label"] == "华东" and teams["华东"]["lead"]["label"] == "boss"
    twins = company.load("teams", "name\n华东\n".encode())
    assert twins["result"]["created"] == 1
    job = company.load("teams", "name,parent\n苏州,华东\n".encode())
    assert job["result"]["problems"][0]["code"] == "ambiguous_name"


def test_rights_are_those_of_the_door() -> None:
    company = Company()
    company.hire("sales", "sales")
    company.upload("imports/users", b"name\nX\n", who="sales", status=403)
    content = "名称,负责人\n甲公司,sales\n乙公司,boss\n".encode()
    job = company.load("customers", content, who="sales", mapping={"名称": "name", "负责人": "owner"})
    assert job["state"] == "done", job
    by_hand = company.clients["sales"].post(
        "/api/records/customers",
        {"name": "乙公司", "owner": str(company.users["boss"].id)},
        content_type="application/json",
    )
    assert (job["result"]["created"] == 2) == (by_hand.status_code == 201)
    company.upload(
        "imports/customers",
        b"name,created_by\nX,boss\n",
        who="sales",
        status=422,
        mapping={"created_by": "created_by", "name": "name"},
    )
    company.get(f"jobs/{job['id']}", who="boss")
    company.hire("other", "sales")
    company.get(f"jobs/{job['id']}", who="other", status=404)
    company.get(f"imports/{job['id']}/errors", who="other", status=404)


def test_original_author_and_day_are_kept() -> None:
    company = Company()
    user = company.hire("old", "sales")
    content = "名称,创建时间,创建人\n甲公司,2019-05-06,old\n乙公司,2019/5/7 8:30,nobody\n".encode()
    job = company.load("customers", content)
    assert job["result"]["created"] == 1 and job["result"]["problems"][0]["code"] == "unknown_name", job[
        "result"
    ]
    (found,) = company.all("customers")
    assert found["happened_at"].startswith("2019-05-05T16:00") and found["created_by"] == str(user.id)


def test_choices_numbers_and_days_as_people_write_them() -> None:
    company = Company()
    content = xlsx(
        ["客户导入模板"],
        [],
        ["名称", "电话", "信用额度", "逾期天数", "币种", "级别"],
        ["甲", 13800138000, 1234567.89, 30, "cny", "A"],
        ["乙", "１３８００１３８０００", "￥1,200.50", "15", "USD", "b"],
        ["丙", "1.38E+10", "1", "", "", ""],
        ["丁", "1.3800138001E+10", "(5)", "", "", ""],
    )
    mapping = {
        "名称": "name",
        "电话": "phone",
        "信用额度": "credit_limit",
        "逾期天数": "overdue_days_allowed",
        "币种": "currency",
        "级别": "level",
    }
    job = company.load("customers", content, name="f.xlsx", mapping=mapping)
    found = {item["name"]: item for item in company.all("customers")}
    assert found["甲"]["phone"] == found["乙"]["phone"] == "13800138000", job
    assert found["甲"]["credit_limit"] == "1234567.89" and found["乙"]["credit_limit"] == "1200.50"
    assert (
        found["甲"]["overdue_days_allowed"] == 30
        and found["甲"]["currency"] == "CNY"
        and found["甲"]["level"] == "a"
    )
    codes = {problem["row"]: problem["code"] for problem in job["result"]["problems"]}
    assert codes == {6: "digits_lost", 7: "negative"}, job["result"]
    assert job["result"]["header_row"] == 3


def test_the_same_key_starts_one_import() -> None:
    company = Company()
    first = company.upload("imports/teams", b"name\nA\n", once="k1")
    again = company.upload("imports/teams", b"name\nA\n", once="k1")
    assert first == again
    company.upload("imports/teams", b"name\nB\n", once="k1", status=422)
    company.run(first["job"])
    company.run(first["job"])
    assert [team["name"] for team in company.all("teams")] == ["A"]


def test_what_cannot_work_is_refused_at_once() -> None:
    company = Company()
    for content, options, code in (
        (b" ", {}, "file_empty"),
        (b"%PDF-1.4", {}, "not_a_table"),
        (b"name\nx\n", {"mapping": {"nix": "name"}}, "unknown_column"),
        (b"name\nx\n", {"mapping": {"name": "password"}}, "unknown_field"),
        (b"name\nx\n", {"mapping": {"name": "state"}}, "unknown_field"),
        (b"name,n2\nx,y\n", {"mapping": {"name": "name", "n2": "name"}}, "mapped_twice"),
        (b"mail\nx\n", {"mapping": {"mail": "email"}}, "required_not_mapped"),
        (b"name\nx\n", {"mapping": {"name": "name"}, "key": "external_ref"}, "key_not_mapped"),
        (b"name\nx\n", {"encoding": "klingon"}, "unknown_encoding"),
        (b"name\n\xff\xfex\n", {"encoding": "utf-8"}, "wrong_encoding"),
        (b"name\nx\n", {"on_error": "ignore"}, "not_a_choice"),
        (b"name\nx\n", {"nonsense": 1}, "unknown_field"),
    ):
        reply = company.upload("imports/users", content, status=422, **options)
        assert reply["code"] == code, reply
    company.upload("imports/nothing", b"name\nx\n", status=404)
    company.post("imports/users", {}, status=422)


def test_the_written_row_must_be_the_users_too() -> None:
    company = Company()
    company.hire("seller", "sales")
    content = "name,ref,owner\n甲,A1,seller\n乙,A2,seller\n".encode()
    mapping = {"name": "name", "ref": "external_ref", "owner": "owner"}
    company.load("customers", content, who="seller", mapping=mapping)
    content = "name,ref,owner\n甲,A1,boss\n乙乙,A2,seller\n".encode()
    job = company.load("customers", content, who="seller", mapping=mapping, key="external_ref")
    assert (job["result"]["changed"], job["result"]["reasons"]) == (1, {"not_allowed": 1}), job["result"]
    found = {item["name"]: item["owner"]["label"] for item in company.all("customers")}
    assert found == {"甲": "seller", "乙乙": "seller"}
