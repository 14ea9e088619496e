"""The chain of a document, lead to cash."""

from __future__ import annotations

import json

from django.http import HttpRequest

from guantong.engine.api.asking import request_of
from guantong.engine.door.read import identity, whoever
from guantong.engine.door.request import Reply
from guantong.engine.objects.registry import object_called
from guantong.engine.tenancy.scope import scope
from guantong.engine.trail.chain import chain


def fetch_chain(http: HttpRequest, plural: str, id: str) -> Reply:
    """Fetch the graph of documents that a record belongs to: nodes and edges from upstream to downstream."""
    request, spec = request_of(http), object_called(plural)
    with scope(request.credentials.tenant):
        return Reply(text=json.dumps(chain(spec, whoever(request), identity(id)), ensure_ascii=False))
