"""The same work on Guantong and on bare PostgreSQL, in one run: `make bench`. Ratios, never absolute promises."""
