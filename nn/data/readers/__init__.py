"""Readers: one function for each kind of file, which gives arrays, a table or a dataset.

A path comes in; numbers in the machine's byte order go out. Whatever a file holds, it is read
rightly or refused with a `DataFileError` that names the place; nothing is unpickled, and no
claim of a header is believed before memory is asked for. May import `nn.data.datasets` and
`nn.data.table`.
"""

from typing import TYPE_CHECKING

from nn.data.readers.cifar import *  # noqa: F403 - each file lists what it gives
from nn.data.readers.csv_files import *  # noqa: F403
from nn.data.readers.files import *  # noqa: F403
from nn.data.readers.idx import *  # noqa: F403
from nn.data.readers.images import *  # noqa: F403
from nn.data.readers.libsvm import *  # noqa: F403
from nn.data.readers.npy import *  # noqa: F403
from nn.names.exports import exported

if not TYPE_CHECKING:
    # A type checker takes what the stars bring; some cannot add up lists.
    __all__ = exported(globals())
