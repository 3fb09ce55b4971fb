#!/usr/bin/env python3
"""Trains in PyTorch the autoencoders whose fresh weights `cargo run --release -p bench --example vae_twin` has written.

    torch_vae_twin.py FOLDER DATA [EPOCHS]

Says how good a bound held-out images get, in nats, to be held against what the other program said. Needs torch, numpy and safetensors.
"""

import gzip
import sys
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

LEARNT, BATCH = 50_000, 128


def images(folder):
    for path, read in ((folder / "train-images-idx3-ubyte", open), (folder / "train-images-idx3-ubyte.gz", gzip.open)):
        for path in (path, folder / "mnist" / path.name):
            if path.is_file():
                with read(path, "rb") as file:
                    pixels = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784)
                return torch.from_numpy(pixels.astype(np.float32) / 255)
    sys.exit(f"error: no images in {folder}")


def network(weights, name, activated):
    """Dense layers, normalised where there are averages; an activation after each, but for the last unless `activated`."""
    count = 1 + max(int(key.split(".")[2]) for key in weights if key.startswith(f"{name}.layers."))
    module = nn.Module()
    module.layers, module.norms = nn.ModuleList(), nn.ModuleList()
    module.order = []
    for i in range(count):
        out, into = weights[f"{name}.layers.{i}.weight"].shape
        module.layers.append(nn.Linear(into, out))
        module.order.append(module.layers[-1])
        if f"{name}.norms.{i}.weight" in weights:
            module.norms.append(nn.BatchNorm1d(out))
            module.order.append(module.norms[-1])
        if activated or i + 1 < count:
            module.order.append(nn.ReLU())
    return module


def through(module, x):
    for layer in module.order:
        x = layer(x)
    return x


def bound(model, x):
    h = through(model.encoder, x)
    mean, log_variance = through(model.mean, h), through(model.log_variance, h)
    logits = through(model.decoder, mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean))
    fit = nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    return -(fit - 0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum()) / len(x)


def main(folder, data, epochs):
    x = images(data)
    torch.manual_seed(1)
    for name in ("plain", "normalised"):
        weights = load_file(folder / f"{name}.safetensors")
        model = nn.Module()
        for part in ("encoder", "mean", "log_variance", "decoder"):
            setattr(model, part, network(weights, part, part == "encoder"))
        model.load_state_dict(weights, strict=True)
        optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
        begun = time.perf_counter()
        for _ in range(epochs):
            for chosen in torch.randperm(LEARNT).split(BATCH):
                optimiser.zero_grad(set_to_none=True)
                (-bound(model, x[chosen])).backward()
                optimiser.step()
        seconds = (time.perf_counter() - begun) / epochs
        model.eval()
        with torch.inference_mode():
            found = torch.stack([bound(model, some) for some in x[LEARNT:].split(1000)]).mean()
        print(f"{name}: {found:.2f} nats on held-out images after {epochs} epochs of {seconds:.2f} s")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) == 4 else 5)
