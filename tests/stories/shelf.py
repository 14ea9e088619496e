"""What stories sell and to whom: the catalogue and customers of 华辰 (business.md 4), made through the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.world import World

Record = dict[str, Any]
RATES = {"VAT13": "13", "VAT9": "9", "VAT0": "0"}


@dataclass
class Shelf:
    """Units, tax classes and products by code."""

    units: dict[str, Record] = field(default_factory=dict)
    taxes: dict[str, Record] = field(default_factory=dict)
    products: dict[str, Record] = field(default_factory=dict)

    def line(self, code: str, quantity: str = "1", **more: Any) -> Record:
        """A line of a document for one product."""
        return {"product": self.products[code]["id"], "quantity": quantity, **more}


def stocked(world: World) -> Shelf:
    """A machine at 339,000.00 and its installation at 109,000.00, both 含税, and a box at 120.00."""
    shelf = Shelf()
    with world.step("unit.created", *["tax_class.created"] * 3):
        shelf.units["set"] = world.as_("张伟").post("units", {"name": "台", "code": "set"}, status=201)
        for code, percent in RATES.items():
            rate = {"valid_from": "2019-04-01", "percent": percent}
            rate |= {"method": "zero"} if percent == "0" else {}
            body = {"code": code, "name": f"增值税 {percent}%", "rates": [rate]}
            shelf.taxes[code] = world.as_("陈静").post("tax_classes", body, status=201)
    with world.step(*["product.created"] * 3):
        for code, name, price, tax, group in (
            ("HC-500", "数控机床 HC-500", "339000.00", "VAT13", "机床"),
            ("INST", "安装调试", "109000.00", "VAT9", "服务"),
            ("BOX", "刀具箱", "120.00", "VAT13", "刀具"),
        ):
            body = {
                "code": code, "name": name, "list_price": price, "price_basis": "inclusive", "group": group,
                "unit": shelf.units["set"]["id"], "tax_class": shelf.taxes[tax]["id"],
            }  # fmt: skip
            shelf.products[code] = world.as_("张伟").post("products", body, status=201)
    return shelf


def customer(world: World, name: str, *, owner: str = "王磊", **more: Any) -> Record:
    """A customer of `owner`."""
    with world.step("customer.created"):
        found = world.as_(owner).post("customers", {"name": name, **more}, status=201)
    return found


def stage_called(world: World, name: str) -> str:
    """The id of a stage of the first pipeline."""
    stages = world.as_("王磊").list("stages", sort="position")
    return next(stage["id"] for stage in stages if stage["name"] == name)
