"""Issue an invoice: number, dates, books, rights; nothing moves afterwards."""

from __future__ import annotations

from tests.modules.invoicing.trade import FINANCE, OTHER_SALES, SALES, Trade, figures, line


def test_an_issued_invoice_stands_in_the_books(trade: Trade) -> None:
    invoice = trade.invoice("113.00")
    assert figures(invoice, "net", "tax", "gross", "open") == ("100.00", "13.00", "113.00", "113.00")
    assert figures(invoice, "number", "state", "issued_on", "due_on") == (
        "INV-2026-00001", "issued", "2026-03-02", "2026-03-02",
    )  # fmt: skip
    assert figures(invoice, "policy", "policy_edition") == ("standard", 1)
    assert trade.entries(invoice) == [{"receivable": "113", "revenue": "-100", "deferred_vat": "-13"}]


def test_confirming_an_order_drafts_its_invoice_once(trade: Trade) -> None:
    order = trade.order(line("113.00", "3"))
    draft = trade.draft_of(order)
    assert figures(draft, "state", "number", "gross", "open") == ("draft", "", "339.00", "0.00")
    assert draft["owner"]["id"] == trade.world.id_of(SALES)
    assert trade.books("receivable") == "0"
    trade.world.settle()
    assert len(trade.finance.list("invoices")) == 1
    issued = trade.issue(draft)
    order = trade.read("orders", order)
    assert figures(order, "state", "invoiced_gross") == ("completed", "339.00")
    assert order["lines"][0]["invoiced_quantity"] == "3"
    assert issued["lines"][0]["source_line"] == order["lines"][0]["id"]


def test_an_order_of_free_goods_drafts_nothing(trade: Trade) -> None:
    trade.order(line("113.00", kind="gift"))
    assert trade.finance.list("invoices") == []


def test_a_failed_issue_leaves_no_gap_in_the_numbers(trade: Trade) -> None:
    first = trade.invoice("1.00")
    nothing = trade.finance.post("invoices", {"customer": trade.customer, "lines": []})
    assert trade.issue(nothing, status=409)["code"] == "nothing_to_bill"
    assert trade.issue(nothing, status=422, on="2026-03-03")["code"] == "in_future"
    assert [first["number"], trade.invoice("1.00")["number"]] == ["INV-2026-00001", "INV-2026-00002"]


def test_numbers_count_within_the_year_of_issue(trade: Trade) -> None:
    assert trade.invoice("1.00", on="2025-12-31")["number"] == "INV-2025-00001"
    assert trade.invoice("1.00")["number"] == "INV-2026-00001"


def test_a_closed_month_takes_no_invoice(trade: Trade) -> None:
    draft = trade.finance.post("invoices", {"customer": trade.customer, "lines": [line("1.00")]})
    trade.close_month("2026-02")
    assert trade.issue(draft, on="2026-02-27", status=409)["code"] == "period_closed"
    assert trade.issue(draft)["issued_on"] == "2026-03-02"


def test_an_issued_invoice_is_frozen(trade: Trade) -> None:
    invoice = trade.invoice("113.00")
    body = {"version": invoice["version"], "note": "x"}
    assert trade.finance.patch(f"invoices/{invoice['id']}", body, status=409)["code"] == "wrong_state"
    trade.finance.delete(f"invoices/{invoice['id']}", status=409)
    trade.finance.post(f"invoices/{invoice['id']}/cancel", status=409)
    trade.issue(invoice, status=409)
    trade.finance.post(f"invoices/{invoice['id']}/set_settled", {}, status=404)


def test_a_draft_follows_its_lines(trade: Trade) -> None:
    draft = trade.finance.post("invoices", {"customer": trade.customer, "lines": [line("113.00")]})
    body = {"version": draft["version"], "lines": [line("226.00")]}
    assert trade.finance.patch(f"invoices/{draft['id']}", body)["gross"] == "226.00"
    assert trade.finance.post(f"invoices/{draft['id']}/cancel")["state"] == "cancelled"
    assert trade.books("receivable") == "0"


def test_somebody_is_billed(trade: Trade) -> None:
    assert trade.finance.post("invoices", {"lines": [line("1.00")]}, status=422)["field"] == "customer"


def test_due_days_follow_the_payment_term(trade: Trade) -> None:
    parts = [
        {"share": "percent_of_total", "percent": "30", "anchor": "invoice_issued", "days": 10},
        {"share": "remainder", "anchor": "final_accepted", "months": 12},
    ]
    term = trade.finance.post("payment_terms", {"name": "30/70", "parts": parts})
    invoice = trade.invoice("100.01", payment_term=term["id"])
    assert [figures(part, "amount", "on", "anchor") for part in invoice["schedule"]] == [
        ("30.00", "2026-03-12", "invoice_issued"),
        ("70.01", None, "final_accepted"),
    ]
    assert invoice["due_on"] == "2026-03-12"
    reached = {"anchor": "final_accepted", "on": "2026-03-01"}
    invoice = trade.finance.post(f"invoices/{invoice['id']}/reach", reached)
    assert (invoice["due_on"], invoice["schedule"][1]["on"]) == ("2027-03-01", "2027-03-01")


def test_who_may_do_what(trade: Trade) -> None:
    invoice = trade.issue(trade.draft_of(trade.order(line("113.00"))))
    draft = trade.draft_of(trade.order(line("113.00")))
    address = f"invoices/{invoice['id']}"
    assert trade.sales.get(address)["gross"] == "113.00"
    trade.world.as_("李娜").get(address)
    trade.world.as_("张伟").get(address)
    trade.world.as_("孙审").get(address)
    trade.world.as_(OTHER_SALES).get(address, status=404)
    trade.sales.post(f"invoices/{draft['id']}/issue", status=403)
    trade.world.as_("张伟").post(f"invoices/{draft['id']}/issue", status=403)
    trade.sales.post("invoices", {"customer": trade.customer, "lines": []}, status=403)
    trade.world.as_(FINANCE).post(f"invoices/{draft['id']}/issue", status=200)


def test_revenue_carries_the_group_of_the_product(trade: Trade) -> None:
    admin = trade.world.as_("赵敏")
    unit = admin.post("units", {"name": "台", "code": "SET"})
    rates = [{"valid_from": "2019-04-01", "percent": "13"}]
    taxed = admin.post("tax_classes", {"name": "13%", "code": "13", "rates": rates})
    product = admin.post(
        "products",
        {
            "code": "M1", "name": "机床", "group": "machines", "unit": unit["id"], "tax_class": taxed["id"],
            "list_price": "113.00",
        },
    )  # fmt: skip
    body = {"customer": trade.customer, "lines": [{"product": product["id"], "quantity": "2"}, line("11.30")]}
    invoice = trade.issue(trade.finance.post("invoices", body))
    assert invoice["gross"] == "237.30"
    assert trade.dimensions(invoice, "revenue") == [({}, "-10"), ({"product_group": "machines"}, "-200")]
