"""From an HTTP request to the door and back: one small function per address of house.md 8."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import wraps

import structlog
from django.db import DataError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from guantong.base.errors import Invalid, Problem
from guantong.engine.api.asking import language_of, request_of
from guantong.engine.api.body import Malformed
from guantong.engine.api.errors import problem_response
from guantong.engine.door import many, read, write
from guantong.engine.door.adopt import adopt as adopt_record
from guantong.engine.door.request import Reply
from guantong.engine.door.undo import undo as undo_event
from guantong.engine.objects.registry import object_called
from guantong.engine.query.listing import Page

log = structlog.get_logger()
View = Callable[..., Reply | HttpResponseBase]


class WrongMethod(Problem):
    """The address does not answer this method (405)."""

    status = 405


class Unavailable(Problem):
    """The database does not answer, or not in time (503)."""

    status = 503


class Unforeseen(Problem):
    """A fault of ours (500)."""

    status = 500


def door(**methods: View) -> Callable[..., HttpResponseBase]:
    """A view that answers the given methods; whatever is refused becomes a problem, never a 500 by design."""
    first = next(iter(methods.values()))

    @csrf_exempt
    @wraps(first)
    def answer(http: HttpRequest, **parts: str) -> HttpResponseBase:
        language = language_of(http)
        try:
            view = methods.get(http.method or "") or (methods.get("GET") if http.method == "HEAD" else None)
            if view is None:
                raise WrongMethod("wrong_method")
            found = view(http, **parts)
            return respond(found) if isinstance(found, Reply) else found
        except Problem as problem:
            response = problem_response(problem, language)
            if isinstance(problem, WrongMethod):
                response["Allow"] = ", ".join(methods)
            return response
        except Exception as error:
            return last_resort(error, language)

    answer.methods = methods  # type: ignore[attr-defined]  # read by the OpenAPI document
    return answer


def last_resort(error: Exception, language: str) -> HttpResponse:
    """What nobody foresaw: logged whole, told as a problem without internals (trust.md Q6)."""
    if isinstance(error, DataError):
        return problem_response(Invalid("bad_value"), language)
    if isinstance(error, OperationalError | InterfaceError):
        log.warning("database unavailable", error=repr(error))
        connection.close_if_unusable_or_obsolete()
        response = problem_response(Unavailable("unavailable"), language)
        response["Retry-After"] = "2"
        return response
    log.exception("unforeseen")
    return problem_response(Unforeseen("unforeseen"), language)


def respond(reply: Reply) -> HttpResponse:
    """A reply as it goes out; JSON passes through as bytes."""
    response = HttpResponse(reply.text, status=reply.status, content_type="application/json; charset=utf-8")
    response["Cache-Control"] = "no-store"
    if reply.pending:
        response["Pending-Reactions"] = str(reply.pending)
    if reply.replayed:
        response["Idempotent-Replayed"] = "true"
    return response


def page_of(http: HttpRequest) -> Page:
    """What to read, from the query. Raises Malformed, Invalid."""
    query = http.GET
    unknown = set(query) - {"filter", "sort", "fields", "limit", "cursor", "count", "q", "group", "measure"}
    if unknown:
        raise Invalid("unknown_parameter", field=sorted(unknown)[0][:60])
    filter_text = query.get("filter", "")
    if len(filter_text) > 50_000:
        raise Invalid("too_many_conditions", field="filter", limit=50)
    try:
        chosen = json.loads(filter_text, parse_float=Decimal) if filter_text else None
    except (ValueError, RecursionError):
        raise Malformed("malformed_json", field="filter") from None
    limit = query.get("limit", "50")
    if not (limit.isascii() and limit.isdigit() and len(limit) < 12):
        raise Invalid("bad_limit", field="limit", limit=200)
    fields = tuple(name for name in query.get("fields", "").split(",") if name)
    return Page(
        filter=chosen,
        q=query.get("q", "")[:200],
        sort=query.get("sort", "")[:300],
        fields=fields or None,
        limit=int(limit),
        cursor=query.get("cursor", "")[:4000],
        count=query.get("count", "none"),
    )


def list_records(http: HttpRequest, plural: str) -> Reply:
    return read.listing(request_of(http), object_called(plural), page_of(http))


def create_record(http: HttpRequest, plural: str) -> Reply:
    return write.create(request_of(http), object_called(plural))


def preview_new(http: HttpRequest, plural: str) -> Reply:
    return write.create(request_of(http), object_called(plural), preview=True)


def fetch_record(http: HttpRequest, plural: str, id: str) -> Reply:
    return read.fetch(request_of(http), object_called(plural), read.identity(id))


def change_record(http: HttpRequest, plural: str, id: str) -> Reply:
    request = request_of(http)
    version = if_match(http)
    if version is not None and isinstance(request.body, dict):
        request.body.setdefault("version", version)
    return write.change(request, object_called(plural), read.identity(id))


def delete_record(http: HttpRequest, plural: str, id: str) -> Reply:
    return write.delete(request_of(http), object_called(plural), read.identity(id), if_match(http))


def preview_record(http: HttpRequest, plural: str, id: str) -> Reply:
    return write.change(request_of(http), object_called(plural), read.identity(id), preview=True)


def run_verb(http: HttpRequest, plural: str, id: str, verb: str) -> Reply:
    return write.verb(request_of(http), object_called(plural), read.identity(id), verb)


def batch(http: HttpRequest, plural: str) -> Reply:
    return many.batch(request_of(http), object_called(plural))


def adopt(http: HttpRequest, plural: str) -> Reply:
    return adopt_record(request_of(http), object_called(plural))


def verb_for_many(http: HttpRequest, plural: str, verb: str) -> Reply:
    return many.verbs(request_of(http), object_called(plural), verb)


def undo(http: HttpRequest, event: str) -> Reply:
    return undo_event(request_of(http), read.identity(event))


def totals(http: HttpRequest, plural: str) -> Reply:
    group, measure = http.GET.get("group", "")[:300], http.GET.get("measure", "")[:300]
    return read.totals(request_of(http), object_called(plural), page_of(http), group, measure)


def list_reports(http: HttpRequest) -> Reply:
    """List the reports that the caller may read, with their parameters."""
    return read.reports(request_of(http))


def fetch_report(http: HttpRequest, name: str) -> Reply:
    """Read a report (trial_balance, ageing, revenue, vat, account_statement) of an `entity` `until` a day."""
    return read.report(request_of(http), name, http.GET.dict())


def if_match(http: HttpRequest) -> int | None:
    """The version in If-Match; raises Invalid for what is none."""
    text = http.headers.get("If-Match", "").strip('"')
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid("not_integer", field="If-Match")
    return int(text)
