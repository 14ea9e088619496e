"""Writes the files of a new business object (house.md 4): the class, its models line, its labels, a story."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from guantong.site.faults import USAGE, Stop
from guantong.site.version import CHECKOUT, in_checkout

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

OBJECT = '''"""{title}: say here what lives in this file, and what does not."""

from __future__ import annotations

from django.db import models

from guantong.engine.access import own, team, when
from guantong.engine.fields import Owner, State
from guantong.engine.objects import BusinessObject
from guantong.engine.states import transition


class {title}(BusinessObject):
    """One sentence that names the thing in the world."""

    name = models.CharField(max_length=200)
    owner = Owner()
    state = State("open", "closed")

    @transition("open", to="closed")
    def close(self) -> None:
        """Close the {words}."""

    class Access:
        read = own | team
        write = own & when(state="open")

    plural = "{plural}"

    class Screen:
        title = "name"
        list = "name state owner"
        form = {{"main": "name owner"}}
'''
STORY = '''"""The story of a {words}: open, then closed. Each step names the events it expects."""

from __future__ import annotations

from tests.world import World


def test_{name}_is_closed(world: World) -> None:
    with world.step("{name}.created"):
        {name} = world.as_("王磊").post("{plural}", {{"name": "Example"}})
    with world.step("{name}.close"):
        world.as_("王磊").post(f"{plural}/{{{name}['id']}}/close")
'''
LABELS = {
    "{name}": ("{words}", "{Words}"),
    "{name}.plural": ("{words}", "{Words_plural}"),
    "{name}.form.main": ("基本信息", "Main"),
    "{name}.state.open": ("进行中", "Open"),
    "{name}.state.closed": ("已关闭", "Closed"),
    "{name}.close": ("关闭", "Close"),
}


def write(*, module: str, name: str, root: Path | None = None) -> list[Path]:
    """Write all files, or none; returns their paths. Raises Stop when a name is bad or taken."""
    root = root or CHECKOUT
    if root == CHECKOUT and not in_checkout():
        raise Stop("New objects are written into a source tree; this is an installed package.", USAGE)
    for word in (module, name):
        if not NAME.fullmatch(word) or keyword.iskeyword(word):
            raise Stop(f"{word} is no good name: lower-case English words joined by _, please.", USAGE)
    room = root / "src" / "guantong" / "modules" / module
    if not (room / "__init__.py").is_file():
        raise Stop(f"There is no module {module} in {room.parent}.", USAGE)
    words = _words(name)
    files = {
        room / f"{name}.py": OBJECT.format(**words),
        root / "tests" / "stories" / f"test_{name}.py": STORY.format(**words),
    }
    for path in files:
        if path.exists():
            raise Stop(f"{path} exists already.", USAGE)
    files[room / "models.py"] = _models(room / "models.py", module, words)
    files[room / "labels.toml"] = _labels(room / "labels.toml", words)
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


def plural_of(name: str) -> str:
    """Return the English plural of a snake-case noun."""
    if re.search(r"[^aeiou]y$", name):
        return name[:-1] + "ies"
    return name + ("es" if re.search(r"(s|x|z|ch|sh)$", name) else "s")


def _words(name: str) -> dict[str, str]:
    words, many = name.replace("_", " "), plural_of(name).replace("_", " ")
    return {
        "name": name,
        "title": "".join(part.capitalize() for part in name.split("_")),
        "plural": plural_of(name),
        "words": words,
        "Words": words.capitalize(),
        "Words_plural": many.capitalize(),
    }


def _models(path: Path, module: str, words: dict[str, str]) -> str:
    """Return `models.py` with one more import, sorted, and `__all__` to match."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    line = f"from guantong.modules.{module}.{words['name']} import {words['title']}"
    lines = sorted({*re.findall(r"^from guantong\S+ import .+$", text, re.M), line})
    names = sorted({name.strip() for one in lines for name in one.split(" import ")[1].split(",")})
    head = re.match(r'""".*?"""', text, re.S)
    top = head.group(0) if head else '"""Imports only: where Django looks for the tables of this room."""'
    listed = ", ".join(f'"{name}"' for name in names)
    return f"{top}\n\n" + "\n".join(lines) + f"\n\n__all__ = [{listed}]\n"


def _labels(path: Path, words: dict[str, str]) -> str:
    text = path.read_text(encoding="utf-8").rstrip("\n") + "\n" if path.exists() else ""
    added = [
        f'"{key.format(**words)}" = ["{zh.format(**words)}", "{en.format(**words)}"]'
        for key, (zh, en) in LABELS.items()
    ]
    return text + "\n".join(added) + "\n"
