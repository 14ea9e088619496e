"""Field kinds, one file each, and what a field of an object is (`FieldSpec`), from a Django field or a custom row."""

from guantong.engine.fields import simple, text  # first: the latest registered reader is asked first
from guantong.engine.fields.amount import Amount, Price
from guantong.engine.fields.choice import Choice
from guantong.engine.fields.currency import Currency
from guantong.engine.fields.lines import Lines
from guantong.engine.fields.link import Link, Owner
from guantong.engine.fields.quantity import Percent, Quantity, Rate
from guantong.engine.fields.state import State
from guantong.engine.fields.words import Words

__all__ = [
    "Amount", "Choice", "Currency", "Lines", "Link", "Owner", "Percent", "Price", "Quantity", "Rate",
    "State", "Words", "simple", "text",
]  # fmt: skip
