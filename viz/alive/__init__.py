"""The live page: a graph of Values that computes itself in the browser.

A node comes in; one HTML file goes out, in which leaves are dragged and both passes are computed
again by the table's own rules, written as JavaScript. `program` takes the graph apart,
``engine.js`` runs it, ``view.js`` shows it in a drawing with room for other numbers, and `page`
puts all together. May import plan, layout, cards, networks, read, draw and text.
"""
