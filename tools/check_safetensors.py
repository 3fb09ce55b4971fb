#!/usr/bin/env python3
"""Recomputes in NumPy the hidden probabilities that the Rust code saved beside a model's weights.

    check_safetensors.py WEIGHTS.safetensors CHECK.safetensors

WEIGHTS holds an RBM (`W` [hidden, visible], `v_bias` [visible], `h_bias` [hidden]) or a DBN (the same names under
`rbms.0.`, `rbms.1.`, ...). CHECK holds `input` [n, visible] and, for every layer, `hidden.0`, `hidden.1`, ...
[n, hidden]: the mean of each layer given the mean of the one below. Needs the packages `safetensors` and `numpy`.

Exit status: 0 if names, shapes and probabilities agree, 1 if they do not.
"""

import sys

import numpy as np
from safetensors.numpy import load_file


def machines(weights):
    """The (W, v_bias, h_bias) of every layer, bottom first; refuses any other name."""
    if "W" in weights:
        prefixes = [""]
    else:
        prefixes = [f"rbms.{i}." for i in range(len(weights) // 3)]
    expected = {prefix + name for prefix in prefixes for name in ("W", "v_bias", "h_bias")}
    if set(weights) != expected:
        sys.exit(f"expected the tensors {sorted(expected)}, found {sorted(weights)}")
    return [tuple(weights[prefix + name] for name in ("W", "v_bias", "h_bias")) for prefix in prefixes]


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def main(weights_path, check_path):
    layers, check = machines(load_file(weights_path)), load_file(check_path)
    x = check["input"].astype(np.float64)
    for i, (w, v_bias, h_bias) in enumerate(layers):
        if w.shape != (h_bias.size, v_bias.size) or x.shape[1] != v_bias.size:
            sys.exit(f"layer {i}: W {w.shape}, v_bias {v_bias.shape}, h_bias {h_bias.shape}, input {x.shape}")
        hidden = sigmoid(x @ w.astype(np.float64).T + h_bias.astype(np.float64))
        saved = check[f"hidden.{i}"]
        if saved.shape != hidden.shape or not np.allclose(saved, hidden, rtol=1e-5, atol=0.0):
            sys.exit(f"layer {i}: the saved probabilities are not those of the weights")
        print(f"layer {i}: {w.shape[1]} -> {w.shape[0]}, {x.shape[0]} inputs, worst relative error "
              f"{np.max(np.abs(saved / hidden - 1.0)):.1e}")
        x = hidden


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
