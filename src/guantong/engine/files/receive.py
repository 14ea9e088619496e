"""Reading an upload from a request: one file, refused as soon as it is larger than allowed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from guantong.base.errors import Invalid
from guantong.engine.files.keeping import LARGEST

ENVELOPE = 2**20  # what the other parts of a form may weigh


class Cap(FileUploadHandler):
    """Stops reading at the limit, so that nobody fills the disk on the way to a refusal."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.read, self.exceeded = 0, False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.read += len(raw_data)
        if self.read > LARGEST:
            self.exceeded = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None


def expect_upload(http: HttpRequest) -> Cap:
    """Prepare for one file; call before anything reads the form. Raises Invalid."""
    if not (http.content_type or "").startswith("multipart/form-data"):
        raise Invalid("not_multipart", field="file")
    length = http.headers.get("Content-Length", "")
    if length.isascii() and length.isdigit() and int(length) > LARGEST + ENVELOPE:
        raise Invalid("attachment_too_large", field="file", limit=LARGEST // 2**20)
    cap = Cap(http)
    http.upload_handlers.insert(0, cap)
    return cap


def take_upload(http: HttpRequest, cap: Cap) -> UploadedFile:
    """The uploaded file. Raises Invalid when there is none, several, or too much."""
    try:
        files = http.FILES.getlist("file")
        others = set(http.FILES) - {"file"}
    except (MultiPartParserError, UnreadablePostError, SuspiciousOperation) as error:
        raise Invalid("bad_upload", field="file") from error
    if cap.exceeded:
        raise Invalid("attachment_too_large", field="file", limit=LARGEST // 2**20)
    if len(files) != 1 or others:
        raise Invalid("one_file", field="file")
    return files[0]
