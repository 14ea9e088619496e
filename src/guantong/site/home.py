"""The plain page that the address shows until the browser side lands: what runs here, one deal, sign-in."""

from __future__ import annotations

from pathlib import Path

from django.db import DatabaseError, connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from guantong.site import demo_card
from guantong.site.databases import database_url
from guantong.site.version import version
from guantong.site.words import WORDS, language

PAGES = Path(__file__).with_name("pages")
ASSETS = {"plain.css": "text/css", "signin.js": "text/javascript"}


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the plain page."""
    lang = language(request)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = str(cursor.fetchone()[0]).split()[0]
    facts = {
        "words": WORDS[lang],
        "lang": lang,
        "version": version(),
        "server": server,
        "embedded": database_url() is None,
        "road": [
            (step.zh, step.state_zh, step) if lang == "zh" else (step.en, step.state_en, step)
            for step in demo_card.road()
        ],
    }
    answer = render(request, "home.html", facts)
    patch_vary_headers(answer, ["Accept-Language"])
    return answer


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Say whether this process can answer: it can when the database does."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
def asset(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve one of the page's own files; nothing else can be named."""
    if name not in ASSETS:
        raise Http404
    answer = FileResponse((PAGES / name).open("rb"), content_type=f"{ASSETS[name]}; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
