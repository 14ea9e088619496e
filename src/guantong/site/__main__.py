"""`python -m guantong.site`: the same as the command `guantong`."""

from __future__ import annotations

import sys

from guantong.site.cli import main

if __name__ == "__main__":
    sys.exit(main())
