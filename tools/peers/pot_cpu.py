#!/usr/bin/env python3
"""Optimal transport by POT, Python Optimal Transport: the same workloads as `cargo run --release -p bench`, timed alike.

    pot_cpu.py [--case emd] [--threads 2] [--seconds-budget 3] [--only sqeuclid-3d-n1000]

Exact and entropic plans between two clouds of points (costs are at hand, their computation is not timed), fits of colour
transfer, and the transform of pixels that were not sampled. Prints a line of JSON for each measurement; `cargo xtask bench
--case transport --python PYTHON` sets them beside ours. Needs numpy and POT.
"""

import argparse
import os
import sys
from pathlib import Path

import timing

CASES = ["emd", "sinkhorn", "transfer"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", default="all", choices=["all", *CASES])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--data", type=Path, metavar="DIR", help="not used: all problems are drawn")
    parser.add_argument("--seconds-budget", type=float, default=3.0)
    parser.add_argument("--only", default="", help="measure only variants whose metric/variant contains this")
    return parser.parse_args()


ARGS = arguments()
timing.settle(ARGS.threads)
for library in ("PYTORCH", "JAX", "TENSORFLOW", "CUPY"):  # POT would import all that it finds
    os.environ[f"POT_BACKEND_DISABLE_{library}"] = "1"

try:
    import numpy as np
    import ot
except ImportError as error:
    sys.exit(f"error: {sys.executable} cannot import {error.name}; install numpy and POT for it")


def measure(case, metric, variant, work):
    def run(times):
        for _ in range(times):
            work()
        return times

    timing.measure(ARGS, {"peer": "pot", "version": ot.__version__}, (case, metric, variant, "s"), run)


def clouds(sources, targets):
    """Points uniform in the unit cube, normal ones around its middle, their costs, and equal masses on each side."""
    random = np.random.default_rng(sources)
    costs = ot.dist(random.random((sources, 3)), random.normal(0.5, 0.2, (targets, 3)))
    return costs, np.full(sources, 1 / sources), np.full(targets, 1 / targets)


THIN = ((1, 40000), (40000, 1), (40000, 5), (5, 40000), (20000, 50), (50, 20000), (10000, 1000))


def emd():
    square = {f"sqeuclid-3d-n{n}": (n, n) for n in (500, 1000, 2000, 4000)}
    thin = {f"sqeuclid-3d-{sources}x{targets}": (sources, targets) for sources, targets in THIN}
    for metric, sides in (square | thin).items():
        if ARGS.only not in f"{metric}/network-simplex":
            continue
        costs, a, b = clouds(*sides)

        def solve():
            # Its default of 100 000 iterations ends before the optimum is found, with a warning only.
            ot.emd(a, b, costs, numItermax=100_000_000)

        measure("emd", metric, "network-simplex", solve)


def sinkhorn():
    for n in (1000, 2000):
        costs, masses, _ = clouds(n, n)
        costs /= costs.max()
        for regularisation, method in ((0.1, "sinkhorn"), (0.1, "sinkhorn_log"), (0.002, "sinkhorn")):

            def solve():
                ot.sinkhorn(masses, masses, costs, regularisation, method=method, stopThr=1e-9, numItermax=1000, warn=False)

            measure("sinkhorn", f"reg{regularisation}-n{n}", method, solve)


def picture(random, pixels):
    """Pixels of five colours with noise."""
    colours = random.random((5, 3))
    which = random.choice(5, pixels, p=random.dirichlet(np.ones(5)))
    return np.clip(colours[which] + random.normal(0, 0.08, (pixels, 3)), 0, 1)


def transfer():
    random = np.random.default_rng(42)
    first, second = picture(random, 100_000), picture(random, 100_000)
    palettes = [pixels[random.integers(len(pixels), size=1000)] for pixels in (first, second)]
    for variant, method in (("emd", ot.da.EMDTransport()), ("sinkhorn-reg0.1", ot.da.SinkhornTransport(reg_e=0.1))):
        measure("transfer", "fit-1000", variant, lambda: method.fit(Xs=palettes[0], Xt=palettes[1]))
        method.fit(Xs=palettes[0], Xt=palettes[1])
        measure("transfer", "transform-100000", variant, lambda: method.transform(Xs=first))


for name in CASES if ARGS.case == "all" else [ARGS.case]:
    {"emd": emd, "sinkhorn": sinkhorn, "transfer": transfer}[name]()
