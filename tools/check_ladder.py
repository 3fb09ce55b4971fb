#!/usr/bin/env python3
"""Computes again the logits that the Rust code saved beside a ladder network: in NumPy, and in PyTorch if it is there.

    check_ladder.py WEIGHTS.safetensors CHECK.safetensors

WEIGHTS holds, for every encoder layer, `encoder.0.weight` [units, inputs], `encoder.0.bias`, `encoder.0.running_mean`,
`encoder.0.running_var` [units]; `scale` [classes]; `decoder.0.weight` [width 0, width 1] and so on, which lead down; and
`combinators.0` [10, width 0] and so on, one more than there are layers. CHECK holds `input` [n, inputs] and `logits`
[n, classes] of the clean encoder with running averages. PyTorch must accept the weights with
load_state_dict(strict=True). Needs the packages `safetensors` and `numpy`.

Exit status: 0 if names, shapes and logits agree, 1 if they do not.
"""

import sys

import numpy as np
from safetensors.numpy import load_file

try:
    import torch
except ImportError:
    torch = None

EPSILON = 1e-10


def widths_of(weights):
    """Inputs, hidden layers, classes; refuses any other name."""
    depth = sum(name.startswith("encoder.") and name.endswith(".weight") for name in weights)
    parts = ("weight", "bias", "running_mean", "running_var")
    expected = {f"encoder.{i}.{part}" for i in range(depth) for part in parts} | {"scale"}
    expected |= {f"decoder.{i}.weight" for i in range(depth)} | {f"combinators.{i}" for i in range(depth + 1)}
    if set(weights) != expected:
        sys.exit(f"expected the tensors {sorted(expected)}, found {sorted(weights)}")
    return [weights[f"combinators.{i}"].shape[1] for i in range(depth + 1)]


def with_numpy(weights, widths, x):
    h, depth = x.astype(np.float64), len(widths) - 1
    for i in range(depth):
        w, b, mean, var = (
            weights[f"encoder.{i}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
        )
        h = (h @ w.T - mean) / np.sqrt(var + EPSILON) + b
        h = np.maximum(h, 0.0) if i + 1 < depth else weights["scale"] * h
    return h


def with_torch(path, widths, x):
    from safetensors.torch import load_file as load_torch

    class Rung(torch.nn.Module):
        def __init__(self, inputs, units):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(units, inputs))
            self.bias = torch.nn.Parameter(torch.zeros(units))
            self.register_buffer("running_mean", torch.zeros(units))
            self.register_buffer("running_var", torch.ones(units))

        def forward(self, h):
            z = torch.nn.functional.linear(h, self.weight)
            return torch.nn.functional.batch_norm(z, self.running_mean, self.running_var, eps=EPSILON) + self.bias

    class Ladder(torch.nn.Module):
        def __init__(self):
            super().__init__()
            pairs = list(zip(widths, widths[1:]))
            self.encoder = torch.nn.ModuleList(Rung(n, m) for n, m in pairs)
            self.scale = torch.nn.Parameter(torch.ones(widths[-1]))
            self.decoder = torch.nn.ModuleList(torch.nn.Linear(m, n, bias=False) for n, m in pairs)
            self.combinators = torch.nn.ParameterList(torch.zeros(10, n) for n in widths)

        def forward(self, h):
            for rung in self.encoder[:-1]:
                h = torch.relu(rung(h))
            return self.scale * self.encoder[-1](h)

    ladder = Ladder()
    ladder.load_state_dict(load_torch(path), strict=True)
    with torch.inference_mode():
        return ladder(torch.from_numpy(x)).numpy()


def main(weights_path, check_path):
    weights, check = load_file(weights_path), load_file(check_path)
    widths = widths_of(weights)
    saved, found = check["logits"], {"numpy": with_numpy(weights, widths, check["input"])}
    if torch is not None:
        found["torch"] = with_torch(weights_path, widths, check["input"])
    for name, logits in found.items():
        if saved.shape != logits.shape or not np.allclose(saved, logits, rtol=1e-5, atol=1e-5):
            sys.exit(f"{name}: the saved logits are not those of the weights")
        print(f"{name}: {widths}, {len(saved)} inputs, worst error {np.max(np.abs(saved - logits)):.1e}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
