"""Uploaded files go after thirty days: until then an import can be taken back and its errors fetched."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from guantong.engine.jobs.schedule import schedule
from guantong.engine.tenancy.scope import scope

UPLOADS_KEPT = timedelta(days=30)
CHUNKS_KEPT = timedelta(days=90)


@schedule("uploads", cron="41 18 * * *")
def tidy_uploads(tenant: UUID, moment: datetime) -> None:
    """Delete old uploads and, later, what is known of their rows."""
    for table, kept in (("exchange_upload", UPLOADS_KEPT), ("exchange_importchunk", CHUNKS_KEPT)):
        with scope(tenant), connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} WHERE tenant = %s AND created_at < %s", [tenant, moment - kept]
            )
