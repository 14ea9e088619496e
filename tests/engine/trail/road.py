"""A short road for tests of the chain: lead, deal, order with lines, delivery with lines, receipt and its split.

The classes belong to no app, so that they are in nobody's registry but while `road()` is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, models

from guantong.engine.access import own, role, team
from guantong.engine.fields import Amount, Currency, Lines, Link, Owner, Quantity, State
from guantong.engine.objects import BusinessObject, Document, Line
from guantong.engine.objects.registry import all_objects, by_model, by_name, make_spec
from guantong.engine.tenancy.backend.schema import APP_ROLE


class Rights:
    read = own | team | role("finance")
    write = own | team


class TrialParty(BusinessObject):
    name = models.CharField(max_length=100)
    owner = Owner()
    plural = "trial_parties"
    Access = Rights

    class Screen:
        title = "name"

    class Meta:
        app_label = "trial"


class TrialDeal(BusinessObject):
    party = Link(TrialParty, chain=True)
    name = models.CharField(max_length=100)
    currency = Currency(default="CNY")
    amount = Amount(null=True, blank=True)
    owner = Owner()
    state = State("open", "won")
    Access = Rights

    class Screen:
        title = "name"

    class Meta:
        app_label = "trial"


class TrialOrderLine(Line):
    quantity = Quantity(default=1)
    gross = Amount(currency="^currency", default=0)

    class Meta:
        app_label = "trial"


class TrialOrder(Document):
    deal = Link(TrialDeal, chain=True, null=True, blank=True)
    gross = Amount(default=0)
    owner = Owner()
    state = State("draft", "confirmed")
    lines = Lines(TrialOrderLine)
    Access = Rights

    class Meta:
        app_label = "trial"


class TrialDeliveryLine(Line):
    quantity = Quantity(default=1)

    class Meta:
        app_label = "trial"


class TrialDelivery(Document):
    owner = Owner()
    state = State("planned", "shipped")
    lines = Lines(TrialDeliveryLine)
    plural = "trial_deliveries"
    Access = Rights

    class Meta:
        app_label = "trial"


class TrialReceipt(Document):
    party = Link(TrialParty, chain=True)
    amount = Amount(default=0)
    owner = Owner()

    class Access:
        read = role("finance")
        write = role("finance")

    class Meta:
        app_label = "trial"


class TrialSplit(BusinessObject):
    receipt = Link(TrialReceipt, chain=True)
    order = Link(TrialOrder, chain=True)
    owner = Owner()
    Access = Rights

    class Meta:
        app_label = "trial"


OBJECTS = (TrialParty, TrialDeal, TrialOrder, TrialDelivery, TrialReceipt, TrialSplit)
TABLES = (
    TrialParty,
    TrialDeal,
    TrialOrder,
    TrialOrderLine,
    TrialDelivery,
    TrialDeliveryLine,
    TrialReceipt,
    TrialSplit,
)


@contextmanager
def road() -> Iterator[None]:
    """The tables and the registry with the road in it; both as they were afterwards."""
    registries: tuple[Any, ...] = (all_objects(), by_model(), by_name())
    owner = connections["owner"]
    for model in OBJECTS:
        spec = make_spec(model)
        for registry, key in zip(registries, (spec.plural, spec.model, spec.name), strict=True):
            registry[key] = spec
    with owner.schema_editor() as editor:
        for model in TABLES:
            editor.create_model(model)
    with owner.cursor() as cursor:
        for model in TABLES:
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {model._meta.db_table} TO {APP_ROLE}")
    try:
        yield
    finally:
        connections["default"].close()
        with owner.schema_editor() as editor:
            for model in reversed(TABLES):
                editor.delete_model(model)
        for registry in registries:
            for key in [key for key, spec in registry.items() if spec.model in OBJECTS]:
                del registry[key]
