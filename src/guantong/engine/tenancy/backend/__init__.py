"""Django's PostgreSQL backend with tenant keys, forced row-level security and immediate foreign keys."""
