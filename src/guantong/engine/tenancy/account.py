"""Account: who signs in. Not `org.User`: one person may belong to several tenants (house.md 7)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from guantong.base.clock import now
from guantong.base.identity import email as checked_email
from guantong.base.ids import uuid7


class Accounts(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Account:
        """Create an account that may sign in; without a password only other ways in work."""
        account = self.model(email=checked_email(email), created_at=now(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A sign-in identity, shared by the organizations in `tenants` that the person works for."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, blank=True)
    tenants = ArrayField(models.UUIDField(), default=list, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)

    objects = Accounts()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.email
