"""Business stories: one per file, through the API only, each ending with its books as plain text."""
