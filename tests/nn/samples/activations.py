"""Rows of the activations."""

from tests.nn.layer_rows import Row

ROWS = [
    Row("ELU", (1.3,)),
    Row("GELU"),
    Row("GELU", settings={"approximate": "tanh"}),
    Row("Identity"),
    Row("LeakyReLU", (0.2,)),
    Row("LogSoftmax", (-1,)),
    Row("Mish"),
    Row("ReLU"),
    Row("SELU"),
    Row("SiLU"),
    Row("Sigmoid"),
    Row("Softmax", (-1,)),
    Row("Softplus", (1.5, 10.0)),
    Row("Tanh"),
]
