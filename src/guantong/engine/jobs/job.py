"""Job: long work that somebody asked for and may watch. What it did stands elsewhere; this is only its course."""

from __future__ import annotations

from typing import Any

from django.db import models

from guantong.base.clock import now
from guantong.engine.fields import Choice
from guantong.engine.tenancy.records import TenantRow


class JobState(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


ENDED = ("done", "failed", "stopped")


class Job(TenantRow):
    """One call of a registered task, with its progress. `key` is unique: asking twice starts it once."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=300)
    state = Choice(JobState, default="queued")
    owner = models.UUIDField(null=True)
    arguments = models.JSONField(default=dict)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.JSONField(default=dict)
    stop_asked = models.BooleanField(default=False)
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="job_once")]
        indexes = [models.Index(fields=["tenant", "owner", "created_at"], name="job_owner")]

    def as_json(self) -> dict[str, Any]:
        """What people read; without the arguments, which may name things the reader may not see."""
        return {
            "id": str(self.id),
            "kind": self.kind,
            "state": self.state,
            "done": self.done,
            "total": self.total,
            "result": self.result,
            "error": self.error or None,
            "owner": str(self.owner) if self.owner else None,
            "created_at": _moment(self.created_at),
            "started_at": _moment(self.started_at),
            "ended_at": _moment(self.ended_at),
        }


def _moment(value: Any) -> str | None:
    return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if value else None
