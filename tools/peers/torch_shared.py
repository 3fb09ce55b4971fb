"""What the programs of PyTorch share: their arguments, the data that they learn from, and how a workload is timed.

Threads are settled before torch is imported, since it reads them once: so the arguments are read when this is imported.
"""

import argparse
import gzip
import sys
from pathlib import Path

import timing


def arguments():
    doc = sys.modules["__main__"].__doc__
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", default="all")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--data", type=Path, metavar="DIR")
    parser.add_argument("--seconds-budget", type=float, default=3.0)
    parser.add_argument("--only", default="", help="measure only variants whose metric/variant contains this")
    return parser.parse_args()


ARGS = arguments()
timing.settle(ARGS.threads)

try:
    import numpy as np
    import torch
except ImportError as error:
    sys.exit(f"error: {sys.executable} cannot import {error.name}; install torch and numpy for it")


# ---- data: samples × features, 0 or 1


def noise(count, features, density):
    return torch.empty(count, features).bernoulli_(density)


def digits():
    if ARGS.data is None:
        return noise(10_000, 784, 0.13)
    pixels = idx("train-images-idx3-ubyte", 16).reshape(-1, 784)
    return torch.from_numpy(pixels > 127).float()


def idx(name, offset):
    for folder in (ARGS.data, ARGS.data / "mnist", ARGS.data / "MNIST" / "raw"):
        for path, read in ((folder / name, open), (folder / f"{name}.gz", gzip.open)):
            if path.is_file():
                with read(path, "rb") as file:
                    return np.frombuffer(file.read(), np.uint8, offset=offset)
    sys.exit(f"error: no {name} in {ARGS.data}")


def labelled(count):
    """Greys in [0, 1] and labels."""
    if ARGS.data is None:
        count = min(count, 10_000)
        return (1 - (1 - torch.rand(count, 784)) / 0.19).clamp_(min=0), torch.arange(count) % 10
    pixels = idx("train-images-idx3-ubyte", 16).reshape(-1, 784)[:count]
    labels = idx("train-labels-idx1-ubyte", 8)[:count]
    return torch.from_numpy(pixels.astype(np.float32) / 255), torch.from_numpy(labels.astype(np.int64))


def letters(count):
    """All 39 letters 'A' first, then 'B', and so on."""
    if ARGS.data is None:
        return noise(count, 320, 0.42)
    from scipy.io import loadmat

    cells = loadmat(ARGS.data / "binaryalphadigs.mat")["dat"]
    images = np.stack([image.ravel() for image in np.concatenate([cells[10:], cells[:10]]).ravel()])
    return torch.from_numpy(images[:count].astype(np.float32))


# ---- timing


def measure(case, metric, variant, unit, run, per=1.0):
    """The line of one variant, if it is wanted."""
    header = {"peer": "torch", "version": torch.__version__, "data": "drawn" if ARGS.data is None else "real"}
    timing.measure(ARGS, header, (case, metric, variant, unit), run, per)


def precisions():
    """What a variant's name ends with, for each precision that it is measured in; half of it where the processor can."""
    yield ""
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return
    if "avx512_bf16" in flags or "amx_bf16" in flags:
        torch.set_default_dtype(torch.bfloat16)
        yield "-bf16"
        torch.set_default_dtype(torch.float32)


class Order:
    """Shuffled mini-batches, epoch after epoch."""

    def __init__(self, count, batch):
        self.count, self.batch, self.left = count, batch, []

    def next(self):
        if not self.left:
            self.left = list(torch.randperm(self.count).split(self.batch))
        return self.left.pop()


def run(cases):
    """The cases that are asked for, of names and functions."""
    if ARGS.case != "all" and ARGS.case not in cases:
        sys.exit(f"error: expected one of all, {', '.join(cases)}, found {ARGS.case}")
    torch.set_num_threads(ARGS.threads)
    torch.manual_seed(1)
    with torch.inference_mode():
        for name, case in cases.items():
            if ARGS.case in ("all", name):
                case()
