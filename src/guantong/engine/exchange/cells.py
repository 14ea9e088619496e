"""A cell as the text that a field of a given kind reads: numbers, days, full-width signs, what Excel did to phones."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from guantong.base.errors import Invalid
from guantong.engine.exchange.neutral import restored
from guantong.engine.fields.spec import FieldSpec
from guantong.engine.objects.labels import LANGUAGES, label

TEXTS = ("text", "long_text")
NUMBERS = ("decimal", "amount", "price", "quantity", "percent", "rate", "integer")
NOTHING = frozenset(("-", "--", "—", "——", "/", "n/a", "#n/a", "null", "none", "无"))
SCIENTIFIC = re.compile(r"-?([0-9](?:\.([0-9]+))?)[Ee]\+([0-9]{1,2})")
PHONE = re.compile(r"[+(]?[0-9][0-9 ()\-]{4,24}")
BRACKETS = re.compile(r"\(([0-9.,]+)\)")
HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
EPOCH = date(1899, 12, 30)


def plain(value: Any) -> str:
    """A cell as people see it, whatever field it is for."""
    if value is None:
        return ""
    if isinstance(value, str):
        return restored(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return _number(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return value.isoformat() if isinstance(value, time) else str(value)


def text_for(value: Any, field: FieldSpec, *, zone: ZoneInfo, name: str = "") -> str:
    """The cell as text for `field.parse_text`; "" is an empty cell. Raises Invalid.

    `name` is the object's, for the words of its choices.
    """
    kind = field.kind.name
    if kind in TEXTS:
        return _text(value, field)
    text = unicodedata.normalize("NFKC", plain(value)).strip("\ufeff\u200b \t\r\n\u3000\xa0")
    if kind in NUMBERS:
        return _figure(text, field)
    if kind in ("date", "moment"):
        return _day(value, text, kind, zone)
    if kind in ("choice", "state"):
        return _choice(text, field, name)
    if kind == "words":
        return re.sub("[、;；|，]", ",", text)
    return text


def _text(value: Any, field: FieldSpec) -> str:
    text = plain(value)
    if isinstance(value, str) and (found := SCIENTIFIC.fullmatch(text.strip())):
        if len(found[2] or "") + 1 < int(found[3]) + 1 and int(found[3]) > 5:
            raise Invalid("digits_lost", field=field.name, value=text)
        return format(Decimal(text.strip()), "f") if int(found[3]) > 5 else text
    half = text.translate(HALF_WIDTH)
    return half.strip() if half != text and PHONE.fullmatch(half.strip()) else text


def _number(value: float | int) -> str:
    """A spreadsheet number with the fifteen digits that a spreadsheet has."""
    return format(Decimal(format(value, ".15g")), "f") if isinstance(value, float) else str(value)


def _figure(text: str, field: FieldSpec) -> str:
    if text.casefold() in NOTHING:
        return ""
    if found := BRACKETS.fullmatch(text):
        text = "-" + found[1]  # accountants write losses in brackets
    if field.kind.name == "percent":
        text = text.removesuffix("%").strip()
    if SCIENTIFIC.fullmatch(text):
        text = format(Decimal(text), "f")
    if field.kind.name == "integer":
        text = re.sub(r"\.0+$", "", text.replace(",", ""))
    return text


def _day(value: Any, text: str, kind: str, zone: ZoneInfo) -> str:
    if isinstance(value, float | int) and not isinstance(value, bool) and 20_000 < value < 80_000:
        value = datetime.combine(EPOCH, time()) + timedelta(seconds=round(float(value) * 86_400))
    if kind == "date":
        return value.strftime("%Y-%m-%d") if isinstance(value, date) else text
    if isinstance(value, date):
        value = value if isinstance(value, datetime) else datetime.combine(value, time())
        return value.replace(tzinfo=value.tzinfo or zone).isoformat()
    return _moment(text, zone)


def _moment(text: str, zone: ZoneInfo) -> str:
    """A moment as written; without a zone it is the organization's."""
    for shape in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y年%m月%d日", "%Y年%m月%d日 %H:%M"):
        try:
            return datetime.strptime(text.replace("/", "-"), shape).replace(tzinfo=zone).isoformat()
        except ValueError:
            continue
    return text


def _choice(text: str, field: FieldSpec, name: str) -> str:
    """The stored word for a word in either language."""
    for choice in field.choices:
        words = [
            label(f"{name}.{field.name}.{choice}", language, common=f"choice.{field.name}.{choice}")
            for language in LANGUAGES
        ]
        if text.casefold() in (choice, *(word.casefold() for word in words)):
            return choice
    return text
