#!/usr/bin/env python3
"""What a user of PyTorch would write for speed: the same workloads as `cargo run --release -p bench`, timed alike.

    torch_cpu.py [--case rbm_cd1] [--threads 2] [--data DIR] [--seconds-budget 3] [--only 784x500-b128]

CD-1 by hand on the CPU: no autograd, every result into memory that is there already, both phases stacked so that the
weights' update is one product and each bias' update one product with a vector. The hidden states are sampled; the
reconstruction is a probability (v1-prob) or a sample (v1-sampled). Perceptrons at small batches are written out in the
same way (manual-inplace); at large ones autograd and the fused Adam cost little (autograd-fused). Prints a line of JSON for each measurement; `cargo
xtask bench --python PYTHON` sets them beside ours. Needs torch and numpy, and scipy where --data is given (for the
letters' MAT-file); without --data, noise of the same density is learnt.
"""

import argparse
import gzip
import sys
from pathlib import Path

import timing

CASES = ["gemm", "rbm_cd1", "rbm_alpha", "gibbs", "dnn", "cnn"]
PRODUCTS = [(128, 784, 500), (512, 784, 1200), (5, 784, 200), (5, 320, 500), (128, 1000, 500), (2048, 2048, 2048)]
DIGIT_SHAPES = [(784, 500, 128), (784, 1200, 512), (784, 200, 5), (784, 300, 128)]  # visible, hidden, batch
LETTER_SHAPES = [(500, 5, 39), (100, 32, 390)]  # hidden, batch, letters
RATE = 0.05

def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", default="all", choices=["all", *CASES])
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


# ---- workloads


def gemm():
    for m, k, n in PRODUCTS:
        left, right, out = torch.randn(m, k), torch.randn(k, n), torch.empty(m, n)

        def run(times):
            for _ in range(times):
                torch.mm(left, right, out=out)
            return times

        measure("gemm", f"f32-{m}x{k}x{n}", "mm", "GFLOP/s", run, 2 * m * k * n / 1e9)


class Machine:
    """A Bernoulli RBM under CD-1. Rows 0..batch of every pair of states are data, the next ones reconstruction."""

    def __init__(self, samples, hidden, batch, sample_visible):
        self.samples, self.batch, self.sample_visible = samples, batch, sample_visible
        visible = samples.shape[1]
        self.weights = torch.randn(visible, hidden) * 0.01
        self.visible_bias, self.hidden_bias = torch.zeros(visible), torch.zeros(hidden)
        self.buffers = {}
        self.order, self.at = (), 0

    def room(self, n):
        """Memory for a mini-batch of n, made once for each n."""
        if n not in self.buffers:
            visible, hidden = self.weights.shape
            v, h = torch.empty(2 * n, visible), torch.empty(2 * n, hidden)
            signs = torch.cat([torch.ones(n), -torch.ones(n)])
            # The model's hidden probabilities are kept negated: their share of every sum is subtracted.
            self.buffers[n] = (
                v.t(), h, h.t(), v[:n], v[n:], h[:n], h[n:], torch.empty(n, hidden), torch.empty(n, visible),
                signs, torch.ones(2 * n), RATE / n,
            )  # fmt: skip
        return self.buffers[n]

    def step(self, chosen):
        v_t, h, h_t, v0, v1, h0, h1, drawn, coins, signs, ones, rate = self.room(len(chosen))
        w, a, b = self.weights, self.visible_bias, self.hidden_bias
        torch.index_select(self.samples, 0, chosen, out=v0)
        torch.addmm(b, v0, w, out=h0).sigmoid_()
        drawn.uniform_().lt_(h0)
        torch.addmm(a, drawn, w.t(), out=v1).sigmoid_()
        if self.sample_visible:
            torch.lt(coins.uniform_(), v1, out=v1)
        torch.addmm(b, v1, w, out=h1).sigmoid_().neg_()
        w.addmm_(v_t, h, alpha=rate)
        a.addmv_(v_t, signs, alpha=rate)
        b.addmv_(h_t, ones, alpha=rate)

    def run(self, steps):
        seen = 0
        for _ in range(steps):
            if self.at >= len(self.order):
                self.order, self.at = torch.randperm(len(self.samples)).split(self.batch), 0
            chosen = self.order[self.at]
            self.step(chosen)
            self.at += 1
            seen += len(chosen)
        return seen


def train(case, metric, samples, hidden, batch, unit, per=1.0):
    for variant, sample_visible in (("v1-prob", False), ("v1-sampled", True)):
        measure(case, metric, variant, unit, Machine(samples, hidden, batch, sample_visible).run, per)


def rbm_cd1():
    samples = digits()
    for visible, hidden, batch in DIGIT_SHAPES:
        train("rbm_cd1", f"{visible}x{hidden}-b{batch}", samples, hidden, batch, "samples/s")


def rbm_alpha():
    for hidden, batch, count in LETTER_SHAPES:
        metric = f"320x{hidden}-b{batch}-n{count}"
        train("rbm_alpha", metric, letters(count), hidden, batch, "epochs/s", 1 / count)


def gibbs():
    chains, visible, hidden, sweeps = 100, 784, 500, 1000
    w, a, b = torch.randn(visible, hidden) * 0.05, -torch.ones(visible), torch.zeros(hidden)
    v, h = noise(chains, visible, 0.5), torch.empty(chains, hidden)
    v_coins, h_coins, w_t = torch.empty_like(v), torch.empty_like(h), w.t()

    def run(n):
        for _ in range(n):
            torch.addmm(b, v, w, out=h).sigmoid_()
            h_coins.uniform_().lt_(h)
            torch.addmm(a, h_coins, w_t, out=v).sigmoid_()
            torch.lt(v_coins.uniform_(), v, out=v)
        return n

    measure("gibbs", f"{visible}x{hidden}-chains{chains}-steps{sweeps}", "in-place", "s", run, sweeps)


class Order:
    """Shuffled mini-batches, epoch after epoch."""

    def __init__(self, count, batch):
        self.count, self.batch, self.left = count, batch, []

    def next(self):
        if not self.left:
            self.left = list(torch.randperm(self.count).split(self.batch))
        return self.left.pop()


class WrittenOut:
    """Sigmoid layers, softmax, plain descent: every result into memory that is there already."""

    def __init__(self, samples, labels, widths, batch, rate):
        self.samples, self.targets = samples, torch.eye(widths[-1])[labels]
        pairs = list(zip(widths, widths[1:]))
        self.weights = [torch.empty(n, m).uniform_(-(n**-0.5), n**-0.5) for n, m in pairs]
        self.biases = [torch.zeros(m) for _, m in pairs]
        self.states = [torch.empty(batch, n) for n in widths]
        self.deltas = [torch.empty(batch, n) for n in widths]
        self.target = torch.empty(batch, widths[-1])
        self.order, self.step = Order(len(samples) // batch * batch, batch), -rate / batch

    def run(self, steps):
        weights, biases, states, deltas = self.weights, self.biases, self.states, self.deltas
        top = len(weights) - 1
        for _ in range(steps):
            chosen = self.order.next()
            torch.index_select(self.samples, 0, chosen, out=states[0])
            torch.index_select(self.targets, 0, chosen, out=self.target)
            for i, (w, b) in enumerate(zip(weights, biases)):
                torch.addmm(b, states[i], w, out=states[i + 1])
                if i < top:
                    states[i + 1].sigmoid_()
            torch.softmax(states[-1], 1, out=deltas[-1]).sub_(self.target)
            for i in range(top, -1, -1):
                if i > 0:
                    torch.mm(deltas[i + 1], weights[i].t(), out=deltas[i])
                    torch.ops.aten.sigmoid_backward.grad_input(deltas[i], states[i], grad_input=deltas[i])
                weights[i].addmm_(states[i].t(), deltas[i + 1], alpha=self.step)
                biases[i].add_(deltas[i + 1].sum(0), alpha=self.step)
        return steps * len(self.target)


def autograd(samples, labels, widths, batch):
    layers = []
    for n, m in zip(widths, widths[1:-1]):
        layers += [torch.nn.Linear(n, m), torch.nn.ReLU(), torch.nn.Dropout(0.2)]
    network = torch.nn.Sequential(*layers, torch.nn.Linear(widths[-2], widths[-1]))
    optimiser = torch.optim.Adam(network.parameters(), fused=True)
    order = Order(len(samples), batch)

    def run(steps):
        seen = 0
        for _ in range(steps):
            chosen = order.next()
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(network(samples[chosen]), labels[chosen]).backward()
            optimiser.step()
            seen += len(chosen)
        return seen

    return run


def dnn():
    metric, variant = "784-200-200-10-sigmoid-sgd-b5-n10000", "manual-inplace"
    if ARGS.only in f"{metric}/{variant}":
        network = WrittenOut(*labelled(10_000), [784, 200, 200, 10], 5, 0.1)
        measure("dnn", metric, variant, "s/epoch", network.run, 10_000)
    metric, variant = "784-300-300-10-relu-dropout-adam-b128-n60000", "autograd-fused"
    if ARGS.only in f"{metric}/{variant}":
        with torch.inference_mode(False):
            run = autograd(*labelled(60_000), [784, 300, 300, 10], 128)
            measure("dnn", metric, variant, "s/epoch", run, 60_000)


def convolutional():
    """15 filters 9x9, ReLU, max-pool 2, 20 filters 5x5, ReLU, max-pool 2, 100 ReLU, 10 logits; channels last is fastest."""
    nn = torch.nn
    network = nn.Sequential(
        nn.Conv2d(1, 15, 9), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(15, 20, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(180, 100), nn.ReLU(), nn.Linear(100, 10),
    )  # fmt: skip
    return network.to(memory_format=torch.channels_last)


def cnn():
    metric, variant, count, batch = "train-b128-n12000", "channels-last", 12_000, 128
    if ARGS.only in f"{metric}/{variant}":
        with torch.inference_mode(False):
            (samples, labels), network = labelled(count), convolutional()
            samples, order = samples.view(-1, 1, 28, 28), Order(len(samples), batch)
            optimiser = torch.optim.SGD(network.parameters(), lr=0.05, weight_decay=1e-4, fused=True)

            def train(times):
                seen = 0
                for _ in range(times):
                    i = order.next()
                    optimiser.zero_grad(set_to_none=True)
                    torch.nn.functional.cross_entropy(network(samples[i]), labels[i]).backward()
                    optimiser.step()
                    seen += len(i)
                return seen

            measure("cnn", metric, variant, "s/epoch", train, count)
    metric, variant, batch = "infer-10000", "channels-last-b1000", 1000
    if ARGS.only in f"{metric}/{variant}":
        samples, network = labelled(10_000)[0].view(-1, 1, 28, 28), convolutional().eval()

        def infer(times):
            for _ in range(times):
                for begin in range(0, len(samples), batch):
                    network(samples[begin : begin + batch]).argmax(1)
            return times * len(samples)

        measure("cnn", metric, variant, "images/s", infer)


if __name__ == "__main__":
    torch.set_num_threads(ARGS.threads)
    torch.manual_seed(1)
    with torch.inference_mode():
        for name, case in zip(CASES, (gemm, rbm_cd1, rbm_alpha, gibbs, dnn, cnn)):
            if ARGS.case in ("all", name):
                case()
