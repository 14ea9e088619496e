"""The states of an object as a graph, and its page in docs/objects: fields, verbs, states, access."""

from __future__ import annotations

from typing import Any

from guantong.engine.access.grants import rule_of
from guantong.engine.access.rules import AllOf, AnyOf, Everyone, HasRole, Nobody, Own, Rule, Team, When
from guantong.engine.fields.spec import MISSING, FieldSpec
from guantong.engine.objects.labels import field_label, label, line_label
from guantong.engine.objects.registry import by_model
from guantong.engine.objects.spec import ObjectSpec, VerbSpec

RIGHTS = ("read", "create", "write", "delete")


def states_graph(spec: ObjectSpec) -> str:
    """A mermaid state diagram; verbs that keep the state are not drawn."""
    lines = ["stateDiagram-v2", f"    [*] --> {spec.states[0]}"]
    for verb in spec.verbs.values():
        if verb.to:
            lines += [f"    {source} --> {verb.to}: {verb.name}" for source in verb.sources]
    lines += [f"    {state} --> [*]" for state in final_states(spec)]
    return "\n".join(lines)


def final_states(spec: ObjectSpec) -> list[str]:
    """States that no verb leaves."""
    left = {source for verb in spec.verbs.values() if verb.to for source in verb.sources if source != verb.to}
    return [state for state in spec.states if state not in left]


def reachable_states(spec: ObjectSpec) -> set[str]:
    """States that verbs lead to from the first one."""
    found = set(spec.states[:1])
    while more := {v.to for v in spec.verbs.values() if v.to and found.intersection(v.sources)} - found:
        found |= more
    return found


def object_page(spec: ObjectSpec) -> str:
    """docs/objects/<object>.md."""
    parts = [
        f"# {label(spec.name, 'en')} {label(spec.name, 'zh')}",
        f"{spec.doc}\n\n`/api/records/{spec.plural}` · module `{spec.module}` · generated, do not edit.",
        "## Fields",
        _table(("field", "中文", "kind", "notes"), [_field_row(spec, f) for f in spec.fields.values()]),
    ]
    if spec.line_fields:
        rows = [_field_row(spec, f, line=True) for f in spec.line_fields.values()]
        parts += [f"## Lines (`{spec.lines_name}`)", _table(("field", "中文", "kind", "notes"), rows)]
    if spec.states:
        parts += ["## States", f"```mermaid\n{states_graph(spec)}\n```", _states_list(spec)]
    if spec.verbs:
        rows = [_verb_row(spec, verb) for verb in spec.verbs.values()]
        parts += ["## Verbs", _table(("verb", "中文", "open in", "then", "arguments", "what it does"), rows)]
    return "\n\n".join([*parts, "## Access", _access(spec)]) + "\n"


def _field_row(spec: ObjectSpec, field: FieldSpec, *, line: bool = False) -> tuple[str, ...]:
    words = line_label(spec, field.name, "zh") if line else field_label(spec, field.name, "zh")
    return f"`{field.name}`", words, field.kind.name, _notes(field)


def _notes(field: FieldSpec) -> str:
    target = by_model().get(field.target) if field.kind.name in ("link", "owner") else None
    found = [
        "required" if field.required else "",
        "" if field.writable else "read only",
        f"→ {target.plural}" if target else "",
        "on the chain" if field.chain else "",
        ", ".join(field.choices),
        f"at most {field.max_length}"
        if field.max_length and field.kind.cast == "text" and not field.choices
        else "",
        f"in {field.currency}" if field.currency else "",
        f"default {field.default}"
        if field.default is not MISSING and isinstance(field.default, str | int) and field.default
        else "",
    ]
    return " · ".join(note for note in found if note)


def _states_list(spec: ObjectSpec) -> str:
    return "\n".join(
        f"- `{state}` {label(f'{spec.name}.state.{state}', 'zh', common=f'choice.state.{state}')}"
        for state in spec.states
    )


def _verb_row(spec: ObjectSpec, verb: VerbSpec) -> tuple[str, ...]:
    arguments = ", ".join(f"{a.name}: {a.kind.name}{'' if a.required else '?'}" for a in verb.arguments)
    doc = " ".join(verb.doc.split())
    marks = [mark for mark, yes in (("internal", verb.internal), ("money", verb.money)) if yes]
    doc = f"{doc} ({', '.join(marks)})" if marks else doc
    return (
        f"`{verb.name}`",
        label(f"{spec.name}.{verb.name}", "zh"),
        ", ".join(verb.sources) or "any",
        verb.to or "",
        arguments,
        doc,
    )


def _access(spec: ObjectSpec) -> str:
    found = [f"- **{action}**: {in_words(rule_of(spec.model, action))}" for action in RIGHTS]
    own_lines = [name for name in vars(spec.model.Access) if name in spec.verbs]
    found += [f"- **{name}**: {in_words(rule_of(spec.model, name))}" for name in own_lines]
    for name, rule in getattr(spec.model.Access, "fields", {}).items():
        found.append(f"- field `{name}`: {in_words(rule)}")
    if any(name not in own_lines and not verb.internal for name, verb in spec.verbs.items()):
        found.append(f"- every other verb: {in_words(rule_of(spec.model, 'write').who())}")
    return "\n".join(found)


def in_words(rule: Any) -> str:
    """A rule as people say it."""
    match rule:
        case Everyone():
            return "everyone"
        case Nobody():
            return "nobody"
        case Own():
            return "the owner"
        case Team():
            return "whoever leads the owner's team"
        case HasRole(names):
            return "role " + " or ".join(names)
        case When(conditions):
            return "while " + " and ".join(f"{field} is {' or '.join(words)}" for field, words in conditions)
        case AnyOf(parts):
            return ", or ".join(in_words(part) for part in parts)
        case AllOf(parts):
            return " and ".join(
                f"({in_words(p)})" if isinstance(p, AnyOf) else in_words(p) for p in parts if p != Everyone()
            )
    return type(rule).__name__ if isinstance(rule, Rule) else str(rule)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
