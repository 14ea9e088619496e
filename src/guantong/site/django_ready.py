"""Start Django once in this process, for commands that need tables."""

from __future__ import annotations

import os

import django
from django.apps import apps


def start_django(*, pooled: int = 0) -> None:
    """Load settings and packages; `pooled` is for processes that answer requests."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guantong.site.settings")
    if pooled:
        os.environ["GUANTONG_POOL"] = str(pooled)
    if not apps.ready:
        django.setup()
