"""What a column may become: fields that may be written, keys to find records by, and where and who it came from."""

from __future__ import annotations

from dataclasses import dataclass

from guantong.base.errors import Invalid
from guantong.engine.access.actor import Actor
from guantong.engine.access.grants import hidden_fields
from guantong.engine.fields.link import LinkKind
from guantong.engine.fields.simple import MomentKind
from guantong.engine.fields.spec import FieldSpec
from guantong.engine.objects.labels import LANGUAGES, field_label, label, line_label
from guantong.engine.objects.registry import by_model
from guantong.engine.objects.spec import ObjectSpec

HAPPENED, AUTHOR = "happened_at", "created_by"
MAY_BACKDATE = "administrator"  # anybody else writes as himself and now
NOT_HERE = ("json", "lines")


@dataclass(frozen=True)
class Target:
    """A place that a column fills: a field of the record or of its lines, or what only finds it."""

    path: str
    field: FieldSpec
    line: bool = False
    by: str = ""  # for a link: the one field of the linked record that the cell names
    key_only: bool = False

    @property
    def is_link(self) -> bool:
        return self.field.kind.name in ("link", "owner") and self.field.target in by_model()


def targets_of(spec: ObjectSpec, actor: Actor) -> dict[str, Target]:
    """Path → target, in the order of the object's fields. Hidden fields are not there (trust.md rule 10)."""
    hidden = hidden_fields(spec, actor)
    found: dict[str, Target] = {}
    for field in spec.fields.values():
        if (
            field.name in hidden
            or field.kind.name in NOT_HERE
            or (field.target and field.target not in by_model())
        ):
            continue
        if field.writable:
            found[field.name] = Target(field.name, field)
        elif field.name == "number":
            found[field.name] = Target(field.name, field, key_only=True)
    for field in spec.line_fields.values():
        if field.writable and field.name not in hidden and field.kind.name not in NOT_HERE:
            path = f"{spec.lines_name}.{field.name}"
            found[path] = Target(path, field, line=True)
    if actor.system or MAY_BACKDATE in actor.roles:
        when = FieldSpec(name=HAPPENED, attribute=HAPPENED, kind=MomentKind(), nullable=True)
        found[HAPPENED], found[AUTHOR] = Target(HAPPENED, when), Target(AUTHOR, _author())
    return found


def target_at(spec: ObjectSpec, known: dict[str, Target], path: str) -> Target:
    """The target that a mapping names; `customer.number` says by which field a link is found. Raises Invalid."""
    if path in known:
        return known[path]
    head, _, by = path.rpartition(".")
    target = known.get(head)
    linked = by_model().get(target.field.target) if target and target.is_link else None
    if target is None or linked is None or by not in linked.fields:
        raise Invalid("unknown_field", field=path[:100], object=spec.plural)
    return Target(path, target.field, line=target.line, by=by)


def words_for(spec: ObjectSpec, target: Target) -> list[str]:
    """What a heading may call a target: its labels in both languages and its name in the API."""
    name = target.field.name
    shown = line_label if target.line else field_label
    words = [target.path, name, *(shown(spec, name, language) for language in LANGUAGES)]
    subject = spec if name == spec.title and not target.line else by_model().get(target.field.target)
    if subject is not None:
        number = ("编号", " number") if subject is not spec else ()
        for language, endings in (("zh", ("", "名称", *number[:1])), ("en", ("", " name", *number[1:]))):
            words += [label(subject.name, language) + ending for ending in endings]
            if subject is not spec:
                words += [shown(spec, name, language) + ending for ending in endings]
    return words


def _author() -> FieldSpec:
    users = next((model for model, other in by_model().items() if other.name == "user"), None)
    return FieldSpec(name=AUTHOR, attribute=AUTHOR, kind=LinkKind(), nullable=True, target=users)
