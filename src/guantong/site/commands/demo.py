"""Build the demo company with one deal from lead to cash, and print how to sign in. Safe to run twice."""

from __future__ import annotations

import argparse

from guantong.site import demo_card, provision
from guantong.site.django_ready import start_django
from guantong.site.server import opened
from guantong.site.wanted import wanted


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options: there are none."""


def run(options: argparse.Namespace) -> int:
    """Build it, then print the card."""
    with opened():
        start_django()
        provision.run()
        wanted("guantong.site.demo:build")()
        demo_card.show(None)
    return 0
