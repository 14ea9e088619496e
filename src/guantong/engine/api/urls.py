"""Every address of the API, in one list. What names a part of a record comes before the verbs."""

from __future__ import annotations

from django.urls import path

from guantong.engine.api import chain, files, history, me, meta, openapi
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
    path("records/<str:plural>/<str:id>/events", v.door(GET=history.list_events)),
    path("records/<str:plural>/<str:id>/history", v.door(GET=history.record_as_of)),
    path("records/<str:plural>/<str:id>/chain", v.door(GET=chain.fetch_chain)),
    path(
        "records/<str:plural>/<str:id>/comments", v.door(GET=history.list_comments, POST=history.add_comment)
    ),
    path("records/<str:plural>/<str:id>/files", v.door(GET=files.list_files, POST=files.add_file)),
    path("records/<str:plural>/<str:id>/<str:verb>", v.door(POST=v.run_verb)),
    path("verbs/<str:plural>/<str:verb>", v.door(POST=v.verb_for_many)),
    path("reports", v.door(GET=v.list_reports)),
    path("reports/<str:name>", v.door(GET=v.fetch_report)),
    path("aggregate/<str:plural>", v.door(GET=v.totals)),
    path("undo/<str:event>", v.door(POST=v.undo)),
    path("imports/<str:plural>", v.door(POST=x.begin_import)),
    path("imports/<str:plural>/guess", v.door(POST=x.guess_import)),
    path("imports/<str:job>/errors", v.door(GET=x.import_errors)),
    path("imports/<str:job>/undo", v.door(POST=x.undo_import)),
    path("exports/<str:plural>", v.door(GET=x.export)),
    path("jobs", v.door(GET=x.list_jobs)),
    path("jobs/<str:id>", v.door(GET=x.fetch_job)),
    path("jobs/<str:id>/stop", v.door(POST=x.stop_job)),
    path("files/<str:id>", v.door(GET=files.download, DELETE=files.remove_file)),
    path("meta", v.door(GET=meta.all_meta)),
    path("meta/<str:plural>", v.door(GET=meta.one_meta)),
    path("me", v.door(GET=me.who_am_i)),
    path("me/tokens", v.door(GET=me.list_tokens, POST=me.add_token)),
    path("me/tokens/<str:id>", v.door(DELETE=me.revoke_token)),
    path("openapi.json", v.door(GET=openapi.serve)),
]
