"""Reading many records: filters, sort, keyset pages, search, totals and groups; rows leave PostgreSQL as JSON."""
