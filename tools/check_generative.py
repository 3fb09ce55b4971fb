#!/usr/bin/env python3
"""Computes again, in PyTorch, the outputs that the Rust code saved beside the weights of several networks in one file.

    check_generative.py WEIGHTS.safetensors CHECK.safetensors NETWORK=LAYER,LAYER,... ...

WEIGHTS holds the parameters of each NETWORK under its name: `encoder.layers.0.weight`, `encoder.norms.0.running_mean`,
`critic.convolutions.0.weight` and so on. CHECK holds, for each NETWORK, `NETWORK.input` [n, ...] and `NETWORK.output` [n, outputs],
as it is used and not trained. LAYERs are, in order: dense, norm, conv:STRIDE:PADDING, transposed:STRIDE:PADDING, image:CHANNELS:ROWS:COLUMNS
(a list of numbers seen as maps), relu, leaky, tanh, sigmoid. One module that holds them all must accept the weights with
load_state_dict(strict=True). Needs the packages `safetensors` and `torch`.

Exit status: 0 if names, shapes and outputs agree, 1 if they do not.
"""

import sys

import torch
from safetensors.torch import load_file
from torch import nn

PLAIN = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "leaky": lambda: nn.LeakyReLU(0.2)}


class Image(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.sizes = sizes

    def forward(self, x):
        return x.reshape(len(x), *self.sizes)


class Network(nn.Module):
    def __init__(self, weights, name, layers):
        super().__init__()
        self.layers, self.norms = nn.ModuleList(), nn.ModuleList()
        self.convolutions, self.transposed = nn.ModuleList(), nn.ModuleList()
        self.order = []

        def shape(kind):
            return weights[f"{name}.{kind}.{len(getattr(self, kind))}.weight"].shape

        for layer in layers:
            word, *numbers = layer.split(":")
            numbers = [int(n) for n in numbers]
            if word == "dense":
                out, into = shape("layers")
                self.layers.append(nn.Linear(into, out))
                self.order += [nn.Flatten(), self.layers[-1]]
            elif word == "norm":
                self.norms.append(nn.BatchNorm1d(shape("norms")[0]))
                self.order.append(self.norms[-1])
            elif word == "conv":
                out, into, *kernel = shape("convolutions")
                self.convolutions.append(nn.Conv2d(into, out, kernel, *numbers))
                self.order.append(self.convolutions[-1])
            elif word == "transposed":
                into, out, *kernel = shape("transposed")
                self.transposed.append(nn.ConvTranspose2d(into, out, kernel, *numbers))
                self.order.append(self.transposed[-1])
            elif word == "image":
                self.order.append(Image(numbers))
            else:
                self.order.append(PLAIN[word]())

    def forward(self, x):
        for layer in self.order:
            x = layer(x)
        return x.flatten(1)


def main(weights_path, check_path, networks):
    weights, check = load_file(weights_path), load_file(check_path)
    networks = dict(network.split("=", 1) for network in networks)
    model = nn.ModuleDict({name: Network(weights, name, layers.split(",")) for name, layers in networks.items()})
    model.load_state_dict(weights, strict=True)
    model.eval()
    for name, network in model.items():
        with torch.inference_mode():
            found = network(check[f"{name}.input"])
        saved = check[f"{name}.output"]
        if saved.shape != found.shape or not torch.allclose(saved, found, rtol=1e-4, atol=1e-5):
            sys.exit(f"torch: the saved outputs of {name} are not those of the weights")
        print(f"torch: {name}, {len(saved)} inputs, worst error {(saved - found).abs().max():.1e}")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
