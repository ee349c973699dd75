"""Layers that carry a state from step to step: `sequences` (RNN, LSTM, GRU), `cells` (one step).

Their common ground, parameters and checks, is in `base`; what they compute is in
`nn.functional.recurrent`. Sequences (T, N, features), padded or packed, come in; outputs of
all steps and the last states go out. May import what `nn.layers` may, and `nn.utils`.
"""
