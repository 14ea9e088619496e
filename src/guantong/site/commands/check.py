"""Look for misconfiguration: Django's checks, the house rules, pending migrations, marks on the database."""

from __future__ import annotations

import argparse
import sys

from django.core.checks import WARNING, run_checks

from guantong.site import provision, roles
from guantong.site.django_ready import start_django
from guantong.site.server import connected, opened


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--deploy", action="store_true", help="also what matters on the open network (https)")


def run(options: argparse.Namespace) -> int:
    """Print what is wrong; exit code 1 when anything is."""
    with opened():
        start_django()
        found = run_checks(include_deployment_checks=options.deploy)
        words = [str(item) for item in found if item.level >= WARNING and not item.is_silenced()]
        words += [f"The migration {name} is pending: run `guantong migrate`." for name in provision.pending()]
        with connected() as connection:
            words += [f"A superuser should run once: {line}" for line in roles.unmarked(connection)]
    print("\n".join(words) or "Nothing to complain about.", file=sys.stderr if words else sys.stdout)
    return 1 if words else 0
