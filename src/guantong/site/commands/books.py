"""Check the books: every entry balances, sub-ledgers equal their control accounts, chains are unbroken."""

from __future__ import annotations

import argparse

from guantong.site.django_ready import start_django
from guantong.site.server import opened
from guantong.site.wanted import wanted


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("action", choices=["check"], help="what to do")


def run(options: argparse.Namespace) -> int:
    """Print every finding; exit code 1 when there is one."""
    with opened():
        start_django()
        findings = list(wanted("guantong.modules.ledger.checks:run")() or ())
    for finding in findings:
        print(finding)
    print("The books are right." if not findings else f"{len(findings)} findings.")
    return 1 if findings else 0
