#!/usr/bin/env python3
"""What a user of PyTorch would write for speed: the same workloads as `cargo run --release -p bench`, timed alike.

    torch_cpu.py [--case rbm_cd1] [--threads 2] [--data DIR] [--seconds-budget 3] [--only 784x500-b128]

CD-1 by hand on the CPU: no autograd, every result into memory that is there already, both phases stacked so that the
weights' update is one product and each bias' update one product with a vector. The hidden states are sampled; the
reconstruction is a probability (v1-prob) or a sample (v1-sampled). Prints a line of JSON for each measurement; `cargo xtask
bench --python PYTHON` sets them beside ours. Needs torch and numpy, and scipy where --data is given (for the
letters' MAT-file); without --data, noise of the same density is learnt.
"""

import torch_shared
from torch_shared import digits, letters, measure, noise, precisions, torch

PRODUCTS = [(128, 784, 500), (512, 784, 1200), (5, 784, 200), (5, 320, 500), (128, 1000, 500), (2048, 2048, 2048)]
DIGIT_SHAPES = [(784, 500, 128), (784, 1200, 512), (784, 200, 5), (784, 300, 128)]  # visible, hidden, batch
LETTER_SHAPES = [(500, 5, 39), (100, 32, 390)]  # hidden, batch, letters
RATE = 0.05


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

    def phases(self, chosen):
        """Fills both phases; what the update of weights and biases needs of them."""
        v_t, h, h_t, v0, v1, h0, h1, drawn, coins, signs, ones, rate = self.room(len(chosen))
        w, a, b = self.weights, self.visible_bias, self.hidden_bias
        torch.index_select(self.samples, 0, chosen, out=v0)
        torch.addmm(b, v0, w, out=h0).sigmoid_()
        drawn.uniform_().lt_(h0)
        torch.addmm(a, drawn, w.t(), out=v1).sigmoid_()
        if self.sample_visible:
            torch.lt(coins.uniform_(), v1, out=v1)
        torch.addmm(b, v1, w, out=h1).sigmoid_().neg_()
        return v_t, h, h_t, signs, ones, rate

    def step(self, chosen):
        v_t, h, h_t, signs, ones, rate = self.phases(chosen)
        self.weights.addmm_(v_t, h, alpha=rate)
        self.visible_bias.addmv_(v_t, signs, alpha=rate)
        self.hidden_bias.addmv_(h_t, ones, alpha=rate)

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


class WithMomentum(Machine):
    """The same with sampled reconstructions and momentum 0.9."""

    def __init__(self, samples, hidden, batch):
        super().__init__(samples, hidden, batch, True)
        self.speed = [torch.zeros_like(x) for x in (self.weights, self.visible_bias, self.hidden_bias)]

    def step(self, chosen):
        v_t, h, h_t, signs, ones, rate = self.phases(chosen)
        speed_w, speed_a, speed_b = self.speed
        speed_w.addmm_(v_t, h, beta=0.9, alpha=rate)
        speed_a.addmv_(v_t, signs, beta=0.9, alpha=rate)
        speed_b.addmv_(h_t, ones, beta=0.9, alpha=rate)
        self.weights.add_(speed_w)
        self.visible_bias.add_(speed_a)
        self.hidden_bias.add_(speed_b)


class Persistent(Machine):
    """The same with chains that live on, one Gibbs step an update: as many as samples in a whole mini-batch."""

    def __init__(self, samples, hidden, batch):
        super().__init__(samples, hidden, batch, True)
        visible = samples.shape[1]
        self.chains, self.h, self.h_coins = torch.zeros(batch, visible), torch.empty(batch, hidden), torch.empty(batch, hidden)
        self.v_coins = torch.empty(batch, visible)

    def step(self, chosen):
        _, _, _, v0, _, h0, _, _, _, _, _, rate = self.room(len(chosen))
        w, a, b, v, h = self.weights, self.visible_bias, self.hidden_bias, self.chains, self.h
        torch.index_select(self.samples, 0, chosen, out=v0)
        torch.addmm(b, v0, w, out=h0).sigmoid_()
        torch.addmm(b, v, w, out=h).sigmoid_()
        self.h_coins.uniform_().lt_(h)
        torch.addmm(a, self.h_coins, w.t(), out=v).sigmoid_()
        torch.lt(self.v_coins.uniform_(), v, out=v)
        torch.addmm(b, v, w, out=h).sigmoid_()
        down = RATE / len(v)
        w.addmm_(v0.t(), h0, alpha=rate).addmm_(v.t(), h, alpha=-down)
        a.add_(v0.sum(0), alpha=rate).sub_(v.sum(0), alpha=down)
        b.add_(h0.sum(0), alpha=rate).sub_(h.sum(0), alpha=down)


def rbm_ways():
    samples = digits()
    ways = {
        "plain": lambda samples: Machine(samples, 500, 128, True),
        "momentum": lambda samples: WithMomentum(samples, 500, 128),
        "persistent": lambda samples: Persistent(samples, 500, 128),
    }
    for ending in precisions():
        own = samples.to(torch.get_default_dtype())
        for variant, make in ways.items():
            measure("rbm_ways", "784x500-b128", variant + ending, "samples/s", make(own).run)


def ais():
    chains, visible, hidden, sweeps, temperatures = 100, 784, 500, 1000, 10_000
    w, a, b = torch.randn(visible, hidden) * 0.05, -torch.ones(visible), torch.zeros(hidden)
    v, h, x = noise(chains, visible, 0.5), torch.empty(chains, hidden), torch.empty(chains, hidden)
    v_coins, h_coins, w_t = torch.empty_like(v), torch.empty_like(h), w.t()
    log_weights, soft, at = torch.zeros(chains, dtype=torch.float64), torch.nn.functional.softplus, [0]
    torch.addmm(b, v, w, out=x)

    def run(n):
        for _ in range(n):
            if at[0] == temperatures:
                at[0] = 0
                v.bernoulli_(0.5)
                torch.addmm(b, v, w, out=x)
            begin, end = at[0] / temperatures, (at[0] + 1) / temperatures
            log_weights.add_((end - begin) * (v @ a) + soft(x * end).sum(1) - soft(x * begin).sum(1))
            torch.mul(x, end, out=h).sigmoid_()
            h_coins.uniform_().lt_(h)
            torch.addmm(a, h_coins, w_t, beta=end, alpha=end, out=v).sigmoid_()
            torch.lt(v_coins.uniform_(), v, out=v)
            torch.addmm(b, v, w, out=x)
            at[0] += 1
        return n

    measure("ais", f"{visible}x{hidden}-chains{chains}-steps{sweeps}", "in-place", "s", run, sweeps)


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


torch_shared.run(
    {"gemm": gemm, "rbm_cd1": rbm_cd1, "rbm_alpha": rbm_alpha, "rbm_ways": rbm_ways, "gibbs": gibbs, "ais": ais}
)
