"""All addresses: the plain page, its few files, the API where this build has one, and sign-in."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from guantong.site import docs, home
from guantong.site.wanted import exists

API = "guantong.engine.api.urls"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.page),
    path("healthz", home.healthz),
    path("page/<str:name>", home.asset),
    path("api/docs", docs.page),
    path("_allauth/", include("allauth.headless.urls")),
]
if exists(API):
    urlpatterns.append(path("api/", include(API)))
