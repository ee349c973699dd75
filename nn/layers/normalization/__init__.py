"""Layers that bring their input to mean 0 and variance 1, or to length 1.

Over the samples (`batch`), over space (`instance`), over features or groups of channels
(`features`), over neighbouring channels (`response`). What the first two share, running figures
above all, is in `channels`. Tensors of any number of samples come in, the same shape goes out.
May import `nn.functional`, `nn.module` and `nn.layers.making`.
"""
