"""FLOOR 2: the business, downhill from customers to collection."""
