"""``python -m nn``: the command line; see `nn.jobs`."""

from __future__ import annotations

import sys

from nn.jobs import main

if __name__ == "__main__":
    sys.exit(main())
