"""Refusals as RFC 9457 problem+json, with stable codes and a sentence in the caller's language."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

from guantong.base.errors import Problem, Several
from guantong.engine.objects.labels import message


def problem_response(problem: Problem, language: str) -> HttpResponse:
    """The response for a refusal."""
    body = json.dumps(describe(problem, language), ensure_ascii=False)
    response = HttpResponse(body, status=problem.status, content_type="application/problem+json")
    if problem.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def describe(problem: Problem, language: str) -> dict[str, Any]:
    """A refusal as RFC 9457 members, plus `code`, `field` and, for several at once, `errors`."""
    if isinstance(problem, Several):
        errors = [describe(part, language) for part in problem.problems]
        first = errors[0]
        return {**first, "errors": [{k: e[k] for k in ("code", "field", "title") if k in e} for e in errors]}
    found = {
        "type": f"urn:guantong:problem:{problem.code}",
        "title": message(problem.code, language, {**problem.params, "field": problem.field or ""}),
        "status": problem.status,
        "code": problem.code,
    }
    if problem.field:
        found["field"] = problem.field
    if problem.detail:
        found["detail"] = problem.detail
    if problem.code == "stale":
        found["current"] = problem.params["current"]
    return found
