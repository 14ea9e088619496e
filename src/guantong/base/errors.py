"""Every refusal the house can give: a stable code, a field where one is to blame, and plain parameters.

Words in the user's language are made at the edge (`engine.objects.labels`); here are codes only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Problem(Exception):
    """A refusal that a person can act on. `code` is stable and documented, `status` is the HTTP status."""

    status = 400

    def __init__(self, code: str, *, field: str | None = None, detail: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.detail = detail
        self.params: Mapping[str, Any] = params

    def __str__(self) -> str:
        where = f" [{self.field}]" if self.field else ""
        more = f" {dict(self.params)}" if self.params else ""
        return f"{self.code}{where}{': ' + self.detail if self.detail else ''}{more}"


class Invalid(Problem):
    """The input is not well formed or not complete (422)."""

    status = 422


class Several(Invalid):
    """Several inputs are wrong at once; each keeps its own field and code (422)."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("invalid")
        self.problems = problems

    def __str__(self) -> str:
        return "; ".join(str(problem) for problem in self.problems)


class Refused(Problem):
    """The record's state or a business rule forbids this now (409)."""

    status = 409


class Conflict(Problem):
    """Somebody else changed the record meanwhile, or a value must be unique (409)."""

    status = 409


class NotAllowed(Problem):
    """The caller may read the record but may not do this (403)."""

    status = 403


class NotFound(Problem):
    """Unknown, or not readable by the caller: both look alike (404)."""

    status = 404

    def __init__(self, code: str = "not_found", **params: Any) -> None:
        super().__init__(code, **params)


class SignInNeeded(Problem):
    """No valid session or token (401)."""

    status = 401
