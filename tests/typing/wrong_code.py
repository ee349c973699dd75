"""Mistakes that a type checker reports, each with the code that is expected; never run."""

from __future__ import annotations

import autodiff as ad
import nn


def mistakes() -> None:
    x = ad.Tensor([1.0], requires_grad=True, nmae="x")  # expect: call-arg
    x.backwards()  # expect: attr-defined
    x.backward(retain_graph="yes")  # expect: arg-type
    x.register_hook(3)  # expect: arg-type
    x.trace(depth="all")  # expect: arg-type
    number: int = x.sum()  # expect: assignment
    shape: list[int] = x.shape  # expect: assignment
    ad.Value(1.0).data = "one"  # expect: assignment
    text: str = ad.Value(1.0) * 2  # expect: assignment
    ad.topological_order(number)  # expect: arg-type
    ad.gradients(x, input=[x])  # expect: call-overload
    ad.tahn(x)  # expect: attr-defined
    ad.tanh(x, 3)  # expect: call-overload
    ad.maximum(x)  # expect: call-overload
    ad.exp({1.0})  # expect: call-overload
    both: ad.Value = ad.add(ad.Value(1.0), x)  # expect: assignment
    floats: float = ad.sigmoid(ad.Value(1.0))  # expect: assignment
    ad.scope(3)  # expect: arg-type
    ad.set_detect_anomaly()  # expect: call-arg
    nn.Linear("2", 3)  # expect: arg-type
    nn.Linear(2, 3, biass=True)  # expect: call-arg
    nn.functional.rellu(x)  # expect: attr-defined
    x.at.sett(1.0)  # expect: attr-defined
    print(shape, text, both, floats)
