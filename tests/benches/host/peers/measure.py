"""What every peer in Python does alike: it reads the data, trains, takes the time of each epoch, and prints a line of JSON.

A peer is a class that is made of a workload, the training data, the number of threads and a seed. It has
`train(epochs, epoch_ends)`, which calls `epoch_ends()` after each epoch and stops if that is true, and
`accuracy(images, digits)`. `warm_up()` compiles what will be run, if there is something to compile.
"""

import argparse
import json
import math
import pathlib
import resource
import time

from workloads import mnist, workloads


class Epochs:
    """Takes the time of each epoch, and nothing of what happens between two."""

    def __init__(self, budget, is_enough):
        self.seconds, self.budget, self.is_enough = [], budget, is_enough

    def start(self):
        self.since = time.perf_counter()

    def epoch_ends(self):
        self.seconds.append(time.perf_counter() - self.since)
        stops = sum(self.seconds) >= self.budget or self.is_enough()
        self.start()
        return stops


def peak_megabytes():
    """The most memory that was resident at a time."""
    status = pathlib.Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1.024e-3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1e-6


def main(peer):
    parser = argparse.ArgumentParser()
    parser.add_argument("workload")
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--budget", type=float, default=math.inf, help="seconds after which no further epoch begins")
    parser.add_argument("--until", type=float, help="stop at this accuracy on the test images")
    options = parser.parse_args()

    peer = peer(workloads()[options.workload], *mnist("train"), options.threads, options.seed)
    compiling = time.perf_counter()
    if hasattr(peer, "warm_up"):
        peer.warm_up()
    compile_seconds = time.perf_counter() - compiling

    test = mnist("t10k")
    epochs = Epochs(options.budget, lambda: options.until is not None and peer.accuracy(*test) >= options.until)
    epochs.start()
    peer.train(options.epochs, epochs.epoch_ends)
    result = {"seconds": epochs.seconds, "compile_seconds": compile_seconds, "peak_megabytes": peak_megabytes()}
    print(json.dumps(result | {"accuracy": float(peer.accuracy(*test))}))
