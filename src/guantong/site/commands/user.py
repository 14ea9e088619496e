"""Accounts: make one, list them, set a password, issue an API token.

  guantong user add anna@example.com --name Anna --tenant acme --role sales
  guantong user list
  guantong user password anna@example.com
  guantong user token anna@example.com --tenant acme

Passwords are asked for, or read from standard input when that is no terminal; never given as an option.
"""

from __future__ import annotations

import argparse
import getpass
import sys

from guantong.site.django_ready import start_django
from guantong.site.faults import USAGE, Stop
from guantong.site.server import opened
from guantong.site.wanted import wanted

ACCOUNTS = "guantong.engine.org.accounts"


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="add|list|password|token")
    add = actions.add_parser("add", help="make an account, and a user of an organization")
    add.add_argument("email")
    add.add_argument("--name", required=True, help="how others see the person")
    add.add_argument("--tenant", help="the organization; may be left out while there is only one")
    add.add_argument("--role", action="append", default=[], help="may be given several times")
    actions.add_parser("list", help="list the accounts")
    for name, text in (("password", "set a new password"), ("token", "issue an API token, shown once")):
        action = actions.add_parser(name, help=text)
        action.add_argument("email")
        if name == "token":
            action.add_argument("--tenant", help="the organization; may be left out while there is only one")


def run(options: argparse.Namespace) -> int:
    """Do one of the four."""
    password = _password() if options.action in ("add", "password") else ""
    with opened():
        start_django()
        return {"add": _add, "list": _list, "password": _set, "token": _token}[options.action](
            options, password
        )


def _password() -> str:
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = getpass.getpass("New password: ")
        if getpass.getpass("Once more: ") != password:
            raise Stop("The two passwords differ.", USAGE)
    if not password:
        raise Stop("A password is needed on standard input.", USAGE)
    return password


def _add(options: argparse.Namespace, password: str) -> int:
    account = wanted(f"{ACCOUNTS}:create_account")(options.email, password, options.name)
    wanted(f"{ACCOUNTS}:add_user")(options.tenant, account, options.name, options.role)
    print(f"{options.email} may sign in.")
    return 0


def _list(options: argparse.Namespace, _: str) -> int:
    for line in wanted(f"{ACCOUNTS}:list_accounts")():
        print(line)
    return 0


def _set(options: argparse.Namespace, password: str) -> int:
    wanted(f"{ACCOUNTS}:set_password")(options.email, password)
    print(f"{options.email} has a new password; the open sessions have ended.")
    return 0


def _token(options: argparse.Namespace, _: str) -> int:
    user = wanted(f"{ACCOUNTS}:find_user")(options.tenant, options.email)
    print(wanted(f"{ACCOUNTS}:issue_token")(user))
    return 0
