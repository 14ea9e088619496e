"""Every address of the API, in one list."""

from __future__ import annotations

from django.urls import path

from guantong.engine.api import exchange as x
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
    path("imports/<str:plural>", x.answers(POST=x.begin_import)),
    path("imports/<str:plural>/guess", x.answers(POST=x.guess_import)),
    path("imports/<str:job>/errors", x.answers(GET=x.import_errors)),
    path("imports/<str:job>/undo", x.answers(POST=x.undo_import)),
    path("exports/<str:plural>", x.answers(GET=x.export)),
    path("jobs", x.answers(GET=x.list_jobs)),
    path("jobs/<str:id>", x.answers(GET=x.fetch_job)),
    path("jobs/<str:id>/stop", x.answers(POST=x.stop_job)),
]
