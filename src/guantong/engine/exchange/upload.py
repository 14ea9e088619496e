"""What an import keeps: the file as it came, and what became of each row, chunk by chunk."""

from __future__ import annotations

from django.db import models

from guantong.base.clock import now
from guantong.engine.tenancy.records import TenantRow


class Upload(TenantRow):
    """A file that somebody brought, kept for thirty days: for going on after a fall, and for the file of errors."""

    job = models.UUIDField()
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "job"], name="upload_job")]


class ImportChunk(TenantRow):
    """What became of some entries of an import. Written in the transaction of its effect: done once, or not at all."""

    job = models.UUIDField()
    first = models.IntegerField()
    last = models.IntegerField()
    verdicts = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "job", "first"], name="import_chunk_once")]
