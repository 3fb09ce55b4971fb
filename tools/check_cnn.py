#!/usr/bin/env python3
"""Computes again, in PyTorch, the outputs that the Rust code saved beside a convolutional network's weights.

    check_cnn.py WEIGHTS.safetensors CHECK.safetensors LAYER...

WEIGHTS holds `convolutions.0.weight` and `.bias`, `transposed.0.weight` and so on, `layers.0.weight` and so on; CHECK holds
`input` [n, channels, rows, columns] and `logits` [n, outputs]. LAYERs are, in order: conv:STRIDE:PADDING, transposed:STRIDE:PADDING,
pool:SIZE, relu, tanh, sigmoid, and dense. A module with three ModuleLists must accept the weights with
load_state_dict(strict=True). Needs the packages `safetensors` and `torch`.

Exit status: 0 if names, shapes and outputs agree, 1 if they do not.
"""

import sys

import torch
from safetensors.torch import load_file
from torch import nn


class Network(nn.Module):
    def __init__(self, weights, layers):
        super().__init__()
        self.convolutions, self.transposed, self.layers = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        self.order = []
        for layer in layers:
            kind, *numbers = layer.split(":")
            numbers = [int(n) for n in numbers]
            if kind == "conv":
                out, into, *kernel = weights[f"convolutions.{len(self.convolutions)}.weight"].shape
                self.convolutions.append(nn.Conv2d(into, out, kernel, *numbers))
                self.order.append(self.convolutions[-1])
            elif kind == "transposed":
                into, out, *kernel = weights[f"transposed.{len(self.transposed)}.weight"].shape
                self.transposed.append(nn.ConvTranspose2d(into, out, kernel, *numbers))
                self.order.append(self.transposed[-1])
            elif kind == "dense":
                out, into = weights[f"layers.{len(self.layers)}.weight"].shape
                self.layers.append(nn.Linear(into, out))
                self.order += [nn.Flatten(), self.layers[-1]]
            else:
                self.order.append({"pool": nn.MaxPool2d, "relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}[kind](*numbers))

    def forward(self, x):
        for layer in self.order:
            x = layer(x)
        return x.flatten(1)


def main(weights_path, check_path, layers):
    weights, check = load_file(weights_path), load_file(check_path)
    network = Network(weights, layers)
    network.load_state_dict(weights, strict=True)
    with torch.inference_mode():
        found = network(check["input"])
    saved = check["logits"]
    if saved.shape != found.shape or not torch.allclose(saved, found, rtol=1e-5, atol=1e-5):
        sys.exit("torch: the saved outputs are not those of the weights")
    print(f"torch: {len(layers)} layers, {len(saved)} inputs, worst error {(saved - found).abs().max():.1e}")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
