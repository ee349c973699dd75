"""Loading: from a dataset and an order to batches, with threads, and with a state to resume from.

A dataset comes in; batches of arrays go out. May import `nn.data.datasets`, `nn.data.arrays`,
`nn.data.samplers` and `nn.data.collate`.
"""
