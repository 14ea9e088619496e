"""Identifiers, phones and e-mail: one spelling or a refusal with its field."""

from __future__ import annotations

import json
import time

import pytest

from guantong.base.errors import Invalid
from guantong.base.identity import bank_account, credit_code, email, identifier, phone, plain, vat_number
from tests.base.scenarios import SHARED

KINDS = {
    "IBAN": "iban",
    "RF creditor reference (ISO 11649)": "creditor_reference",
    "LEI": "lei",
    "CN unified social credit code (GB 32100)": "credit_code",
    "EU VAT": "eu_vat",
    "EAN/GTIN": "gtin",
    "FR SIREN": "siren",
    "FR SIRET": "siret",
    "GB VAT": "gb_vat",
    "BIC": "bic",
}


def _vectors() -> list[dict[str, str]]:
    path = SHARED / "identifiers" / "vectors.json"
    return json.loads(path.read_text("utf-8"))["cases"] if path.exists() else []


@pytest.mark.skipif(not _vectors(), reason=f"no {SHARED}/identifiers: set GUANTONG_SHARED_DATA")
def test_identifiers_agree_with_the_vectors() -> None:
    for case in _vectors():
        try:
            answer: str | None = identifier(case["value"], kind=KINDS[case["kind"]])
        except Invalid:
            answer = None
        assert answer == case.get("compact"), case


@pytest.mark.parametrize(
    ("check", "text", "answer"),
    [
        (credit_code, " ９１１１００００６０００３７３４１ｌ ", "91110000600037341L"),
        (credit_code, "91110000-600037341L", "91110000600037341L"),
        (vat_number, "be 0897.290.877", "BE0897290877"),
        (bank_account, "6222 0212-3456 7890 123", "6222021234567890123"),
        (bank_account, "nl91 abna 0417 1643 00", "NL91ABNA0417164300"),
        (phone, "138 0013 8000", "+8613800138000"),
        (phone, "＋８６（０）10-6234 5678", "+861062345678"),
        (phone, "010-62345678", "+861062345678"),
        (phone, "+1 650-253-0000", "+16502530000"),
        (email, " Li.Wei@Example.COM ", "Li.Wei@example.com"),
        (email, "ｗａｎｇ＠example.com", "wang@example.com"),
        (email, "a+b@sub-domain.example.cn", "a+b@sub-domain.example.cn"),
    ],
)
def test_one_spelling(check, text: str, answer: str) -> None:  # type: ignore[no-untyped-def]
    assert check(text) == answer


@pytest.mark.parametrize(
    ("check", "text", "code"),
    [
        (credit_code, "91110000600037342L", "credit_code_invalid"),
        (credit_code, "911100006000", "credit_code_invalid"),
        (credit_code, "", "text_missing"),
        (credit_code, 91110000600037341, "text_expected"),
        (credit_code, "9" * 300, "text_too_long"),
        (bank_account, "1234", "bank_account_invalid"),
        (bank_account, "62220２12x", "bank_account_invalid"),
        (bank_account, "DE89370400440532013001", "iban_invalid"),
        (phone, "12345", "phone_invalid"),
        (phone, "13800138000x", "phone_invalid"),
        (phone, "no phone", "phone_invalid"),
        (phone, "010-62345678转801", "phone_has_extension"),
        (phone, None, "text_expected"),
        *[
            (email, text, "email_invalid")
            for text in (
                "li", "li@", "@example.com", "li@example", "li@@example.com", "li@ex@ample.com",
                "li wei@example.com",
                ".li@example.com", "li.@example.com", "l..i@example.com", "li@-example.com",
                "li@example-.com",
                "li@example..com", "li@.com", "li@example.c", "li@127.0.0.1", "li@[127.0.0.1]",
                '"li"@example.com',
                "李@example.com", "li@例子.cn", "li@exam_ple.com", f"{'l' * 65}@example.com",
                f"li@{'e' * 64}.com",
                "li,wei@example.com", "li@example.com, wei@example.com", "li<wei@example.com>",
            )
        ],
    ],
)  # fmt: skip
def test_refusals(check, text: object, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Invalid) as caught:
        check(text, field="where")
    assert (caught.value.code, caught.value.field) == (code, "where")


def test_unknown_kinds_and_invisible_signs() -> None:
    with pytest.raises(Invalid, match="identifier_kind_unknown"):
        identifier("1", kind="passport")
    assert plain("\u200b９\u00a0９\u202e9", field="x") == "999"


def test_no_text_makes_it_slow() -> None:
    started = time.monotonic()
    for text in ("a" * 100_000 + "@", "a." * 120 + "@b", "@" * 250, "a@" + "b-" * 100, "1" * 250, "+" * 250):
        for check in (email, phone, bank_account, credit_code):
            with pytest.raises(Invalid):
                check(text)
    assert time.monotonic() - started < 2
