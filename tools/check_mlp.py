#!/usr/bin/env python3
"""Computes again the logits that the Rust code saved beside a network's weights: in NumPy, and in PyTorch if it is there.

    check_mlp.py WEIGHTS.safetensors CHECK.safetensors ACTIVATION

WEIGHTS holds a multilayer perceptron: `layers.0.weight` [units, inputs], `layers.0.bias` [units], `layers.1.weight` and so
on. CHECK holds `input` [n, inputs] and `logits` [n, outputs]. ACTIVATION is sigmoid, relu or tanh. PyTorch must accept
the weights with load_state_dict(strict=True). Needs the packages `safetensors` and `numpy`.

Exit status: 0 if names, shapes and logits agree, 1 if they do not.
"""

import sys

import numpy as np
from safetensors.numpy import load_file

try:
    import torch
except ImportError:
    torch = None

ACTIVATIONS = {
    "sigmoid": lambda x: 1.0 / (1.0 + np.exp(-x)),
    "relu": lambda x: np.maximum(x, 0.0),
    "tanh": np.tanh,
}


def affine(weights):
    """The (weight, bias) of every layer, the first one first; refuses any other name."""
    prefixes = [f"layers.{i}." for i in range(len(weights) // 2)]
    expected = {prefix + name for prefix in prefixes for name in ("weight", "bias")}
    if set(weights) != expected:
        sys.exit(f"expected the tensors {sorted(expected)}, found {sorted(weights)}")
    return [(weights[prefix + "weight"], weights[prefix + "bias"]) for prefix in prefixes]


def with_numpy(layers, x, activation):
    x = x.astype(np.float64)
    for i, (w, b) in enumerate(layers):
        if w.shape != (b.size, x.shape[1]):
            sys.exit(f"layer {i}: weight {w.shape}, bias {b.shape}, {x.shape[1]} units below")
        x = x @ w.astype(np.float64).T + b.astype(np.float64)
        if i + 1 < len(layers):
            x = ACTIVATIONS[activation](x)
    return x


def with_torch(path, layers, x, activation):
    from safetensors.torch import load_file as load_torch

    class Mlp(torch.nn.Module):
        def __init__(self, widths):
            super().__init__()
            self.layers = torch.nn.ModuleList(torch.nn.Linear(p, q) for p, q in zip(widths, widths[1:]))

        def forward(self, x):
            for layer in self.layers[:-1]:
                x = getattr(torch, activation)(layer(x))
            return self.layers[-1](x)

    network = Mlp([x.shape[1]] + [b.size for _, b in layers])
    network.load_state_dict(load_torch(path), strict=True)
    with torch.inference_mode():
        return network(torch.from_numpy(x)).numpy()


def main(weights_path, check_path, activation):
    layers, check = affine(load_file(weights_path)), load_file(check_path)
    saved, found = check["logits"], {"numpy": with_numpy(layers, check["input"], activation)}
    if torch is not None:
        found["torch"] = with_torch(weights_path, layers, check["input"], activation)
    for name, logits in found.items():
        if saved.shape != logits.shape or not np.allclose(saved, logits, rtol=1e-5, atol=1e-5):
            sys.exit(f"{name}: the saved logits are not those of the weights")
        print(f"{name}: {len(layers)} layers, {len(saved)} inputs, worst error {np.max(np.abs(saved - logits)):.1e}")


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[3] not in ACTIVATIONS:
        sys.exit(__doc__)
    main(*sys.argv[1:])
