"""With NumPy alone everything can be imported and drawn; what needs more says what."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import run

ROOT = Path(__file__).resolve().parent.parent

BLOCKED = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        known = top in ALLOWED or top in sys.stdlib_module_names or top.startswith("_sysconfigdata")
        if path is None and not known:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

ALLOWED = {"numpy", "autodiff", "nn", "viz"}
sys.meta_path.insert(0, Absent())
sys.path.insert(0, ROOT)
for name in ("graphviz", "safetensors", "tqdm", "matplotlib", "pygraphviz", "torch", "scipy"):
    try:
        __import__(name)
    except ModuleNotFoundError:
        continue
    sys.exit(f"{name} is not blocked")
import autodiff as ad, nn, viz
"""

DRAWING = """
x = ad.Tensor([[1.0, 2.0]], name="x")
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
loss = ad.mean(net(x) ** 2)
loss.backward()
viz.draw(loss).save(FOLDER + "/auto.svg")
viz.draw(loss, engine="builtin").save(FOLDER + "/builtin.html")
v = ad.Value(1.0, name="v")
viz.draw(v * v).save(FOLDER + "/value.svg")
"""

REFUSED = """
picture = viz.draw(ad.Value(1.0) * 2, engine="builtin")
for use in (
    lambda: picture.dot(),
    lambda: picture.save("/x.gv"),
    lambda: picture.save("/x.png"),
    lambda: viz.draw(ad.Value(1.0) * 2, engine="pygraphviz").svg,
):
    try:
        use()
    except ad.MissingExtraError as error:
        print(error)
"""


def bare(program: str, **names: str) -> str:
    """What a program prints to whom only NumPy is there."""
    head = "".join(f"{name} = {value!r}\n" for name, value in {"ROOT": str(ROOT), **names}.items())
    # Programs on the path draw and convert as well.
    done = run(
        [sys.executable, "-c", head + BLOCKED + program],
        capture_output=True, text=True, env={"PATH": ""}, cwd="/", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_pictures_need_numpy_only(tmp_path: Path) -> None:
    bare(DRAWING, FOLDER=str(tmp_path))
    for name in ("auto.svg", "builtin.html", "value.svg"):
        assert "<svg" in (tmp_path / name).read_text("utf-8")


def test_what_needs_more_says_what_to_install() -> None:
    said = bare(REFUSED).splitlines()
    advice = ["graphviz", "graphviz", "'glassgrad[plot]'", "'glassgrad[layout]'"]
    assert [line.partition("pip install ")[2] for line in said] == advice
