#!/usr/bin/env python3
"""Computes again what the Rust code saved beside the weights of stacked autoencoders: in NumPy, and in PyTorch if it is there.

    check_autoencoder.py WEIGHTS.safetensors CHECK.safetensors

WEIGHTS holds `layers.0.encoder.weight` [units, inputs], `layers.0.encoder.bias` [units], `layers.0.decoder.bias` [inputs],
and `layers.0.decoder.weight` [inputs, units] unless the decoder is the encoder transposed; then `layers.1` and so on. CHECK
holds `input` [n, inputs], `code` [n, units of the last] and `output` [n, inputs]: up through all layers and back. PyTorch
must accept the weights with load_state_dict(strict=True). Needs the packages `safetensors` and `numpy`.

Exit status: 0 if names, shapes and results agree, 1 if they do not.
"""

import sys

import numpy as np
from safetensors.numpy import load_file

try:
    import torch
except ImportError:
    torch = None


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def layers_of(weights):
    """For each layer its four parameters, the decoder's weight None where it is tied; refuses any other name."""
    count = 1 + max(int(name.split(".")[1]) for name in weights)
    names = ["encoder.weight", "encoder.bias", "decoder.weight", "decoder.bias"]
    expected = {f"layers.{i}.{name}" for i in range(count) for name in names}
    tied = {f"layers.{i}.decoder.weight" for i in range(count)}
    if not expected - tied <= set(weights) <= expected:
        sys.exit(f"expected the tensors {sorted(expected)}, found {sorted(weights)}")
    return [[weights.get(f"layers.{i}.{name}") for name in names] for i in range(count)]


def with_numpy(layers, x):
    x = x.astype(np.float64)
    for w, b, _, _ in layers:
        x = sigmoid(x @ w.T + b)
    code = x
    for w, _, v, c in reversed(layers):
        x = sigmoid(x @ (w if v is None else v.T) + c)
    return code, x


def with_torch(path, layers, x):
    from safetensors.torch import load_file as load_torch

    class Bias(torch.nn.Module):
        def __init__(self, inputs):
            super().__init__()
            self.bias = torch.nn.Parameter(torch.zeros(inputs))

    class Autoencoder(torch.nn.Module):
        def __init__(self, inputs, units, tied):
            super().__init__()
            self.encoder = torch.nn.Linear(inputs, units)
            self.decoder = Bias(inputs) if tied else torch.nn.Linear(units, inputs)
            self.tied = tied

        def decode(self, y):
            if self.tied:
                return torch.nn.functional.linear(y, self.encoder.weight.t(), self.decoder.bias)
            return self.decoder(y)

    class Stack(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = torch.nn.ModuleList(Autoencoder(w.shape[1], w.shape[0], v is None) for w, _, v, _ in layers)

        def forward(self, x):
            for layer in self.layers:
                x = torch.sigmoid(layer.encoder(x))
            code = x
            for layer in reversed(self.layers):
                x = torch.sigmoid(layer.decode(x))
            return code, x

    stack = Stack()
    stack.load_state_dict(load_torch(path), strict=True)
    with torch.inference_mode():
        return [y.numpy() for y in stack(torch.from_numpy(x))]


def main(weights_path, check_path):
    layers, check = layers_of(load_file(weights_path)), load_file(check_path)
    found = {"numpy": with_numpy(layers, check["input"])}
    if torch is not None:
        found["torch"] = with_torch(weights_path, layers, check["input"])
    for name, results in found.items():
        for what, result in zip(("code", "output"), results):
            saved = check[what]
            if saved.shape != result.shape or not np.allclose(saved, result, rtol=1e-5, atol=1e-5):
                sys.exit(f"{name}: the saved {what} is not that of the weights")
        print(f"{name}: {len(layers)} autoencoders, {len(check['input'])} inputs agree")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
