"""The command line: ``python -m nn train NAME``.

Each job is an entry of `nn.jobs.registry.JOBS`: it adds its options to a parser and runs. Files
of results go out. Jobs are programs that use the library as anybody's would: they may import
all of it, and they alone bring `nn` and `viz` together.
"""

from __future__ import annotations

# A program that comes with the library, but uses it as anybody's would.
__glassgrad_library__ = False

from nn.jobs.main import main

__all__ = ["main"]
