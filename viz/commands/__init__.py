"""The command line: ``python -m viz draw FILE.py:function``.

`main` reads the words and calls the command they name; `program` runs the user's file and hands
over the node that the function returns; `pictures` draws and explains it; `doctor` says what is
installed. Text and files of pictures go out. It may import all of `viz`.
"""

from __future__ import annotations

from viz.commands.main import main

__all__ = ["main"]
