"""Tests of floor 0: money, tax, calendar, terms, matching, identity."""
