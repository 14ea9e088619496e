"""Which encoding a text file is in: BOM, UTF-8, UTF-16 by its zeros, GB 18030 by its characters, then a guess."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from guantong.base.errors import Invalid

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
OTHERS = ["cp1252", "cp1250", "cp1251", "big5", "shift_jis", "euc_kr"]
KNOWN = ("utf-8", "gb18030", "gbk", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "latin-1", *OTHERS)
SAMPLE = 200_000
PUNCTUATION = "€‘’“”„–—…•£§°·«»©®´²³½\xa0"
COMMON = 0.7  # share of the characters that GB 2312 knows; Western text read as GB 18030 has almost none


def decode(raw: bytes, encoding: str = "") -> tuple[str, str]:
    """The text and the name of its encoding. Raises Invalid for a named encoding that does not fit."""
    for mark, name in BOMS:
        if raw.startswith(mark):
            raw, marked = raw[len(mark) :], name
            break
    else:
        marked = ""
    if encoding:
        return _named(raw, encoding.lower().replace("_", "-")), encoding
    for name in dict.fromkeys([marked, _by_zeros(raw), "utf-8", "gb18030", "cp1252"]):
        text = _strictly(raw, name) if name else None
        if text is not None and (name not in LIKELY or LIKELY[name](text)):
            return text, name
    return _guessed(raw)


def _named(raw: bytes, name: str) -> str:
    if name not in KNOWN:
        raise Invalid("unknown_encoding", field="encoding", known=", ".join(KNOWN))
    text = _strictly(raw, name)
    if text is None:
        raise Invalid("wrong_encoding", field="encoding", encoding=name)
    return text


def _strictly(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except UnicodeDecodeError:
        return None


def _by_zeros(raw: bytes) -> str:
    """UTF-16 without a mark: every other byte of its ASCII part is zero."""
    head = raw[:4000]
    if len(raw) % 2 or not head.count(0):
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if min(even, odd) * 10 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_chinese(text: str) -> bool:
    foreign = [char for char in text[:SAMPLE] if ord(char) > 127]
    if not foreign:
        return True
    common = sum(1 for char in foreign if _in_gb2312(char))
    return common >= COMMON * len(foreign)


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return "\u4e00" <= char <= "\u9fff" and len(char.encode("gbk", "ignore")) == 2 and _frequent(char)
    return True


def _frequent(char: str) -> bool:
    """Rare characters of names (the whole of GBK level 3 and 4) count when their second byte is no ASCII letter."""
    return char.encode("gbk")[1] >= 0x80


def _is_western(text: str) -> bool:
    """Few letters with accents among many without, and no rain of symbols, which Big5 or Cyrillic would be."""
    foreign = [char for char in text[:SAMPLE] if ord(char) > 127]
    usual = sum(1 for char in foreign if char in PUNCTUATION or "À" <= char <= "ÿ")
    return usual >= 0.8 * len(foreign) and len(foreign) < 0.4 * len(text[:SAMPLE])


LIKELY = {"gb18030": _is_chinese, "cp1252": _is_western}


def _guessed(raw: bytes) -> tuple[str, str]:
    best = from_bytes(raw[:SAMPLE], cp_isolation=OTHERS).best()
    for name in (best.encoding if best else "cp1252", "cp1252"):
        text = _strictly(raw, name)
        if text is not None:
            return text, name
    return raw.decode("latin-1"), "latin-1"
