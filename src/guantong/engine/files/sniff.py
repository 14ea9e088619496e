"""What a content is, by its first bytes and never by what the sender says. What could run in a browser is inert."""

from __future__ import annotations

import codecs

HEAD = 4096
INERT = "application/octet-stream"
OFFICE = "application/vnd.openxmlformats-officedocument."

MAGIC: list[tuple[int, bytes, str]] = [
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftyp", "video/mp4"),
    (0, b"ID3", "audio/mpeg"),
    (8, b"WAVE", "audio/wav"),
    (0, b"OggS", "audio/ogg"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"AC10", "image/vnd.dwg"),
]
NEEDS_RIFF = (b"WEBP", b"WAVE")
ZIPPED = {
    "docx": OFFICE + "wordprocessingml.document",
    "xlsx": OFFICE + "spreadsheetml.sheet",
    "pptx": OFFICE + "presentationml.presentation",
    "ofd": "application/ofd",
}
STORED = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}
TEXTS = {
    "csv": "text/csv",
    "txt": "text/plain",
    "md": "text/plain",
    "log": "text/plain",
    "json": "application/json",
}
RUNNABLE = (b"<", b"#!", b"{\\rtf", b"%!ps")


def kind_of_content(head: bytes, name: str) -> str:
    """The content type to serve; `name` only chooses among what the bytes allow."""
    ending = name.rpartition(".")[2].lower()
    for offset, magic, kind in MAGIC:
        if head[offset : offset + len(magic)] == magic and (magic not in NEEDS_RIFF or head[:4] == b"RIFF"):
            return _inside(kind, ending)
    return TEXTS.get(ending, INERT) if _is_plain_text(head) else INERT


def _inside(kind: str, ending: str) -> str:
    if kind == "application/zip":
        return ZIPPED.get(ending, kind)
    return STORED.get(ending, kind) if kind == "application/x-ole-storage" else kind


def _is_plain_text(head: bytes) -> bool:
    """Readable text in an encoding of ours, that does not begin like markup or a script."""
    begins = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if any(begins.startswith(sign) for sign in RUNNABLE) or b"\x00" in head:
        return False
    if any(sign in begins for sign in (b"<script", b"<html", b"<svg", b"<?xml", b"<!doctype", b"<iframe")):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return True
    return False
