"""A receipt on its way: recorded, claimed once, confirmed; refunded, cancelled; who may do what."""

from __future__ import annotations

import pytest

from tests.modules.invoicing.trade import OTHER_SALES, SALES, Trade, figures


def test_money_from_somebody_becomes_an_advance_of_the_customer(trade: Trade) -> None:
    receipt = trade.receipt("500.00")
    assert figures(receipt, "number", "state", "customer", "open") == (
        "RC-2026-00001",
        "recorded",
        None,
        "500.00",
    )
    assert trade.entries(receipt) == [{"bank": "500", "unclaimed": "-500"}]
    claimed = trade.sales.post(
        f"receipts/{receipt['id']}/claim", {"customer": trade.customer, "note": "设备款"}
    )
    assert (claimed["claimed_by"]["id"], claimed["owner"]["id"], claimed["note"]) == (
        trade.world.id_of(SALES), trade.world.id_of(SALES), "设备款",
    )  # fmt: skip
    assert trade.books("unclaimed") == "-500"
    confirmed = trade.finance.post(f"receipts/{receipt['id']}/confirm")
    assert confirmed["state"] == "confirmed"
    assert trade.entries(receipt)[1] == {"unclaimed": "500", "advance": "-500"}


@pytest.mark.parametrize(
    ("instrument", "role"),
    [("bill", "notes_receivable"), ("cash", "cash"), ("card", "bank"), ("transfer", "bank")],
)
def test_each_instrument_has_its_account(trade: Trade, instrument: str, role: str) -> None:
    trade.receipt("10.00", instrument=instrument)
    assert trade.books(role) == "10"


def test_a_receipt_with_a_known_customer_is_claimed_with_the_recording(trade: Trade) -> None:
    receipt = trade.receipt("500.00", customer=trade.customer)
    assert figures(receipt, "state", "open") == ("claimed", "500.00")
    assert receipt["owner"]["id"] == trade.world.id_of(SALES)
    assert receipt["claimed_by"]["label"] == "陈静"


def test_one_claim_wins(trade: Trade) -> None:
    receipt, address = trade.receipt("500.00"), "receipts/{}/claim"
    lead = trade.world.as_("李娜")
    trade.sales.post(address.format(receipt["id"]), {"customer": trade.customer})
    assert (
        lead.post(address.format(receipt["id"]), {"customer": trade.customer}, status=409)["code"]
        == "wrong_state"
    )
    trade.sales.post(f"receipts/{receipt['id']}/unclaim")
    lead.post(address.format(receipt["id"]), {"customer": trade.customer})


def test_racing_claims_end_with_one(trade: Trade) -> None:
    receipt = trade.receipt("500.00")
    body = {"customer": trade.customer}
    codes = trade.race(
        lambda at: trade.sales_again().call("POST", f"receipts/{receipt['id']}/claim", body), 16
    )
    assert sorted(codes) == [200] + [409] * 15


def test_sales_claims_only_for_customers_it_knows(trade: Trade) -> None:
    receipt = trade.receipt("500.00")
    other = trade.world.as_(OTHER_SALES)
    other.get(f"receipts/{receipt['id']}")
    refused = other.post(f"receipts/{receipt['id']}/claim", {"customer": trade.customer}, status=422)
    assert figures(refused, "code", "field") == ("unknown_link", "customer")
    trade.sales.post(f"receipts/{receipt['id']}/claim", {"customer": trade.customer})
    trade.sales.post(f"receipts/{receipt['id']}/confirm", status=403)
    other.post(f"receipts/{receipt['id']}/unclaim", status=403)
    trade.finance.post(f"receipts/{receipt['id']}/confirm")
    other.get(f"receipts/{receipt['id']}", status=404)
    trade.sales.get(f"receipts/{receipt['id']}")
    trade.world.as_("张伟").get(f"receipts/{receipt['id']}")
    trade.sales.post("receipts", {"amount": "1.00", "received_on": "2026-03-02"}, status=403)


def test_the_bank_says_it_once(trade: Trade) -> None:
    first = trade.receipt("500.00", bank_reference="T-1")
    body = {
        "amount": "500.00",
        "received_on": "2026-03-02",
        "bank_account": trade.account(),
        "bank_reference": "T-1",
    }
    assert trade.finance.post("receipts", body, status=409)["field"] == "bank_reference"
    trade.finance.post(f"receipts/{first['id']}/cancel", {"why": "twice"})
    trade.finance.post("receipts", body, status=201)


def test_confirming_is_dated_by_the_bank_while_its_month_is_open(trade: Trade) -> None:
    early, late = (trade.receipt("1.00", received_on="2026-02-10", to="claimed") for _ in range(2))
    trade.finance.post(f"receipts/{early['id']}/confirm")
    trade.close_month("2026-02")
    trade.finance.post(f"receipts/{late['id']}/confirm")
    assert trade.days(early) == ["2026-02-10", "2026-02-10"]
    assert trade.days(late) == ["2026-02-10", "2026-03-02"]


@pytest.mark.parametrize("to", ["recorded", "claimed"])
def test_a_receipt_recorded_by_mistake_is_reversed(trade: Trade, to: str) -> None:
    receipt = trade.receipt("500.00", to=to)
    cancelled = trade.finance.post(f"receipts/{receipt['id']}/cancel", {"why": "wrong account"})
    assert figures(cancelled, "state", "open", "why") == ("cancelled", "0.00", "wrong account")
    assert [trade.books(role) for role in ("bank", "unclaimed")] == ["0", "0"]


def test_a_confirmation_is_taken_back_while_nothing_is_spent(trade: Trade) -> None:
    receipt, invoice = trade.receipt("500.00", to="confirmed"), trade.invoice("100.00")
    trade.finance.post(f"receipts/{receipt['id']}/cancel", {"why": "x"}, status=409)
    trade.finance.post(f"receipts/{receipt['id']}/unconfirm")
    assert [trade.books(role) for role in ("advance", "unclaimed")] == ["0", "-500"]
    trade.finance.post(f"receipts/{receipt['id']}/confirm")
    trade.allocate(receipt, (invoice, "1.00"))
    refused = trade.finance.post(f"receipts/{receipt['id']}/unconfirm", status=409)
    assert refused["code"] == "already_spent"


def test_refunds_take_what_is_not_allocated(trade: Trade) -> None:
    receipt, invoice = trade.receipt("500.00", to="confirmed"), trade.invoice("100.00")
    trade.allocate(receipt, (invoice, "100.00"))
    address = f"receipts/{receipt['id']}/refund"
    refused = trade.finance.post(address, {"amount": "400.01", "why": "x"}, status=409)
    assert figures(refused, "code", "field") == ("more_than_received", "amount")
    trade.sales.post(address, {"amount": "1.00", "why": "x"}, status=403)
    after = trade.finance.post(address, {"amount": "150.00", "why": "多付"})
    assert figures(after, "state", "refunded", "open") == ("confirmed", "150.00", "250.00")
    assert trade.entries(receipt)[-1] == {"advance": "150", "bank": "-150"}
    assert [trade.books(role) for role in ("bank", "advance")] == ["350", "-250"]


def test_all_paid_back_ends_the_receipt(trade: Trade) -> None:
    receipt = trade.receipt("500.00", to="confirmed")
    after = trade.finance.post(
        f"receipts/{receipt['id']}/refund", {"amount": "500.00", "why": "order cancelled"}
    )
    assert figures(after, "state", "open") == ("refunded", "0.00")


def test_racing_refunds_never_pay_more_than_there_is(trade: Trade) -> None:
    receipt = trade.receipt("500.00", to="confirmed")
    body = {"amount": "200.00", "why": "x"}
    codes = trade.race(
        lambda at: trade.finance_again().call("POST", f"receipts/{receipt['id']}/refund", body), 16
    )
    assert sorted(codes) == [200] * 2 + [409] * 14
    assert trade.books("bank") == "100"


def test_what_cannot_be_recorded(trade: Trade) -> None:
    good = {"amount": "1.00", "received_on": "2026-03-02", "bank_account": trade.account()}
    for wrong, field in (
        ({"amount": "0.00"}, "amount"),
        ({"amount": "-1.00"}, "amount"),
        ({"amount": "1.001"}, "amount"),
        ({"instrument": "credit"}, "instrument"),
        ({"bank_account": trade.account("USD")}, "bank_account"),
    ):
        assert trade.finance.post("receipts", good | wrong, status=422)["field"] == field
    for late, field in (({"received_on": "2026-03-03"}, "on"), ({"bank_account": None}, "bank_account")):
        made = trade.finance.post("receipts", good | late)
        assert trade.finance.post(f"receipts/{made['id']}/record", status=422)["field"] == field
