"""The recipes of CONTRIBUTING.md, followed to the letter on a copy of the sources."""

from __future__ import annotations

import shutil
import sys
import textwrap
from pathlib import Path

import pytest

from tests.checkout import CONTRIBUTING, ROOT, code_blocks, run


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")


def insert(path: Path, after: str, text: str) -> None:
    given = path.read_text(encoding="utf-8")
    assert after in given
    path.write_text(given.replace(after, after + text, 1), encoding="utf-8")


def add_the_op(root: Path) -> None:
    (_, declaration), (_, function), (_, counterpart), *_ = code_blocks(CONTRIBUTING, "python")
    assert len(declaration.splitlines() + function.splitlines()) <= 10
    functions = root / "autodiff" / "functions" / "elementwise" / "elementwise.py"
    append(root / "autodiff" / "ops" / "elementwise" / "exponential.py", declaration)
    append(functions, function)
    insert(functions, "__all__ = [", '"bell", ')
    home = '"autodiff.functions.elementwise.elementwise": (\n        "'
    insert(root / "autodiff" / "names.py", home, "bell ")
    counterparts = root / "tests" / "autodiff" / "counterparts" / "basics.py"
    insert(counterparts, "Callable[..., Any]] = {\n", counterpart)


def a_copy(root: Path) -> None:
    for folder in ("autodiff", "nn", "viz", "tests", "docs"):
        shutil.copytree(ROOT / folder, root / folder)
    for file in ("setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / file, root)


@pytest.mark.exhaustive
def test_an_op_that_is_added_is_tested_by_being_there(tmp_path: Path) -> None:
    a_copy(tmp_path)
    add_the_op(tmp_path)
    here = {"cwd": tmp_path, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    made = run(sys.executable, "tests/public_names.py", **here)
    assert "wrote docs/api.txt" in made.stdout, made.stderr
    tests = ["tests/autodiff/test_names.py", "tests/autodiff/table", "tests/autodiff/elementwise"]
    chosen = "bell or list or fresh"
    result = run(sys.executable, "-m", "pytest", "-q", "-m", "", "-k", chosen, *tests, **here)
    assert result.returncode == 0, result.stdout[-2000:]


def test_how_to_add_an_op(tmp_path: Path) -> None:
    a_copy(tmp_path)
    add_the_op(tmp_path)
    use = """
        import math
        import numpy as np
        import autodiff as ad

        y, slope, curvature = math.exp(-0.25), -math.exp(-0.25), -math.exp(-0.25)
        x = ad.Value(0.5)
        ad.bell(x).backward()
        assert math.isclose(x.grad, slope), x.grad
        t = ad.Tensor(np.full((2, 1), 0.5), requires_grad=True)
        (ad.bell(t) * np.ones(3)).sum().backward()
        np.testing.assert_allclose(t.grad, np.full((2, 1), 3 * slope))
        assert math.isclose(ad.bell(0.5).item(), y, rel_tol=1e-6)
        assert math.isclose(ad.grad(ad.grad(ad.bell))(0.5), curvature)
    """
    script = tmp_path / "use.py"
    script.write_text(textwrap.dedent(use), encoding="utf-8")
    result = run(sys.executable, str(script), cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert result.returncode == 0, result.stderr


def test_how_to_add_a_layer(tmp_path: Path) -> None:
    *_, (_, layer) = code_blocks(CONTRIBUTING, "python")
    use = """
        import doctest

        assert doctest.testmod() == doctest.TestResults(failed=0, attempted=1)
        scale = Scale(2)
        scale([[1.0, 2.0], [3.0, 4.0]]).sum().backward()
        assert scale.weight.grad.tolist() == [4.0, 6.0]
        assert list(scale.state_dict()) == ["weight"]
        assert repr(scale).startswith("Scale(2)")
    """
    script = tmp_path / "layer.py"
    script.write_text(layer + textwrap.dedent(use), encoding="utf-8")
    result = run(sys.executable, str(script), cwd=tmp_path)
    assert result.returncode == 0, result.stderr
