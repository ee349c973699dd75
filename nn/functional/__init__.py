"""The functions behind the layers and losses, as one namespace.

A function is written and listed (``__all__``) in the file of its family and exported from
here; what `autodiff` has already is named in `nn.names.from_autodiff`. Tensors, arrays and
lists come in, tensors go out. It may import `nn.module`, for the float type of what comes in.
"""

from typing import TYPE_CHECKING, Any

from autodiff.extending import spelt
from nn.functional.activations import *  # noqa: F403 - each file lists what it gives
from nn.functional.attention import *  # noqa: F403
from nn.functional.binary import *  # noqa: F403
from nn.functional.class_margins import *  # noqa: F403
from nn.functional.classification import *  # noqa: F403
from nn.functional.ctc import *  # noqa: F403
from nn.functional.likelihoods import *  # noqa: F403
from nn.functional.linear_maps import *  # noqa: F403
from nn.functional.margins import *  # noqa: F403
from nn.functional.noise import *  # noqa: F403
from nn.functional.normalization import *  # noqa: F403
from nn.functional.padding import *  # noqa: F403
from nn.functional.penalties import *  # noqa: F403
from nn.functional.positions import *  # noqa: F403
from nn.functional.recurrent.cells import *  # noqa: F403
from nn.functional.regression import *  # noqa: F403
from nn.functional.robust import *  # noqa: F403
from nn.functional.shapes import *  # noqa: F403
from nn.names.exports import exported
from nn.names.missing import missing

_OWN = exported(globals())
for _name in _OWN:
    globals()[_name] = spelt(globals()[_name])

if TYPE_CHECKING:
    from nn.names.from_autodiff import *  # noqa: F403
else:

    def __getattr__(name: str) -> Any:
        if name.startswith("_") and name != "__all__":
            raise missing(__name__, name)
        # Here, because it loads families of autodiff that not every program needs.
        from nn.names import from_autodiff

        found = {key: spelt(f) for key, f in vars(from_autodiff).items() if not key.startswith("_")}
        globals().update(found, __all__=sorted([*_OWN, *found]))
        if name not in globals():
            raise missing(__name__, name)
        return globals()[name]

    def __dir__() -> list[str]:
        listed: list[str] = __getattr__("__all__")
        return listed
