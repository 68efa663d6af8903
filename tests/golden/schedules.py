"""Make schedules.json: learning rates of Keras' and PyTorch's schedules to test against.

Keras computes in float32, PyTorch in Python's floats. A case has the name and
the settings of this project's schedule, the optimizer's own learning rate, and
the rates at some steps: the first ones, the middle, both sides of boundaries,
the last, and beyond the end where the schedule has an answer. PyTorch is asked
for those schedules that Keras does not have. `cargo xtask golden --write` runs
it in a virtual environment of its own, `cargo xtask golden` with --check.
"""

import argparse
import os
import pathlib
import sys

from golden_file import write_or_check

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE / "schedules.json"

# Keras and JAX read these when they are imported. KERAS_HOME keeps a user's
# own ~/.keras/keras.json out of the result.
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["KERAS_BACKEND"] = "jax"
os.environ["KERAS_HOME"] = str(HERE / ".venv" / "keras")

import keras  # noqa: E402
import torch  # noqa: E402
from keras.optimizers import schedules  # noqa: E402

keras.config.set_floatx("float32")

STEPS_PER_EPOCH = 10
STEPS = 100
# Boundaries are at multiples of 10 and, for restarts, at 10, 30, 70.
AT = [0, 1, 5, 9, 10, 11, 19, 20, 21, 29, 30, 31, 35, 49, 50, 51, 69, 70, 71, 98, 99]
BEYOND = [100, 101, 110, 150, 1000]


def keras_case(name, settings, rate, schedule):
    steps = AT + BEYOND
    rates = [float(schedule(step)) for step in steps]
    return {"name": name, "settings": settings, "learning_rate": rate, "steps": steps, "rates": rates}


def keras_cases():
    """The schedules of Keras."""
    cases = []
    for decay_rate in (0.5, 3.0):
        for staircase in (False, True):
            settings = {"decay_rate": decay_rate, "staircase": int(staircase)}
            given = {"decay_rate": decay_rate, "staircase": staircase}
            inverse = schedules.InverseTimeDecay(0.1, 20, **given)
            cases.append(keras_case("inverse_time_decay", settings | {"decay_steps": 20}, 0.1, inverse))
            exponential = schedules.ExponentialDecay(0.1, 20, **given)
            cases.append(keras_case("exponential_decay", settings | {"decay_epochs": 2}, 0.1, exponential))
    cases.append(
        keras_case("time_based_decay", {"decay_rate": 0.01}, 0.3, schedules.InverseTimeDecay(0.3, 1, 0.01))
    )
    cases.append(
        keras_case(
            "piecewise_constant",
            {"step_10": 0.05, "step_30": 0.01, "step_70": 0.001},
            0.1,
            schedules.PiecewiseConstantDecay([10, 30, 70], [0.1, 0.05, 0.01, 0.001]),
        )
    )
    for cycle in (False, True):
        for power, end in ((1.0, 0.0001), (2.0, 0.01), (0.5, 0.0)):
            settings = {"power": power, "end_learning_rate": end, "cycle": int(cycle), "decay_steps": 50}
            polynomial = schedules.PolynomialDecay(0.1, 50, end, power, cycle)
            cases.append(keras_case("polynomial_decay", settings, 0.1, polynomial))
    for alpha in (0.0, 0.1):
        settings = {"alpha": alpha}
        cases.append(keras_case("cosine_decay", settings, 0.1, schedules.CosineDecay(0.1, STEPS, alpha)))
        warm = schedules.CosineDecay(0.01, 60, alpha, warmup_target=0.2, warmup_steps=20)
        settings = settings | {"decay_steps": 60, "warmup_target": 0.2, "warmup_steps": 20}
        cases.append(keras_case("cosine_decay", settings, 0.01, warm))
        # Without a target, this project's warm-up begins at 0 and ends at the optimizer's rate.
        warm = schedules.CosineDecay(0.0, STEPS - 20, alpha, warmup_target=0.1, warmup_steps=20)
        cases.append(keras_case("cosine_decay", {"alpha": alpha, "warmup_epochs": 2}, 0.1, warm))
    for t_mul, m_mul, alpha in ((2.0, 1.0, 0.0), (2.0, 0.5, 0.1), (1.0, 0.9, 0.0), (1.5, 0.8, 0.05)):
        settings = {"t_mul": t_mul, "m_mul": m_mul, "alpha": alpha}
        restarts = schedules.CosineDecayRestarts(0.1, 10, t_mul, m_mul, alpha)
        cases.append(keras_case("cosine_decay_restarts", settings, 0.1, restarts))
    return cases


def torch_case(name, settings, rate, steps, make):
    """What PyTorch's schedule says, step after step."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=rate)
    schedule = make(optimizer)
    rates = []
    for step in range(max(steps) + 1):
        if step in steps:
            rates.append(float(schedule.get_last_lr()[0]))
        if step < max(steps):
            optimizer.step()
            schedule.step()
    return {"name": name, "settings": settings, "learning_rate": rate, "steps": steps, "rates": rates}


def torch_cases():
    """The schedules that Keras does not have."""
    from torch.optim.lr_scheduler import OneCycleLR, StepLR

    cases = []
    for size, gamma in ((10, 0.5), (30, 0.1)):
        settings = {"decay_steps": size, "factor": gamma}
        make = lambda o, size=size, gamma=gamma: StepLR(o, size, gamma)  # noqa: E731
        cases.append(torch_case("step_decay", settings, 0.1, AT + [100, 101, 110], make))
    others = {"pct_start": 0.5, "div_factor": 10.0, "final_div_factor": 100.0}
    for settings in ({}, others, {"pct_start": 0.1}):
        # Momentum stays as it is. PyTorch has no answer beyond the end.
        make = lambda o, s=settings: OneCycleLR(o, 0.1, total_steps=STEPS, cycle_momentum=False, **s)  # noqa: E731
        cases.append(torch_case("one_cycle", settings, 0.1, AT, make))
    return cases


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    made = {
        "keras_version": keras.__version__,
        # Without what a build adds behind a plus, such as +cpu.
        "torch_version": torch.__version__.split("+")[0],
        "steps_per_epoch": STEPS_PER_EPOCH,
        "total_steps": STEPS,
        "keras": keras_cases(),
        "torch": torch_cases(),
    }
    return write_or_check(OUTPUT, made, parser.parse_args().check)


if __name__ == "__main__":
    sys.exit(main())
