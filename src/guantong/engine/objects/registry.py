"""Every object, by its plural and by its class; built once from the classes that Django has loaded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from django.apps import apps

from guantong.base.errors import NotFound
from guantong.engine.fields.amount import DecimalKind
from guantong.engine.fields.lines import Lines, LinesKind
from guantong.engine.fields.spec import FieldSpec, from_django
from guantong.engine.objects.arguments import arguments_of
from guantong.engine.objects.business_object import BusinessObject
from guantong.engine.objects.spec import ObjectSpec, VerbHolder, VerbSpec

NOT_FACTS = ("tenant", "extra", "grams", "event_no", "purpose")
NOT_LINE_FACTS = ("tenant", "header")


def snake(name: str) -> str:
    """CamelCase as lower_case words."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@cache
def all_objects() -> Mapping[str, ObjectSpec]:
    """plural → ObjectSpec, in the order of the modules."""
    found = {}
    for model in apps.get_models():
        if issubclass(model, BusinessObject):
            spec = make_spec(model)
            if spec.plural in found:
                raise RuntimeError(f"two objects are called {spec.plural}")
            found[spec.plural] = spec
    return found


@cache
def by_model() -> Mapping[Any, ObjectSpec]:
    return {spec.model: spec for spec in all_objects().values()}


@cache
def by_name() -> Mapping[str, ObjectSpec]:
    return {spec.name: spec for spec in all_objects().values()}


def object_called(plural: str) -> ObjectSpec:
    """The object with that plural; raises NotFound."""
    try:
        return all_objects()[plural]
    except KeyError:
        raise NotFound("unknown_object", object=plural[:60]) from None


def spec_of(model: Any) -> ObjectSpec:
    """The specification of a class or of one of its records."""
    return by_model()[model if isinstance(model, type) else type(model)]


def make_spec(model: Any) -> ObjectSpec:
    """Read one class."""
    lines = next((value for value in vars(model).values() if isinstance(value, Lines)), None)
    fields = _fields(model, NOT_FACTS)
    if lines:
        fields[lines.name] = FieldSpec(
            name=lines.name, attribute=lines.name, kind=LinesKind(), nullable=True, target=lines.line
        )
    verbs = {
        value.spec.name: arguments_of(value.spec)
        for name in dir(model)
        if isinstance(value := _plain(model, name), VerbHolder)
    }
    return ObjectSpec(
        name=snake(model.__name__),
        plural=model.plural or snake(model.__name__) + "s",
        model=model,
        fields=fields,
        line_model=lines.line if lines else None,
        lines_name=lines.name if lines else "",
        line_fields=_line_fields(lines.line, fields) if lines else {},
        verbs=_in_written_order(model, verbs),
        states=fields["state"].choices if "state" in fields else (),
        title=getattr(model.Screen, "title", "number"),
        screen={key: value for key, value in vars(model.Screen).items() if not key.startswith("_")},
        series=model.series,
        doc=(model.__doc__ or "").strip(),
        module=model.__module__.split(".")[-2],
    )


def _fields(model: Any, leave_out: tuple[str, ...]) -> dict[str, FieldSpec]:
    specs = (from_django(field) for field in model._meta.local_concrete_fields if field.name not in leave_out)
    return {spec.name: spec for spec in specs if spec}


def _line_fields(line: Any, header: Mapping[str, FieldSpec]) -> dict[str, FieldSpec]:
    """The fields of a line; amounts whose currency neither line nor document has are plain decimals."""
    own = _fields(line, NOT_LINE_FACTS)
    known = {*own, *(f"^{name}" for name in header)}
    return {
        name: field
        if field.kind.name != "amount" or field.currency in known
        else replace(field, kind=DecimalKind(), currency="")
        for name, field in own.items()
    }


def _plain(model: Any, name: str) -> Any:
    return next((vars(cls)[name] for cls in model.__mro__ if name in vars(cls)), None)


def _in_written_order(model: Any, verbs: dict[str, VerbSpec]) -> dict[str, VerbSpec]:
    order = [name for cls in reversed(model.__mro__) for name in vars(cls)]
    return dict(sorted(verbs.items(), key=lambda item: order.index(item[0])))
