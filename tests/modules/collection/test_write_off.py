"""Write off small differences within the policy's limit, and bad debts; both can be taken back."""

from __future__ import annotations

from tests.modules.invoicing.trade import Trade, figures


def _write_off(trade: Trade, invoice: dict, amount: str, reason: str, *, status: int | None = None) -> dict:
    made = trade.finance.post("write_offs", {"invoice": invoice["id"], "amount": amount, "reason": reason})
    return trade.finance.post(f"write_offs/{made['id']}/book", status=status)


def test_a_small_difference_closes_the_invoice(trade: Trade) -> None:
    invoice, receipt = trade.invoice("100.00"), trade.receipt("99.00", to="confirmed")
    trade.allocate(receipt, (invoice, "99.00"))
    made = _write_off(trade, invoice, "1.00", "small_difference")
    assert figures(made, "state", "number", "posted_on") == ("posted", "WO-2026-00001", "2026-03-02")
    assert figures(trade.read("invoices", invoice), "state", "settled", "written_off") == (
        "settled",
        "99.00",
        "1.00",
    )
    assert trade.entries(made) == [{"small_difference": "1", "receivable": "-1"}]


def test_the_limit_is_the_policys(trade: Trade) -> None:
    invoice = trade.invoice("100.00")
    assert _write_off(trade, invoice, "1.01", "small_difference", status=409)["code"] == "over_the_limit"
    assert _write_off(trade, invoice, "100.01", "bad_debt", status=409)["code"] == "more_than_open"
    assert trade.books("receivable") == "100"


def test_a_bad_debt_is_written_off_and_paid_after_all(trade: Trade) -> None:
    invoice = trade.invoice("100.00", on="2026-01-10")
    made = _write_off(trade, invoice, "100.00", "bad_debt")
    assert trade.entries(made) == [{"write_off": "100", "receivable": "-100"}]
    assert trade.read("invoices", invoice)["state"] == "settled"
    back = trade.finance.post(f"write_offs/{made['id']}/reverse", {"why": "paid"})
    assert back["state"] == "reversed"
    assert figures(trade.read("invoices", invoice), "state", "open", "due_on") == (
        "issued",
        "100.00",
        "2026-01-10",
    )
    assert trade.books("write_off") == "0"
    trade.finance.post(f"write_offs/{made['id']}/reverse", {"why": "again"}, status=409)


def test_only_finance_gives_up(trade: Trade) -> None:
    invoice = trade.invoice("100.00")
    body = {"invoice": invoice["id"], "amount": "1.00", "reason": "bad_debt"}
    trade.world.as_("李娜").post("write_offs", body, status=403)
    trade.world.as_("张伟").post("write_offs", body, status=403)


def test_racing_write_offs_take_what_is_open(trade: Trade) -> None:
    invoice = trade.invoice("100.00")
    body = {"invoice": invoice["id"], "amount": "40.00", "reason": "bad_debt"}
    made = [trade.finance.post("write_offs", body) for _ in range(8)]
    codes = trade.race(
        lambda at: trade.finance_again().call("POST", f"write_offs/{made[at]['id']}/book", {}), 8
    )
    assert sorted(codes) == [200] * 2 + [409] * 6


def test_money_that_comes_after_a_write_off_closes_the_rest(trade: Trade) -> None:
    invoice = trade.invoice("100.00")
    _write_off(trade, invoice, "1.00", "small_difference")
    trade.allocate(trade.receipt("99.00", to="confirmed"), (invoice, "99.00"))
    assert figures(trade.read("invoices", invoice), "state", "settled", "written_off", "open") == (
        "settled", "99.00", "1.00", "0.00",
    )  # fmt: skip
