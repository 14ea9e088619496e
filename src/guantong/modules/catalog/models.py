"""Imports only: where Django looks for the tables of this room."""

from guantong.modules.catalog.price_book import PriceBook, PriceTier
from guantong.modules.catalog.product import Product
from guantong.modules.catalog.tax_class import DatedRate, TaxClass
from guantong.modules.catalog.unit import Unit

__all__ = ["DatedRate", "PriceBook", "PriceTier", "Product", "TaxClass", "Unit"]
