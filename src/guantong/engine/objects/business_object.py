"""BusinessObject, Document and Line: what every record is given (house.md 4)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from guantong.base.clock import now
from guantong.engine.fields import Amount, Currency, Link, Quantity
from guantong.engine.objects.built_in import BuiltIn
from guantong.engine.tenancy.records import TenantBase, TenantRow


class ObjectBase(TenantBase):
    """Gives every concrete object its keys and indexes, also where it writes its own Meta."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> Any:
        meta = attrs.setdefault("Meta", type("Meta", (), {}))
        if not getattr(meta, "abstract", False):
            short = (attrs["__module__"].split(".")[-2][:8] + "_" + name.lower())[:22]
            meta.constraints = [
                models.UniqueConstraint(
                    fields=["tenant", "number"], condition=~Q(number=""), name=f"{short}_number"
                ),
                models.UniqueConstraint(fields=["tenant", "external_ref"], name=f"{short}_extref"),
                models.UniqueConstraint(
                    fields=["tenant", "source_id", "source_object", "purpose"], name=f"{short}_source"
                ),
                *getattr(meta, "constraints", ()),
            ]
            meta.indexes = [
                GinIndex(fields=["tenant", "grams"], name=f"{short}_grams"),
                models.Index(fields=["tenant", "created_at", "id"], name=f"{short}_time"),
                *getattr(meta, "indexes", ()),
            ]
        return super().__new__(mcs, name, bases, attrs, **kwargs)


class BusinessObject(TenantRow, metaclass=ObjectBase):
    """A thing in the world that people keep a record of."""

    number = models.CharField(max_length=60, blank=True, editable=False)
    version = models.IntegerField(default=1, editable=False)
    event_no = models.IntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    created_by = models.UUIDField(null=True, editable=False)
    changed_at = models.DateTimeField(default=now, editable=False)
    changed_by = models.UUIDField(null=True, editable=False)
    happened_at = models.DateTimeField(default=now, editable=False)
    external_ref = models.CharField(max_length=120, null=True, blank=True)
    source_object = models.CharField(max_length=60, null=True, editable=False)
    source_id = models.UUIDField(null=True, editable=False)
    purpose = models.CharField(max_length=60, null=True, editable=False)
    adopted = models.BooleanField(default=False, editable=False)
    extra = models.JSONField(default=dict, editable=False)
    grams = ArrayField(models.TextField(), default=list, editable=False)

    created = BuiltIn()
    changed = BuiltIn()
    deleted = BuiltIn()

    plural: ClassVar[str] = ""
    series: ClassVar[Any] = None
    append_only: ClassVar[bool] = False
    adopt_states: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    class Access:
        """Default deny: an object without rules of its own is open to nobody."""

    class Screen:
        title = "number"

    def derive(self) -> None:
        """Compute what follows from the entered facts (totals, defaults). Runs before each write."""

    def verify(self) -> None:
        """Raise Invalid or Refused when the facts contradict each other. Runs after `derive`."""

    def load_lines(self) -> list[Any]:
        """The document's rows, read under the lock of the header; outside a verb there are none to change."""
        loader = self.__dict__.get("_load_lines")
        if loader is None:
            raise RuntimeError("lines are read in a verb, or through the door")
        return loader(self)

    def __str__(self) -> str:
        return str(getattr(self, getattr(self.Screen, "title", "number"), "") or self.number or self.pk)


class Document(BusinessObject):
    """A record that a legal entity issues or receives."""

    entity = Link("org.Entity", blank=True)
    customer_ref = models.CharField(max_length=100, blank=True)
    currency = Currency(default="CNY")

    class Meta:
        abstract = True


class Line(TenantRow):
    """A row of a document, with where it came from, how much of it and for what amount."""

    position = models.IntegerField(default=0, editable=False)
    source_object = models.CharField(max_length=60, null=True, editable=False)
    source_id = models.UUIDField(null=True, editable=False)
    source_line = models.UUIDField(null=True, editable=False)
    source_quantity = Quantity(null=True, editable=False)
    source_amount = Amount(currency="^currency", null=True, editable=False)

    class Meta:
        abstract = True
