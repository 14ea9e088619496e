"""Address 地址: where a customer receives goods, invoices or visits."""

from __future__ import annotations

from django.db import models

from guantong.engine.access import role
from guantong.engine.fields import Choice, Link
from guantong.engine.objects import BusinessObject
from guantong.modules.customers.customer import Customer


class Use(models.TextChoices):
    SHIPPING = "shipping"
    INVOICING = "invoicing"
    OFFICE = "office"
    SITE = "site"


class Address(BusinessObject):
    """A place of a customer."""

    customer = Link(Customer)
    use = Choice(Use, default="shipping")
    country = models.CharField(max_length=2, default="CN")
    province = models.CharField(max_length=60, blank=True)
    city = models.CharField(max_length=60, blank=True)
    district = models.CharField(max_length=60, blank=True)
    street = models.CharField(max_length=300)
    postcode = models.CharField(max_length=20, blank=True)
    recipient = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Access:
        read = role("sales", "sales_manager", "finance", "operations", "service", "administrator")
        write = role("sales", "sales_manager", "operations", "service", "administrator")

    class Screen:
        title = "street"
        list = "customer use province city street recipient phone"
        form = {"address": "customer use country province city district street postcode recipient phone"}

    plural = "addresses"
