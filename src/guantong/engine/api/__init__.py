"""The API of house.md 8: records, verbs, meta, me, and errors as RFC 9457 problems. All onto the one door."""
