"""Changes of a record in words: labels of fields, links and choices in the reader's language, lines compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guantong.engine.fields.spec import FieldSpec
from guantong.engine.objects.labels import field_label, label, line_label
from guantong.engine.objects.registry import by_model
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.trail.reading import Named

LINKS = ("link", "owner")
UNSHOWN = ("id", "position", "source_object", "source_id", "source_line")
EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Words:
    """Tells changes of one object to one reader."""

    spec: ObjectSpec
    language: str
    labels: Mapping[Named, tuple[str | None, bool]]
    hidden: frozenset[str]

    def state(self, word: str) -> str | None:
        """A state in words."""
        return self._choice("state", word) if word else None

    def changes(self, changes: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
        """`[{"field", "label", "old", "new"}]`; links as `{"id", "label"}`, choices with their words beside them."""
        found = []
        for name, (old, new) in changes.items():
            if name == self.spec.lines_name:
                lines = self._lines(old or [], new or [])
                found.append(
                    {"field": name, "label": field_label(self.spec, name, self.language), "lines": lines}
                )
                continue
            field = self.spec.fields.get(name)
            words = field_label(self.spec, name, self.language)
            found.append({"field": name, "label": words, **self._pair(field, name, old, new)})
        return found

    def _pair(self, field: FieldSpec | None, name: str, old: Any, new: Any) -> dict[str, Any]:
        if field is not None and field.kind.name in LINKS:
            return {"old": self.link(field, old), "new": self.link(field, new)}
        if field is not None and field.choices:
            texts = {"old_label": self._choice(name, old), "new_label": self._choice(name, new)}
            return {"old": old, "new": new, **texts}
        return {"old": old, "new": new}

    def link(self, field: FieldSpec, id: str | None) -> dict[str, Any] | None:
        """A link as records show it: the label only to whoever may read the target."""
        target = by_model().get(field.target)
        if id is None or target is None:
            return None
        return {"id": id, "label": self.labels.get((target.name, UUID(id)), (None, False))[0]}

    def _choice(self, name: str, word: Any) -> str | None:
        if not word:
            return None
        return label(f"{self.spec.name}.{name}.{word}", self.language, common=f"choice.{name}.{word}")

    def _lines(self, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Which lines came, went and changed, by their ids."""
        before = {line["id"]: line for line in old}
        after = {line["id"]: line for line in new}
        found = []
        for id in dict.fromkeys([*after, *before]):
            was, is_now = before.get(id, {}), after.get(id, {})
            if not was or not is_now or was != is_now:
                word = "changed" if was and is_now else "added" if is_now else "removed"
                place = (is_now or was).get("position")
                found.append({"change": word, "position": place, "fields": self._line(was, is_now)})
        return found

    def _line(self, was: dict[str, Any], is_now: dict[str, Any]) -> list[dict[str, Any]]:
        found = []
        for name, field in self.spec.line_fields.items():
            old, new = was.get(name), is_now.get(name)
            if name in UNSHOWN or name in self.hidden or old == new or (old in EMPTY and new in EMPTY):
                continue
            words = line_label(self.spec, name, self.language)
            found.append({"field": name, "label": words, **self._pair(field, name, old, new)})
        return found


def links_in(spec: ObjectSpec, changes: Mapping[str, list[Any]]) -> list[Named]:
    """Every record that changes name, lines included."""
    found = _links(spec.fields, ({name: pair[place] for name, pair in changes.items()} for place in (0, 1)))
    if spec.lines_name and spec.lines_name in changes:
        for rows in changes[spec.lines_name]:
            found += _links(spec.line_fields, rows or ())
    return found


def _links(fields: Mapping[str, FieldSpec], rows: Any) -> list[Named]:
    chosen = [f for f in fields.values() if f.kind.name in LINKS and f.target in by_model()]
    return [(by_model()[f.target].name, UUID(row[f.name])) for row in rows for f in chosen if row.get(f.name)]
