"""House rules as Django system checks: what is written as a string is looked up at start (law 9)."""
