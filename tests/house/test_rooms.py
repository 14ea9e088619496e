"""Small rooms, plain names, no hidden imports: over every file of the build."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

import pytest

from guantong.engine.objects.registry import all_objects
from tests.house.exempt import LONG_FILES, LONG_OBJECT_FILES, RULES
from tests.house.rooms import BANNED_FILES, ROOT, faults, name_of, sources


def lines_of(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_files_are_small() -> None:
    sizes = {name_of(path): lines_of(path) for path in sources()}
    assert not {name: size for name, size in sizes.items() if size > 500}
    assert not {name for name, size in sizes.items() if size > 300} - set(LONG_FILES), (
        "over 300 wants a reason"
    )
    assert median(sizes.values()) < 120
    assert set(LONG_FILES) <= {name for name, size in sizes.items() if size > 300}, "no longer needed"


def test_one_object_one_small_file() -> None:
    files = {spec.name: ROOT / (spec.model.__module__.removeprefix("guantong.").replace(".", "/") + ".py")
             for spec in all_objects().values()}  # fmt: skip
    assert len(set(files.values())) == len(files), "two objects in one file"
    long = {name_of(path) for path in files.values() if lines_of(path) > 150}
    assert long == set(LONG_OBJECT_FILES), "an object file of over 150 lines is listed with its reason"


def test_no_file_is_a_drawer() -> None:
    assert not [name_of(path) for path in sources("modules", "insight") if path.stem in BANNED_FILES]


@pytest.mark.parametrize("floor", ["base", "engine", "modules", "insight", "site"])
def test_house_rules(floor: str) -> None:
    found, used = [], set()
    for path in sources(floor):
        for rule, text in faults(ast.parse(path.read_text("utf-8"))):
            if rule == "write" and floor not in ("modules", "insight"):
                continue
            used.add((rule, name_of(path)))
            if (rule, name_of(path)) not in RULES:
                found.append(f"{rule}: {name_of(path)}:{text}")
    assert not found, "\n".join(found)
    assert {key for key in RULES if key[1].startswith(f"{floor}/")} <= used, "an exemption that nothing needs"


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("x = 1", "docstring"),
        ("class OrderManager: ...", "name"),
        ("class BaseOrder: ...", "name"),
        ("def read(data): ...", "name"),
        ("info = 1", "name"),
        ("def f():\n    import json", "import"),
        ("def f():\n    from guantong.engine import door", "import"),
        ("def f():\n" + "    x = 1\n" * 41, "length"),
        ("from datetime import datetime\nx = datetime.now()", "clock"),
        ("order.save()", "write"),
        ("post_save.connect(f)", "signal"),
        ("class A:\n" + "".join(f"    @verb()\n    def v{n}(self): ...\n" for n in range(13)), "verbs"),
    ],
)
def test_the_rules_see_their_faults(source: str, rule: str) -> None:
    assert rule in [name for name, _ in faults(ast.parse(source))]


def test_a_heavy_adapter_may_be_imported_late() -> None:
    assert not list(faults(ast.parse('"""A."""\ndef f():\n    from pypinyin import Style')))
