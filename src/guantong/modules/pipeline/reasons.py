"""Why leads and deals are lost: the words that analysis counts. Choices only."""

from __future__ import annotations

from django.db import models


class LostWhy(models.TextChoices):
    """Why a deal or an offer was lost."""

    PRICE = "price"
    PRODUCT = "product"
    COMPETITOR = "competitor"
    TIMING = "timing"
    CANCELLED = "cancelled"
    NO_ANSWER = "no_answer"
    OTHER = "other"


class LeadLostWhy(models.TextChoices):
    """Why a lead was given up."""

    NO_NEED = "no_need"
    NO_BUDGET = "no_budget"
    UNREACHABLE = "unreachable"
    COMPETITOR = "competitor"
    DUPLICATE = "duplicate"
    OTHER = "other"
