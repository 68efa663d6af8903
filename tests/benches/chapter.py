"""Train the networks of a textbook chapter on MNIST, and check their accuracy.

The chapter is Michael Nielsen's "Neural Networks and Deep Learning" (2015), as
it is taught today: the same sizes, with a softmax output and cross-entropy.
Each network is trained with several seeds by `nn train`; a row shows the test
accuracy after the last epoch, sorted, its median, what it must be at least, and
the seconds of a training. The exit status is 1 if a median is too low.

    cargo build --release -p nn-host
    python3 tests/benches/chapter.py

Only Python itself is needed.
"""

import argparse
import json
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What it is, arguments of `nn train mnist`, and the least median accuracy.
NETWORKS = [
    (
        "784-30-10 sigmoid, SGD 3",
        "--layers 30:sigmoid --optimizer sgd --learning-rate 3 --batch-size 100 --epochs 30",
        0.960,
    ),
    ("784-10, RMSprop", "--optimizer rmsprop --batch-size 100 --epochs 30", 0.926),
    ("784-100-10 ReLU, dropout, Adam", "--layers '100:relu dropout:0.3' --batch-size 100 --epochs 20", 0.978),
]


def training(nn, arguments, seed, threads):
    """Test accuracy after the last epoch, and seconds of all epochs."""
    with tempfile.TemporaryDirectory() as folder:
        command = [nn, "train", "mnist", *shlex.split(arguments), "--output", f"{folder}/model.nn"]
        command += ["--seed", str(seed), "--threads", str(threads), "--format", "json", "--quiet"]
        result = subprocess.run(command, check=True, capture_output=True, text=True)
    epochs = json.loads(result.stdout)["epochs"]
    return epochs[-1]["val_accuracy"], sum(epoch["seconds"] for epoch in epochs)


def row(name, arguments, least, options):
    """Trains with each seed, prints the row, and returns whether the median is high enough."""
    runs = [training(options.nn, arguments, seed, options.threads) for seed in range(1, options.seeds + 1)]
    accuracies = sorted(accuracy for accuracy, _ in runs)
    seconds = statistics.median(seconds for _, seconds in runs)
    median = statistics.median(accuracies)
    verdict = "ok" if median >= least else "TOO LOW"
    all_of_them = " ".join(f"{accuracy:.4f}" for accuracy in accuracies)
    print(f"{name:32} median {median:.4f} (at least {least:.3f}: {verdict})  {all_of_them}  {seconds:.1f} s")
    print(f"{'':32} nn train mnist {arguments}", flush=True)
    return median >= least


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nn", default=ROOT / "target/release/nn", help="the program")
    parser.add_argument("--seeds", type=int, default=5, help="trainings of each network, with seeds from 1")
    parser.add_argument("--threads", type=int, default=1, help="of a training; they change no bit")
    options = parser.parse_args()
    results = [row(*network, options) for network in NETWORKS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
