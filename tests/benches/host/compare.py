"""Train small networks with nn and with its peers, side by side, and print what an epoch takes.

The workloads are those of `workloads.json`, on MNIST with 32-bit floats, shuffled
anew in every epoch. A round trains each workload with every peer once, each in a
process of its own, so that whatever slows the machine down slows all of them down;
ratios are taken within a round, and the table shows medians over the rounds. An
epoch is training alone: no compiling, no reading of data, no evaluation.

    python3 tests/benches/host/compare.py
    python3 tests/benches/host/compare.py --workloads W1 W3 --peers nn jax-scan --threads 1
    python3 tests/benches/host/compare.py --whole
    python3 tests/benches/host/compare.py --until 0.975 --workloads W3

`--whole` trains as many epochs as a workload needs, and checks the accuracy, so that
all peers are known to do the same work; the exit status is 1 if one is too low.
`--until` takes the time of the whole process until an accuracy on the test images is
reached, reading, compiling and evaluations included, with another seed in each round.

It makes a virtual environment beside itself, of 6 GB, and builds the peers in Rust. A
peer that cannot be installed or does not run is named and left out.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
import types

HOST = pathlib.Path(__file__).resolve().parent
ROOT = HOST.parents[2]
WORKLOADS = {
    name: types.SimpleNamespace(**settings) for name, settings in json.loads((HOST / "workloads.json").read_text()).items()
}
PYTHON = HOST / ".venv/bin/python"
TARGET = ROOT / "target"
BURN = TARGET / "bench-burn"



@dataclasses.dataclass(frozen=True)
class Peer:
    """A program, and what has to be done once before it runs."""

    label: str
    program: list
    preparation: list
    environment: dict = dataclasses.field(default_factory=dict)
    # What it does otherwise than the others, by workload.
    notes: dict = dataclasses.field(default_factory=dict)


def rust(label, program, build):
    return Peer(label, [program], ["cargo", "build", "--quiet", "--release", *build])


def python(label, script, requirements, *options, **rest):
    install = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *options]
    return Peer(label, [PYTHON, HOST / "peers" / script], [*install, "-r", HOST / requirements], **rest)


def torch(label, script):
    return python(label, script, "requirements_torch.txt", "--no-deps")


def keras(label, backend, requirements):
    environment = {"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"}
    return python(label, "keras_fit.py", requirements, environment=environment)


PEERS = {
    "nn": rust("nn", TARGET / "release/examples/bench_host", ["--package", "nn-tests", "--example", "bench_host"]),
    "torch": torch("PyTorch, eager on tensors", "torch_eager.py"),
    "torch-loader": torch("PyTorch, DataLoader", "torch_loader.py"),
    "torch-compiled": torch("PyTorch, compiled", "torch_compiled.py"),
    "keras-tensorflow": keras("Keras on TensorFlow, `fit`", "tensorflow", "requirements_tensorflow.txt"),
    "keras-jax": keras("Keras on JAX, `fit`", "jax", "requirements_jax.txt"),
    "jax-step": python("JAX, step compiled", "jax_step.py", "requirements_jax.txt"),
    "jax-scan": python("JAX, epoch in one `scan`", "jax_scan.py", "requirements_jax.txt"),
    "sklearn": python(
        "scikit-learn", "sklearn_mlp.py", "requirements_numpy.txt", notes={"W2": "Adam", "W3": "no dropout"}
    ),
    "numpy": python("plain NumPy", "numpy_plain.py", "requirements_numpy.txt"),
    "burn": rust(
        "Burn, flex", BURN / "release/nn-bench-burn", ["--manifest-path", HOST / "burn/Cargo.toml", "--target-dir", BURN]
    ),
}

# Peers with which the others are compared.
REFERENCES = ["torch", "jax-scan"]
FASTER = [f"times faster than {PEERS[name].label}" for name in REFERENCES]

# How libraries are told the number of threads, besides the number of cores that they may run on.
THREADS = [
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS",
]


def log(text):
    print(text, file=sys.stderr, flush=True)


def prepare(names):
    """Installs and builds what is asked for, and returns the names of the peers that are there."""
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", HOST / ".venv"], check=True)
    outcomes = {}
    for name in names:
        line = tuple(map(str, PEERS[name].preparation))
        if line not in outcomes:
            log(f"$ {' '.join(line)}")
            outcomes[line] = subprocess.run(line, cwd=ROOT).returncode == 0
        if not outcomes[line]:
            log(f"left out: {PEERS[name].label} cannot be installed")
    return [name for name in names if outcomes[tuple(map(str, PEERS[name].preparation))]]


def cores():
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count()))


def run(name, workload, threads, seed, arguments):
    """What a training has measured, and the seconds of the whole process; `None` if it failed."""
    peer = PEERS[name]
    command = [*peer.program, workload, "--threads", threads, "--seed", seed, *arguments]
    environment = os.environ | peer.environment | dict.fromkeys(THREADS, str(threads))
    mine = cores()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, mine[-threads:])
    start = time.perf_counter()
    process = subprocess.run([str(word) for word in command], env=environment, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, mine)
    if process.returncode:
        log(f"left out: {peer.label} failed: {(process.stderr.strip().splitlines() or ['without a word'])[-1]}")
        return None
    result = json.loads(process.stdout.splitlines()[-1])
    log(f"{workload} {threads} {name}: {' '.join(f'{epoch:.3f}' for epoch in result['seconds'])} s, {result['accuracy']:.4f}")
    return result | {"process": seconds}


def rounds(names, workload, threads, options, arguments):
    """For each peer that never failed, its results, one a round."""
    results = {name: [] for name in names}
    for number in range(options.rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            if name in results:
                result = run(name, workload, threads, number + 1, arguments)
                if result is None:
                    del results[name]
                else:
                    results[name].append(result)
    return results


def measured(results, value):
    """For each peer, the median of a value over its rounds, and how much larger that of each reference is in the same round."""
    values = {name: [value(result) for result in of_rounds] for name, of_rounds in results.items()}
    rows = {}
    for name, own in values.items():
        of_references = [values.get(reference) for reference in REFERENCES]
        ratios = [theirs and statistics.median(b / a for a, b in zip(own, theirs)) for theirs in of_references]
        rows[name] = statistics.median(own), ratios
    return rows


def median(results, key):
    known = [result[key] for result in results if result[key] is not None]
    return statistics.median(known) if known else None


def shown(value, digits):
    return "–" if value is None else f"{value:,.{digits}f}"


def table(header, rows):
    print(f"| {' | '.join(header)} |")
    print(f"|---|{'---:|' * (len(header) - 1)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    print(flush=True)


def label(name, workload):
    note = PEERS[name].notes.get(workload)
    return PEERS[name].label + (f" ({note})" if note else "")


def print_speed(name, results):
    """Seconds an epoch, the median of the epochs of a round."""
    rows = measured(results, lambda result: statistics.median(result["seconds"]))
    table(
        ["", "seconds an epoch", *FASTER, "compiling, s", "memory, MB"],
        [
            [
                label(peer, name), shown(seconds, 3), *(shown(ratio, 2) for ratio in ratios),
                shown(median(results[peer], "compile_seconds"), 1), shown(median(results[peer], "peak_megabytes"), 0),
            ]
            for peer, (seconds, ratios) in sorted(rows.items(), key=lambda row: row[1][0])
        ],
    )


def print_process(name, results):
    """Seconds of the whole process, and the epochs that it took."""
    rows = measured(results, lambda result: result["process"])
    epochs = {peer: [len(result["seconds"]) for result in of_rounds] for peer, of_rounds in results.items()}
    table(
        ["", "seconds of the process", *FASTER, "epochs"],
        [
            [label(peer, name), shown(seconds, 2), *(shown(ratio, 2) for ratio in ratios), " ".join(map(str, epochs[peer]))]
            for peer, (seconds, ratios) in sorted(rows.items(), key=lambda row: row[1][0])
        ],
    )


def print_accuracy(name, results, expected):
    """Accuracies after all epochs; returns whether each median is as high as it has to be."""
    least, most = expected
    rows, is_good = [], True
    for peer, of_rounds in results.items():
        value = median(of_rounds, "accuracy")
        is_good &= value >= least
        verdict = "ok" if least <= value <= most else "TOO LOW" if value < least else "high"
        rows.append([label(peer, name), shown(value, 4), verdict])
    table(["", "accuracy", f"{least} to {most}"], rows)
    return is_good


def describe(name, workload, threads):
    units = "-".join(map(str, workload.units))
    dropout = f", dropout {workload.dropout}" if workload.dropout else ""
    hidden = f" {workload.activation}" if len(workload.units) > 2 else ""
    print(
        f"### {name}: {units}{hidden}{dropout}, softmax, {workload.optimizer} {workload.learning_rate}, "
        f"batch {workload.batch_size}; {threads} {'thread' if threads == 1 else 'threads'}\n"
    )


def compare(name, workload, threads, names, options):
    """Runs all rounds of a workload and prints its table; returns whether accuracies are as high as they have to be."""
    arguments = ["--epochs", workload.timed_epochs, "--budget", options.budget]
    if options.whole:
        arguments = ["--epochs", workload.whole_epochs]
    elif options.until is not None:
        arguments = ["--epochs", 2 * workload.whole_epochs, "--until", options.until]
    elif options.epochs is not None:
        arguments[1] = options.epochs
    results = rounds(names, name, threads, options, arguments)
    describe(name, workload, threads)
    if options.whole:
        return print_accuracy(name, results, workload.accuracy)
    (print_speed if options.until is None else print_process)(name, results)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS))
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--rounds", type=int, help="5, and 1 with --whole")
    parser.add_argument("--epochs", type=int, help="instead of those of the workload")
    parser.add_argument("--budget", type=float, default=10.0, help="seconds of training after which no epoch begins")
    parser.add_argument("--whole", action="store_true", help="train all epochs, and check the accuracy")
    parser.add_argument("--until", type=float, help="take the time until this accuracy")
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.whole else 5)
    names = prepare(options.peers)
    outcomes = []
    for name in options.workloads:
        for threads in options.threads:
            if threads > len(cores()):
                log(f"left out: {threads} threads, this machine has {len(cores())} cores")
            else:
                outcomes.append(compare(name, WORKLOADS[name], threads, names, options))
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
