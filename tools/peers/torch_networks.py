#!/usr/bin/env python3
"""Networks that a user of PyTorch would write for speed: the same workloads as `cargo run --release -p bench`, timed alike.

    torch_networks.py [--case dnn] [--threads 2] [--data DIR] [--seconds-budget 3] [--only train-b128]

Perceptrons at small batches and denoising layers are written out, every result into memory that is there already
(manual-inplace); at large batches autograd and the fused Adam cost little (autograd-fused). Convolutions keep their channels
last, which is their fastest layout (channels-last). Prints a line of JSON for each measurement; `cargo xtask bench --python
PYTHON` sets them beside ours. Needs torch and numpy; without --data, noise of the same density is learnt.
"""

import torch_shared
from torch_shared import ARGS, Order, labelled, measure, precisions, torch


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


class Denoising:
    """A tied autoencoder under masking noise, cross-entropy, plain descent: written out, into memory that is there already."""

    def __init__(self, samples, hidden, batch, rate, keep):
        visible = samples.shape[1]
        self.samples, self.rate, self.keep = samples, rate, keep
        self.weights = torch.empty(visible, hidden).uniform_(-(visible**-0.5), visible**-0.5)
        self.hidden_bias, self.visible_bias = torch.zeros(hidden), torch.zeros(visible)
        self.clean, self.noisy, self.made = (torch.empty(batch, visible) for _ in range(3))
        self.code, self.delta = torch.empty(batch, hidden), torch.empty(batch, hidden)
        self.order = Order(len(samples), batch)

    def run(self, steps):
        w, b, c, seen = self.weights, self.hidden_bias, self.visible_bias, 0
        for _ in range(steps):
            chosen = self.order.next()
            n = len(chosen)
            clean, noisy, made, code, delta = (
                x[:n] for x in (self.clean, self.noisy, self.made, self.code, self.delta)
            )
            torch.index_select(self.samples, 0, chosen, out=clean)
            noisy.uniform_().lt_(self.keep).mul_(clean)
            torch.addmm(b, noisy, w, out=code).sigmoid_()
            torch.addmm(c, code, w.t(), out=made).sigmoid_().sub_(clean)
            torch.mm(made, w, out=delta)
            torch.ops.aten.sigmoid_backward.grad_input(delta, code, grad_input=delta)
            step = -self.rate / n
            w.addmm_(made.t(), code, alpha=step).addmm_(noisy.t(), delta, alpha=step)
            b.add_(delta.sum(0), alpha=step)
            c.add_(made.sum(0), alpha=step)
            seen += n
        return seen


def sdae():
    metric, variant = "784-900-tied-mask0.3-sgd-b128-n60000", "manual-inplace"
    if ARGS.only in f"{metric}/{variant}":
        samples = labelled(60_000)[0]
        for ending in precisions():
            layer = Denoising(samples.to(torch.get_default_dtype()), 900, 128, 0.1, 0.7)
            measure("sdae", metric, variant + ending, "s/epoch", layer.run, 60_000)


def convolutional():
    """15 filters 9x9, ReLU, max-pool 2, 20 filters 5x5, ReLU, max-pool 2, 100 ReLU, 10 logits; channels last is fastest."""
    nn = torch.nn
    network = nn.Sequential(
        nn.Conv2d(1, 15, 9), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(15, 20, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(180, 100), nn.ReLU(), nn.Linear(100, 10),
    )  # fmt: skip
    return network.to(memory_format=torch.channels_last)


def training(samples, labels, batch):
    network, order = convolutional(), Order(len(samples), batch)
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

    return train


def inferring(samples, batch):
    network = convolutional().eval()

    def infer(times):
        for _ in range(times):
            for begin in range(0, len(samples), batch):
                network(samples[begin : begin + batch]).argmax(1)
        return times * len(samples)

    return infer


def cnn():
    metric, variant, count = "train-b128-n12000", "channels-last", 12_000
    if ARGS.only in f"{metric}/{variant}":
        with torch.inference_mode(False):
            samples, labels = labelled(count)
            for ending in precisions():
                own = samples.view(-1, 1, 28, 28).to(torch.get_default_dtype())
                measure("cnn", metric, variant + ending, "s/epoch", training(own, labels, 128), count)
    metric, variant = "infer-10000", "channels-last-b1000"
    if ARGS.only in f"{metric}/{variant}":
        samples = labelled(10_000)[0]
        for ending in precisions():
            own = samples.view(-1, 1, 28, 28).to(torch.get_default_dtype())
            measure("cnn", metric, variant + ending, "images/s", inferring(own, 1000))


torch_shared.run({"dnn": dnn, "cnn": cnn, "sdae": sdae})
