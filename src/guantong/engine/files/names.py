"""File names: as people wrote them, without what misleads or escapes (trust.md I7); headers after RFC 6266."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

LONGEST = 150
FORBIDDEN = '<>:"|?*'


def clean_name(name: str) -> str:
    """The last part of a path without control, direction and path characters; never empty, never hidden."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/")).rsplit("/", 1)[-1]
    kept = (
        "_" if char in FORBIDDEN else char
        for char in name
        if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )
    name = "".join(kept).strip(" .")
    if len(name) > LONGEST:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if dot and len(ending) <= 10 else ""
        name = (stem if ending else name)[: LONGEST - len(ending)] + ending
    return name or "file"


def disposition(name: str) -> str:
    """Content-Disposition that always downloads: an ASCII name for old programs, the real one beside it."""
    stem, dot, ending = name.rpartition(".")
    plain = _ascii(stem) or "file"
    if dot and _ascii(ending):
        plain += "." + _ascii(ending)
    plain = plain if dot else _ascii(name) or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(char if char.isalnum() or char in "._- " else "_" for char in plain).strip(" ._")
