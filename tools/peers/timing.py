"""What the peers share: how a workload is timed, and the line of JSON that comes out."""

import json
import os
import resource
import statistics
import sys
import time

# A repetition is disturbed, and done again, if others used more of a core than this (and than the clock's grain).
OTHERS, GRAIN = 0.04, 0.015


def settle(threads):
    """Starts the program again if its allocator and its numeric libraries have other settings than they should.

    Freed memory stays with the process: page faults would slow the peer down, by an amount that depends on what ran
    before. Both the allocator and the libraries read their settings once, at the start of the process.
    """
    settings = {
        "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
        "MALLOC_TRIM_THRESHOLD_": str(1 << 32),
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
    }
    if any(os.environ.get(name) != value for name, value in settings.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **settings})


def cpu_seconds():
    """Of the machine, without idling and waiting for disks but with what other guests stole; and of this process."""
    with open("/proc/stat") as file:
        user, nice, system, _idle, _wait, hard, soft, stolen = map(int, file.readline().split()[1:9])
    machine = (user + nice + system + hard + soft + stolen) / os.sysconf("SC_CLK_TCK")
    return machine, time.process_time()


def per_second(run, seconds):
    """Work done in a second by run(n), which does n units and returns the work; for about that long."""
    begin = before = time.perf_counter()
    work, n = 0, 1
    while True:
        work += run(n)
        now = time.perf_counter()
        if now - begin >= seconds:
            return work / (now - begin)
        if now - before < 0.02 * seconds:
            n *= 2
        before = now


def measure(args, header, names, run, per=1.0):
    """Prints the median of at least five repetitions: `per · work` a second, or seconds for `per` where the unit is 's' or 's/epoch'."""
    case, metric, variant, unit = names
    if args.only not in f"{metric}/{variant}":
        return
    seconds = max(0.2, args.seconds_budget / 7)
    per_second(run, seconds / 4)
    clean, dirty, begin = [], [], time.perf_counter()
    while True:
        spent, tried = time.perf_counter() - begin, len(clean) + len(dirty)
        if len(clean) >= 5 and (spent > args.seconds_budget or len(clean) >= 15):
            break
        if tried >= 5 and (spent > 3 * args.seconds_budget or tried >= 60):
            break
        machine, own = cpu_seconds()
        since = time.perf_counter()
        rate = per_second(run, seconds)
        took = time.perf_counter() - since
        machine, own = (now - then for now, then in zip(cpu_seconds(), (machine, own)))
        disturbed = machine - own > OTHERS * took + GRAIN
        (dirty if disturbed else clean).append(per / rate if unit in ("s", "s/epoch") else per * rate)
    unreliable = len(clean) < 3
    values = clean + dirty if unreliable else clean
    line = {
        **header, "case": case, "metric": metric, "variant": variant,
        "value": statistics.median(values), "min": min(values), "max": max(values), "unit": unit,
        "threads": args.threads, "reps": len(values), "disturbed": len(dirty),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip
    if unreliable:
        line["unreliable"] = True
    print(json.dumps({k: float(f"{v:.5g}") if isinstance(v, float) else v for k, v in line.items()}), flush=True)
