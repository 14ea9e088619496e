"""The one place where a command finds a function that another room supplies, by name and late.

Imports inside functions are forbidden by lint; a command that needs no Django must start without it,
and a room that is not built yet must answer with a sentence and not with a traceback.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from guantong.site.faults import ABSENT, Stop


def exists(module: str) -> bool:
    """Say whether `module` is part of this build, without importing it."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def wanted(path: str) -> Callable[..., Any]:
    """Return the function named `package.module:function`; raises Stop when this build lacks it."""
    module, _, name = path.partition(":")
    if not exists(module):
        raise Stop(f"This build does not contain {module} yet.", ABSENT)
    function = getattr(importlib.import_module(module), name, None)
    if function is None:
        raise Stop(f"This build does not contain {path} yet.", ABSENT)
    return function  # type: ignore[no-any-return]
