"""Organizations, accounts and users made from the command line or by the demo: what no form can make yet."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError

from guantong.base.clock import now
from guantong.base.errors import Invalid, NotFound, Refused
from guantong.engine.door.house import as_house
from guantong.engine.org import token
from guantong.engine.org.entity import Entity
from guantong.engine.org.team import Team
from guantong.engine.org.user import User
from guantong.engine.tenancy.account import Account
from guantong.engine.tenancy.organization import Organization
from guantong.engine.tenancy.scope import scope


def create_organization(name: str, *, entity: str = "", code: str = "A", **facts: str) -> Organization:
    """Make a tenant with its first legal entity; modules install their charts and pipelines with it."""
    organization = Organization.objects.create(name=name, created_at=now())
    as_house(organization.id, lambda unit: unit.create(Entity, name=entity or name, code=code, **facts))
    return organization


def create_account(email: str, password: str | None, name: str) -> Account:
    """Make an account that may sign in. Raises Invalid for a weak password, Refused when it exists."""
    if Account.objects.filter(email=email).exists():
        raise Refused("account_exists", field="email")
    if password is not None:
        _check(password)
    return Account.objects.create_user(email, password, name=name)


def add_user(
    tenant: str | UUID | None,
    account: Account | None,
    name: str,
    roles: Iterable[str],
    team: Team | None = None,
) -> User:
    """Make the account's user in an organization (by name or id; the only one when None)."""
    organization = find_organization(tenant)
    facts = {"name": name, "roles": list(roles), "team": team}
    email = account.email if account else ""

    def make(unit) -> User:  # type: ignore[no-untyped-def]
        return unit.create(User, account=account, email=email, **facts)

    user = as_house(organization.id, make)
    if account is not None and organization.id not in account.tenants:
        account.tenants = [*account.tenants, organization.id]
        account.save(update_fields=["tenants"])
    return user


def find_organization(named: str | UUID | None) -> Organization:
    """An organization by name or id; the only one when None. Raises NotFound, Refused."""
    if named is None:
        found = list(Organization.objects.all()[:2])
        if len(found) != 1:
            raise Refused("name_the_organization")
        return found[0]
    by = {"id": named} if isinstance(named, UUID) else {"name": named}
    organization = Organization.objects.filter(**by).first()
    if organization is None:
        raise NotFound("no_organization")
    return organization


def find_user(tenant: str | UUID | None, email: str) -> User:
    """The user of an account in an organization. Raises NotFound."""
    organization = find_organization(tenant)
    with scope(organization.id):
        user = User.objects.filter(account__email=email).first()
    if user is None:
        raise NotFound("no_user")
    return user


def issue_token(user: User, name: str = "command line") -> str:
    """A token for a user, shown this once."""
    with scope(user.tenant):
        return token.issue_token(user.tenant, user.id, name)


def set_password(email: str, password: str) -> None:
    """Set a password and end every session of the account. Raises NotFound, Invalid."""
    account = Account.objects.filter(email=email).first()
    if account is None:
        raise NotFound("no_account")
    _check(password)
    account.set_password(password)
    account.save(update_fields=["password"])
    for session in Session.objects.filter(expire_date__gte=now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(account.id):
            session.delete()


def list_accounts() -> list[str]:
    """One line for each account: e-mail, name, organizations."""
    names = dict(Organization.objects.values_list("id", "name"))
    return [
        f"{account.email}  {account.name}  {', '.join(names.get(t, str(t)) for t in account.tenants)}"
        for account in Account.objects.order_by("email")
    ]


def _check(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        raise Invalid("weak_password", field="password", detail=" ".join(error.messages)) from error
