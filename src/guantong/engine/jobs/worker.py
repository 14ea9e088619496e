"""The worker process: jobs and schedules, leftover reactions, the reaper and tidying, until told to stop.

Any number of them may run: the queue, the outbox and the reaper each let one at a time have a row.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import structlog
from django.db import connections
from procrastinate.worker import Worker

from guantong.engine.jobs.leftover import sweep
from guantong.engine.jobs.queue import ready_app
from guantong.engine.jobs.reaper import reap
from guantong.engine.jobs.task import closing_down
from guantong.engine.jobs.tidy import tidy

log = structlog.get_logger()
AT_ONCE = 2  # jobs at a time in one process
GRACE = 10.0  # seconds for running jobs; the supervisor waits fifteen
SWEEP, REAP, TIDY = 1.0, 20.0, 3600.0  # seconds between two rounds


def run(stop: Event | None = None) -> None:
    """Work until `stop` is set or the process is told to end (SIGTERM, SIGINT)."""
    stop = stop or Event()
    closing_down.clear()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    queue = Queue(stop)
    rounds = [
        Round("reactions", SWEEP, lambda: sweep(stop.is_set), stop),
        Round("reaper", REAP, lambda: reap(*queue.at_work()), stop),
        Round("tidy", TIDY, lambda: tidy(stop.is_set), stop),
    ]
    for one in rounds:
        one.start()
    try:
        queue.run()
    finally:
        stop.set()
        closing_down.set()
        for one in rounds:
            one.join(GRACE)
        connections.close_all()


@dataclass
class Queue:
    """The loop of procrastinate; started again when the database went away."""

    stop: Event
    worker: Worker | None = field(default=None, init=False)

    def run(self) -> None:
        """Run until stopped; a fall is logged and waited out."""
        while not self.stop.is_set():
            try:
                asyncio.run(self._once())
            except Exception as error:
                log.error("the queue fell over", error=repr(error))
                self.stop.wait(3.0)

    async def _once(self) -> None:
        app = ready_app()
        async with app.open_async():
            self.worker = app._worker(
                concurrency=AT_ONCE,
                install_signal_handlers=False,
                fetch_job_polling_interval=5.0,
                shutdown_graceful_timeout=GRACE,
            )
            watch = asyncio.create_task(self._watch(self.worker))
            try:
                await self.worker.run()
            finally:
                watch.cancel()
                self.worker = None

    async def _watch(self, worker: Worker) -> None:
        while not self.stop.is_set():
            await asyncio.sleep(0.2)
        closing_down.set()
        worker.stop()

    def at_work(self) -> tuple[int | None, list[int]]:
        """The id of this process's worker and the queued jobs that it runs."""
        worker = self.worker
        if worker is None or worker.worker_id is None:
            return None, []
        return worker.worker_id, [
            context.job.id for context in list(worker._running_jobs.values()) if context.job.id
        ]


class Round(Thread):
    """Something that is done again and again, in a thread with connections of its own."""

    def __init__(self, name: str, pause: float, body: Callable[[], Any], stop: Event) -> None:
        super().__init__(name=name, daemon=True)
        self.pause, self.body, self.stop = pause, body, stop

    def run(self) -> None:
        """Go round until stopped; a fault costs one round and the connections."""
        while not self.stop.is_set():
            try:
                self.body()
            except Exception as error:
                log.warning("a round failed", round=self.name, error=repr(error))
                connections.close_all()
            self.stop.wait(self.pause)
        connections.close_all()
