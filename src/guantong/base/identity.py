"""Who is who: credit codes, VAT ids, bank accounts, phones, e-mail. Thin over python-stdnum and phonenumbers.

Every function normalises (full-width forms, blanks, capitals) and returns one spelling, or raises
`Invalid(code, field)`. Nothing is looked up: a right check digit does not prove that somebody exists.
"""

from __future__ import annotations

import unicodedata
from types import ModuleType

import phonenumbers
from stdnum import bic, ean, iban, iso11649, lei
from stdnum.cn import uscc
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret
from stdnum.gb import vat as gb_vat

from guantong.base.errors import Invalid

KINDS: dict[str, ModuleType] = {
    "credit_code": uscc,
    "eu_vat": eu_vat,
    "gb_vat": gb_vat,
    "iban": iban,
    "bic": bic,
    "creditor_reference": iso11649,
    "lei": lei,
    "gtin": ean,
    "siren": siren,
    "siret": siret,
}
"""The checked identifiers by their stored name."""

_LOCAL_SIGNS = frozenset("!#$%&'*+-/=?^_`{|}~.")
_LONGEST = 254


def plain(text: object, *, field: str) -> str:
    """Fold full-width and compatibility forms (NFKC) and drop all blanks and invisible signs.

    Raises `Invalid`: `text_expected`, `text_missing`, `text_too_long` (over 254 characters).
    """
    if not isinstance(text, str):
        raise Invalid("text_expected", field=field, kind=type(text).__name__)
    if len(text) > _LONGEST:
        raise Invalid("text_too_long", field=field, longest=_LONGEST)
    folded = unicodedata.normalize("NFKC", text)
    kept = "".join(
        sign for sign in folded if not sign.isspace() and unicodedata.category(sign) not in ("Cf", "Cc")
    )
    if not kept:
        raise Invalid("text_missing", field=field)
    return kept


def identifier(text: object, *, kind: str, field: str | None = None) -> str:
    """Check an identifier of a named kind and give its compact form.

    Raises `Invalid`: `identifier_kind_unknown`, `<kind>_invalid`, those of `plain`.
    """
    where = field or kind
    if kind not in KINDS:
        raise Invalid("identifier_kind_unknown", field=where, kind=str(kind))
    kept = plain(text, field=where).upper()
    if not kept.isascii():
        raise Invalid(f"{kind}_invalid", field=where)
    try:
        return str(KINDS[kind].validate(kept))
    except ValidationError as error:
        raise Invalid(f"{kind}_invalid", field=where, why=type(error).__name__) from error


def credit_code(text: object, *, field: str = "credit_code") -> str:
    """Check a 统一社会信用代码 (GB 32100). Raises `Invalid("credit_code_invalid")`."""
    return identifier(text, kind="credit_code", field=field)


def vat_number(text: object, *, field: str = "vat_number") -> str:
    """Check a VAT number of an EU country, country letters first. Raises `Invalid("eu_vat_invalid")`."""
    return identifier(text, kind="eu_vat", field=field)


def bank_account(text: object, *, field: str = "bank_account") -> str:
    """Check a bank account (银行账号): an IBAN, or 5 to 34 digits as in China; hyphens are dropped.

    Domestic numbers have no common check digit. Raises `Invalid`: `iban_invalid`, `bank_account_invalid`.
    """
    kept = plain(text, field=field).upper().replace("-", "")
    if kept[:2].isascii() and kept[:2].isalpha():
        return identifier(kept, kind="iban", field=field)
    if not (kept.isascii() and kept.isdigit() and 5 <= len(kept) <= 34):
        raise Invalid("bank_account_invalid", field=field)
    return kept


def phone(text: object, region: str = "CN", *, field: str = "phone") -> str:
    """Give a phone number in E.164 form: `138 0013 8000` → `+8613800138000`.

    `region` serves numbers written without a country code. Raises `Invalid`: `phone_invalid`,
    `phone_has_extension` (E.164 cannot hold one, so it is not dropped in silence).
    """
    kept = plain(text, field=field)
    if not any(sign.isdigit() for sign in kept) or any(sign.isalpha() for sign in kept.replace("转", "")):
        raise Invalid("phone_invalid", field=field)
    try:
        number = phonenumbers.parse(kept.replace("转", "ext"), region)
    except phonenumbers.NumberParseException as error:
        raise Invalid("phone_invalid", field=field) from error
    if number.extension:
        raise Invalid("phone_has_extension", field=field, extension=number.extension)
    if not phonenumbers.is_valid_number(number):
        raise Invalid("phone_invalid", field=field)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email(text: object, *, field: str = "email") -> str:
    """Check an e-mail address and give it with its domain in lower case; the part before `@` stays.

    Strict: ASCII, unquoted local part of at most 64 characters, a domain of at least two labels, no
    address literals. Read by splitting, in linear time. Raises `Invalid`: `email_invalid`, those of `plain`.
    """
    if isinstance(text, str) and any(sign.isspace() for sign in text.strip()):
        raise Invalid("email_invalid", field=field)
    kept = plain(text, field=field)
    local, at, domain = kept.partition("@")
    labels = domain.lower().split(".")
    if not (at and kept.isascii() and _is_local(local) and len(labels) > 1 and all(map(_is_label, labels))):
        raise Invalid("email_invalid", field=field)
    if labels[-1].isdigit() or len(labels[-1]) < 2:
        raise Invalid("email_invalid", field=field)
    return f"{local}@{domain.lower()}"


def _is_local(local: str) -> bool:
    words = local.split(".")
    return len(local) <= 64 and all(words) and all(sign.isalnum() or sign in _LOCAL_SIGNS for sign in local)


def _is_label(label: str) -> bool:
    inner = label.replace("-", "")
    return 0 < len(label) <= 63 and inner.isalnum() and label[0] != "-" and label[-1] != "-"
