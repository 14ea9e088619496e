"""Who owns a row: organizations (tenants), sign-in accounts, the tenant scope, keys and row-level security.

Not here: roles and teams (`engine.org`).
"""
