"""Event: one verb, done once. EventObject: a record that the event touched, and in which role (as in OCEL 2)."""

from __future__ import annotations

from django.db import models

from guantong.engine.tenancy.records import TenantRow


class Event(TenantRow):
    """An appended fact; `event_no` is unique per record, so order, as-of and completeness come from it."""

    append_only = True

    object = models.CharField(max_length=60)
    record = models.UUIDField()
    event_no = models.IntegerField()
    verb = models.CharField(max_length=60)
    from_state = models.CharField(max_length=30, blank=True)
    to_state = models.CharField(max_length=30, blank=True)
    entity = models.UUIDField(null=True)
    actor = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=20)
    team = models.UUIDField(null=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    cause = models.UUIDField(null=True)
    depth = models.IntegerField(default=0)
    arguments = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    request = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "object", "record", "event_no"], name="event_once")
        ]
        indexes = [
            models.Index(fields=["tenant", "recorded_at", "id"], name="event_recorded"),
            models.Index(fields=["tenant", "cause"], name="event_cause"),
        ]


class EventObject(TenantRow):
    """A record that an event touched: itself in the role `self`, others under the name of the link."""

    append_only = True

    event = models.UUIDField()
    object = models.CharField(max_length=60)
    record = models.UUIDField()
    role = models.CharField(max_length=60)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "object", "record", "event"], name="event_object_record"),
            models.Index(fields=["tenant", "event"], name="event_object_event"),
        ]


class Outbox(TenantRow):
    """A reaction that is due; claimed with DELETE … RETURNING in the reaction's own transaction."""

    worker_columns = ("tenant", "due")

    event = models.UUIDField()
    reaction = models.CharField(max_length=120)
    due = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "event", "reaction"], name="outbox_once")]
        indexes = [models.Index(fields=["due"], name="outbox_due")]


class IdempotentReply(TenantRow):
    """The reply of committed work, kept for retries; scoped to tenant, actor and route (trust.md rule 15)."""

    actor = models.UUIDField()
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.IntegerField(default=0)
    reply = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "actor", "key"], name="idempotent_once")]
        indexes = [models.Index(fields=["tenant", "created_at"], name="idempotent_age")]
