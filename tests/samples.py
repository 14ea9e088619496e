"""A record of any object, made through the API from the kinds of its fields; needed links are made first.

What a generated value cannot know (a tax number's check digit, a schedule that adds up) stands in `KNOWN`, by
object or for all; each says why.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any

from guantong.engine.access.actor import Actor
from guantong.engine.access.grants import hidden_fields, may_ever
from guantong.engine.fields.amount import DecimalKind
from guantong.engine.fields.spec import FieldSpec
from guantong.engine.objects.registry import all_objects, by_model
from guantong.engine.objects.spec import ObjectSpec
from tests.house.exempt import NOT_CREATED

if TYPE_CHECKING:
    from tests.caller import Caller
    from tests.world import World

PREFERRED = ("王磊", "李娜", "张伟", "陈静", "刘洋", "赵敏")
# external_ref has its own test, a parent would repeat the object; discounts and methods must fit their amounts
LEFT_OUT = (
    "external_ref",
    "parent",
    "discount_percent",
    "discount_amount",
    "tax_method",
    "method",
    "order_line",
)

# (object, field) or ("", field) → the value; a callable is given the seed
KNOWN: dict[tuple[str, str], Any] = {
    ("", "credit_code"): "91110000600037341L",  # check digit (GB 32100)
    ("", "tax_code"): "1090511010000000000",  # 19 digits
    ("", "tax_percent"): "13",
    ("exchange_rates", "currency"): "USD",
    ("", "country"): "CN",
    ("users", "roles"): ["sales"],  # one of ROLES
    ("users", "entity_ids"): [],  # ids of entities
    ("bank_accounts", "account_number"): lambda seed: f"6222{seed:012d}",  # digits
    ("bank_accounts", "customer"): None,  # exactly one side: the entity's
    ("tax_classes", "rates"): [
        {"valid_from": "2019-04-01", "percent": "13"}
    ],  # a rate that its method allows
    ("payment_terms", "parts"): [{"share": "remainder", "anchor": "invoice_issued", "days": 30}],  # adds up
    ("credit_notes", "lines"): [],  # all that the invoice has
    ("stages", "gate"): [],  # names fields of a deal
    ("periods", "month"): lambda seed: f"{2030 + seed // 12}-{seed % 12 + 1:02d}",
}

# optional links that an object cannot do without; True asks for a new record each time
WANTED: dict[tuple[str, str], bool] = {
    ("account_roles", "only_for"): True,  # every role of the tenant is taken at the start
    ("activities", "customer"): False,  # about somebody
    ("quotes", "customer"): False,  # to somebody
    ("invoices", "customer"): False,
}


class Samples:
    """Makes records of one world; one seed each, so that nothing collides."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.seeds = world.__dict__.setdefault("_seeds", count(1))
        self.made: dict[str, dict[str, Any]] = world.__dict__.setdefault("_made", {})

    def caller_for(self, spec: ObjectSpec, action: str = "create") -> Caller | None:
        """The first of the cast whose roles may do `action`."""
        name = self.name_for(spec, action)
        return self.world.as_(name) if name else None

    def name_for(self, spec: ObjectSpec, action: str = "create") -> str | None:
        """His or her name."""
        allowed = (name for name in PREFERRED if may_ever(spec, action, self.actor(name)))
        return next(allowed, None)

    def actor(self, name: str) -> Actor:
        """What access knows of a member of the cast."""
        user = self.world.users[name]
        return Actor(tenant=self.world.tenant, id=user.id, roles=frozenset(user.roles), circle=(user.id,))

    def make(self, plural: str, **given: Any) -> dict[str, Any]:
        """A new record; the reply of its creation."""
        if plural in RECIPES:
            return RECIPES[plural](self)
        spec = all_objects()[plural]
        caller = self.caller_for(spec)
        assert caller is not None, f"nobody may create {plural}: a recipe is needed"
        return caller.post(plural, self.body(spec, **given), status=201)

    def one(self, plural: str) -> dict[str, Any]:
        """A record for links to point to: made once."""
        if plural not in self.made:
            self.made[plural] = self.make(plural)
        return self.made[plural]

    def body(self, spec: ObjectSpec, **given: Any) -> dict[str, Any]:
        """Values for every field that may be written."""
        seed = next(self.seeds)
        name = self.name_for(spec)
        hidden = hidden_fields(spec, self.actor(name)) if name else ()
        body = self._values(spec.plural, spec.fields, seed, (*hidden, spec.lines_name))
        if spec.lines_name and spec.fields[spec.lines_name].writable:
            known = KNOWN.get((spec.plural, spec.lines_name))
            line = self._values(f"{spec.plural}.{spec.lines_name}", spec.line_fields, seed, hidden)
            body[spec.lines_name] = known if known is not None else [line]
        return {**body, **given}

    def _values(self, at: str, fields: Any, seed: int, skip: Any = ()) -> dict[str, Any]:
        found = {}
        for field in fields.values():
            if not field.writable or field.name in LEFT_OUT or field.name in skip:
                continue
            value = self.value(at, field, seed)
            if value is not None:
                found[field.name] = value
        return found

    def value(self, at: str, field: FieldSpec, seed: int) -> Any:
        """A value for one field; None leaves it out."""
        for key in ((at, field.name), ("", field.name)):
            if key in KNOWN:
                return KNOWN[key](seed) if callable(KNOWN[key]) else KNOWN[key]
        if field.kind.name == "owner":
            return None
        if field.kind.name == "link":
            target = by_model().get(field.target)
            if (at, field.name) in MADE:
                return MADE[at, field.name](self)["id"]
            if target is None or not (field.required or (at, field.name) in WANTED):
                return None
            return (self.make if WANTED.get((at, field.name)) else self.one)(target.plural)["id"]
        if field.kind.name == "choice":
            return field.choices[0]
        value = field.kind.sample(field, seed % 40 if isinstance(field.kind, DecimalKind) else seed)
        if isinstance(value, str) and field.max_length and field.kind.name == "text":
            return f"样{seed}" if len(str(value)) >= field.max_length else f"{value}"
        return value


def issued_invoice(samples: Samples) -> dict[str, Any]:
    """An invoice that stands in the books."""
    return samples.world.as_("陈静").post(f"invoices/{samples.make('invoices')['id']}/issue")


def allocation(samples: Samples) -> dict[str, Any]:
    """A receipt that pays a part of an invoice."""
    finance, invoice = samples.world.as_("陈静"), issued_invoice(samples)
    facts = {
        "customer": invoice["customer"]["id"],
        "currency": invoice["currency"],
        "received_on": "2026-03-02",
    }
    receipt = samples.make("receipts", **facts, instrument="cash", bank_account=None)
    for verb in ("record", "confirm"):
        finance.post(f"receipts/{receipt['id']}/{verb}")
    paid = {"splits": [{"invoice": invoice["id"], "amount": "1.00"}]}
    finance.post(f"receipts/{receipt['id']}/allocate", paid)
    found = {"field": "receipt", "op": "eq", "value": receipt["id"]}
    return finance.list("allocations", filter=found)[0]


MADE: dict[tuple[str, str], Callable[[Samples], dict[str, Any]]] = {
    ("credit_notes", "invoice"): issued_invoice,
    ("write_offs", "invoice"): issued_invoice,
}
RECIPES: dict[str, Callable[[Samples], dict[str, Any]]] = {"allocations": allocation}


def creatable() -> list[str]:
    """Plurals of objects that some role may create."""
    return [plural for plural in all_objects() if plural not in NOT_CREATED]


def reachable() -> list[str]:
    """Plurals of objects of which the API can bring a record about."""
    return [*creatable(), *RECIPES]
