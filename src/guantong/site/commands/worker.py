"""Do background work: reactions left over, schedules, mail, imports. Run any number of these."""

from __future__ import annotations

import argparse

from guantong.site.django_ready import start_django
from guantong.site.server import opened
from guantong.site.supervise import die_with_parent
from guantong.site.wanted import wanted


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options: there are none."""


def run(options: argparse.Namespace) -> int:
    """Work until told to stop."""
    die_with_parent()
    with opened():
        start_django()
        wanted("guantong.engine.jobs.worker:run")()
    return 0
