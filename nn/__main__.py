"""``python -m nn``: the command line; see `nn.cli`."""

from __future__ import annotations

import sys

from nn.cli import main

if __name__ == "__main__":
    sys.exit(main())
