"""FLOOR 0: pure Python, no Django: money, tax, calendar, identity, errors."""
