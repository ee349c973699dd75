"""``python -m viz``: the command line; see `viz.commands`."""

from __future__ import annotations

import sys

from viz.commands import main

if __name__ == "__main__":
    sys.exit(main())
