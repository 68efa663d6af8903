"""Make second_order.json: minima found by SciPy's L-BFGS-B to test against.

A network of one input, some tanh units and one output answers a wave; its mean
squared error with an L2 penalty of the kernels is minimized from given weights
until the gradient vanishes. Loss and gradient are written out here with numpy.
With 8 hidden units, too, all of these starts lead to minima that are equal, so
a solver that ends elsewhere has not come to the end.

`cargo xtask golden --write` runs it in a virtual environment of its own,
`cargo xtask golden` with --check: then the values are computed again and
compared with the file, allowing a relative difference of 1e-6; the exit
status is 1 if they differ.

Inputs, targets and first weights are float32 values, so reading them as
float32 gives exactly the same numbers; the losses are float64.
"""

import argparse
import pathlib
import sys

import numpy as np
from golden_file import write_or_check
from scipy.optimize import minimize

OUTPUT = pathlib.Path(__file__).resolve().parent / "second_order.json"

SAMPLES = 40
L2 = 2.0**-10


def float32(values):
    """The nearest float32 values, as float64."""
    return np.asarray(values, np.float32).astype(np.float64)


def wave():
    """Inputs from -1 to 1, and a wave and a half."""
    x = float32(np.linspace(-1, 1, SAMPLES))
    return x, float32(np.cos(5 * x - 1))


def line(w, x, y):
    """Loss and gradient without hidden units: kernel, bias."""
    error = x * w[0] + w[1] - y
    gradient = 2 / SAMPLES * np.array([error @ x, error.sum()])
    return np.mean(error**2) + L2 * w[0] ** 2, gradient + [2 * L2 * w[0], 0]


def hidden(w, x, y):
    """Loss and gradient with hidden units: kernel, bias, kernel, bias."""
    k1, b1, k2, b2 = np.split(w, np.cumsum([len(w) // 3] * 3))
    h = np.tanh(np.outer(x, k1) + b1)
    error = h @ k2 + b2 - y
    da = 2 / SAMPLES * error
    dz = np.outer(da, k2) * (1 - h**2)
    gradient = [x @ dz + 2 * L2 * k1, dz.sum(0), h.T @ da + 2 * L2 * k2, [da.sum()]]
    return np.mean(error**2) + L2 * (k1 @ k1 + k2 @ k2), np.concatenate(gradient)


def case(units, start):
    """A network of so many units, its first weights, and the loss where SciPy ends."""
    x, y = wave()
    count = 3 * units + 1 if units else 2
    w = np.array([((i * 7 + 3 * start) % 13 - 6) / 8 for i in range(count)])
    options = {"maxcor": 10, "ftol": 0, "gtol": 1e-9, "maxiter": 10000, "maxfun": 20000}
    found = minimize(hidden if units else line, w, (x, y), "L-BFGS-B", jac=True, options=options)
    assert np.max(np.abs(found.jac)) < 1e-7, found
    return {"units": units, "weights": w.tolist(), "loss": float(found.fun)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    arguments = parser.parse_args()
    x, y = wave()
    cases = [case(units, start) for units in (0, 8) for start in range(5)]
    return write_or_check(OUTPUT, {"l2": L2, "x": x.tolist(), "y": y.tolist(), "cases": cases}, arguments.check)


if __name__ == "__main__":
    sys.exit(main())
