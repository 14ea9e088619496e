"""Run everything: the database, pending migrations, the web process and the worker.

Prints the address, the demo sign-in and the road of one deal. Ctrl-C stops all of it cleanly.
"""

from __future__ import annotations

import argparse
import os
import time

from guantong.site import demo_card, ports, provision
from guantong.site.django_ready import start_django
from guantong.site.faults import USAGE, Stop
from guantong.site.folder import ensure_folder
from guantong.site.locks import FileLock
from guantong.site.server import opened
from guantong.site.supervise import Child, stop_all
from guantong.site.wanted import exists

WORKER = "guantong.engine.jobs.worker"
FIRST_ANSWER = 30.0


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--host", default=os.environ.get("HOST_ADDRESS", "127.0.0.1"), help="address to listen on"
    )
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")), help="port (8000)")
    parser.add_argument("--workers", type=int, default=0, help="web processes (one per core, at most 4)")
    parser.add_argument(
        "--no-demo", action="store_true", help="do not build the demo company in an empty database"
    )


def run(options: argparse.Namespace) -> int:
    """Run until told to stop."""
    folder = ensure_folder()
    lock = FileLock(folder / "run" / "serve.lock")
    if not lock.own():
        raise Stop(f"Guantong runs already from {folder}: {lock.read() or 'ask the other terminal'}.", USAGE)
    ports.refuse_taken(options.host, options.port)
    _name_address(options)
    lock.note(f"process {os.getpid()}, http://{options.host}:{options.port}")
    try:
        with opened():
            _bring_up(options)
            return _watch(_children(options))
    except KeyboardInterrupt:
        print("Guantong stopped.", flush=True)
        return 0
    finally:
        lock.close()


def _name_address(options: argparse.Namespace) -> None:
    """Tell the children the address that people use, unless it is configured."""
    everywhere = options.host in ("0.0.0.0", "::")  # noqa: S104 - a comparison
    near = "localhost" if everywhere or options.host == "127.0.0.1" else options.host
    os.environ.setdefault("GUANTONG_URL", f"http://{near}:{options.port}")
    if everywhere and not os.environ.get("GUANTONG_HOSTS"):
        print("Only localhost is answered: name this machine in GUANTONG_HOSTS for the others.", flush=True)


def _bring_up(options: argparse.Namespace) -> None:
    start_django()
    report = provision.run()
    if report.migrations:
        print(f"Applied {len(report.migrations)} migrations.", flush=True)
    for line in report.script:
        print(f"A superuser should run once: {line}", flush=True)
    if not options.no_demo:
        demo_card.build_once()


def _children(options: argparse.Namespace) -> list[Child]:
    logs = ensure_folder() / "logs"
    place = ["--host", options.host, "--port", str(options.port), "--workers", str(options.workers)]
    children = [Child(["web", *place], logs / "web.log")]
    if exists(WORKER):
        children.append(Child(["worker"], logs / "worker.log"))
    try:
        web, *others = children
        web.start()
        _await_answer(web, options)
        for child in others:  # people first: two starts at once would slow the first answer down
            child.start()
        demo_card.show(os.environ["GUANTONG_URL"].rstrip("/"))
    except BaseException:
        stop_all(children)
        raise
    return children


def _await_answer(web: Child, options: argparse.Namespace) -> None:
    until = time.monotonic() + FIRST_ANSWER
    while not ports.answers(options.host, options.port):
        if not web.alive() or time.monotonic() > until:
            raise Stop(f"The web process does not answer: {web.last_words()} (see {web.log}).")
        time.sleep(0.03)


def _watch(children: list[Child]) -> int:
    try:
        while True:
            time.sleep(0.5)
            for child in children:
                if not child.alive():
                    print(f"The {child.command[0]} process fell over and is started again.", flush=True)
                    child.raise_again()
    finally:
        stop_all(children)
