"""The level between a card for each number and a card for the whole: the network itself.

`model` is a network as plain data: layers of neurons, and the weights between them. `reading`
reads one from a graph or a model. `panels` draws both passes side by side, `backward` draws
the backward pass as a network of its own, on two `planes`; `chips` shows a small one with all
its numbers.
May import `viz.picture`, `viz.draw`, `viz.read`, `viz.text` and `viz.geometry`.
"""
