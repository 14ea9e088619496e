"""Logs: one JSON object per line on standard error, with secrets blotted out here and not at call sites."""

from __future__ import annotations

import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

BLOT = "[redacted]"
SECRET_NAME = re.compile(r"pass(word|wd|phrase)|secret|token|authorization|cookie|api_?key|credential", re.I)
SECRET_TEXT = (
    re.compile(r"(?<=://)([^:/@\s]*):[^@\s]+(?=@)"),
    re.compile(r"\bgt_[0-9a-fA-F-]{8,}_[A-Za-z0-9_\-]+"),
    re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=\-]{8,}"),
    re.compile(r"(?i)\b(password|secret|token)=[^\s&,;]+"),
)


def redacted(value: Any, depth: int = 0) -> Any:
    """Return `value` with everything that looks like a secret replaced."""
    if isinstance(value, str):
        for pattern in SECRET_TEXT:
            value = pattern.sub(BLOT, value)
        return value
    if depth > 6:
        return BLOT
    if isinstance(value, dict):
        return {
            key: BLOT if isinstance(key, str) and SECRET_NAME.search(key) else redacted(item, depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple, set)):
        return [redacted(item, depth + 1) for item in value]
    return value


def blot_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor that runs last before printing."""
    return {
        key: BLOT if SECRET_NAME.search(key) else value if key.startswith("_") else redacted(value)
        for key, value in event.items()
    }


def as_text(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Turn what JSON does not know into text, so that redaction sees it."""
    plain = (str, int, float, bool, dict, list, tuple, set, type(None))
    return {
        key: item if key.startswith("_") or isinstance(item, plain) else str(item)
        for key, item in event.items()
    }


def configure(level: str = "INFO") -> None:
    """Send structlog and the standard library's logging through the same processors."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.format_exc_info,
    ]
    printing = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        as_text,
        blot_secrets,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    logging.config.dictConfig(_routes(level, shared, printing))
    last = structlog.stdlib.ProcessorFormatter.wrap_for_formatter
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared[:-1], last],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _routes(level: str, shared: list[Any], printing: list[Any]) -> dict[str, Any]:
    """Return the standard library's configuration: everything as JSON to standard error."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": printing,
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": [], "propagate": True},
            "procrastinate.blueprints": {"level": "WARNING"},
            "_granian": {"handlers": ["stderr"], "propagate": False, "level": "WARNING"},
        },
    }
