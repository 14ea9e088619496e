"""What a file may cost (trust.md I6): refused in seconds, before anything large is unpacked."""

from __future__ import annotations

SIZE = 20 * 1024 * 1024  # bytes as uploaded
ROWS = 200_000
COLUMNS = 200
CELLS = 4_000_000  # rows times columns of the used area, which a reader may lay out as one block
UNPACKED = 200 * 1024 * 1024  # bytes of all parts of an .xlsx
RATIO = 250  # unpacked to packed, of a part larger than LARGE
LARGE = 4 * 1024 * 1024
PARTS = 2_000
CELL = 100_000  # characters
EXPORT_ROWS = 100_000
CHUNK = 500  # rows in one transaction
