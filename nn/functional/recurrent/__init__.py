"""Recurrences: one step (`cells`), and all steps of a sequence (`sequences`).

`cells` says what a state becomes, by PyTorch's names; `sequences` applies that step after step,
also to sequences of several lengths. Tensors of shape (T, N, features) come in, the states of all
steps go out. May import what `nn.functional` may.
"""
