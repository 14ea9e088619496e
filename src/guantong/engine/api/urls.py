"""Every address of the API, in one list."""

from __future__ import annotations

from django.urls import path

from guantong.engine.api import views as v

urlpatterns = [
    path("records/<str:plural>", v.door(GET=v.list_records, POST=v.create_record)),
    path("records/<str:plural>/batch", v.door(POST=v.batch)),
    path("records/<str:plural>/adopt", v.door(POST=v.adopt)),
    path("records/<str:plural>/preview", v.door(POST=v.preview_new)),
    path(
        "records/<str:plural>/<str:id>",
        v.door(GET=v.fetch_record, PATCH=v.change_record, DELETE=v.delete_record),
    ),
    path("records/<str:plural>/<str:id>/preview", v.door(POST=v.preview_record)),
    path("records/<str:plural>/<str:id>/<str:verb>", v.door(POST=v.run_verb)),
    path("verbs/<str:plural>/<str:verb>", v.door(POST=v.verb_for_many)),
    path("aggregate/<str:plural>", v.door(GET=v.totals)),
    path("undo/<str:event>", v.door(POST=v.undo)),
]
