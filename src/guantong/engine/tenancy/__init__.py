"""Who owns a row: organizations (tenants), sign-in accounts, the tenant scope, keys and row-level security. Roles and teams live in `engine.org`."""
