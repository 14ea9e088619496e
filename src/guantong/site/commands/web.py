"""Answer requests, and nothing else. Run any number of these, on any number of machines."""

from __future__ import annotations

import argparse
import os

from granian import Granian
from granian.constants import Interfaces

from guantong.site import ports
from guantong.site.server import opened
from guantong.site.supervise import die_with_parent

MOST = 4
THREADS = 8


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--host", default=os.environ.get("HOST_ADDRESS", "127.0.0.1"), help="address to listen on"
    )
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")), help="port (8000)")
    parser.add_argument("--workers", type=int, default=0, help="processes (one per core, at most 4)")


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    die_with_parent()
    ports.refuse_taken(options.host, options.port)
    count = options.workers or min(MOST, os.cpu_count() or 1)
    os.environ["GUANTONG_POOL"] = str(THREADS)
    with opened():
        Granian(
            "guantong.site.wsgi:application",
            address=options.host,
            port=options.port,
            interface=Interfaces.WSGI,
            workers=count,
            blocking_threads=THREADS,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_access=False,
        ).serve()
    return 0
