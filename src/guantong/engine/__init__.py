"""FLOOR 1: what every business object is given. Imports go down only, in the order of ARCHITECTURE.md."""
