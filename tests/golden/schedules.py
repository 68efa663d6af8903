"""Make schedules.json: learning rates of Keras' and PyTorch's schedules to test against.

The schedules stand in schedule_cases.py. Keras computes in float32, PyTorch in
Python's floats. A case has the name and the settings of this project's schedule,
the optimizer's own learning rate, and the rates at some steps: the first ones,
the middle, both sides of boundaries, the last, and beyond the end where the
schedule has an answer. PyTorch is asked for those schedules that Keras does not
have. `cargo xtask golden --write` runs it in a virtual environment of its own,
`cargo xtask golden` with --check.
"""

import argparse
import os
import pathlib
import sys

from golden_file import write_or_check
from schedule_cases import STEPS, STEPS_PER_EPOCH, keras_schedules, torch_schedules

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE / "schedules.json"

# Keras and JAX read these when they are imported. KERAS_HOME keeps a user's
# own ~/.keras/keras.json out of the result.
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["KERAS_BACKEND"] = "jax"
os.environ["KERAS_HOME"] = str(HERE / ".venv" / "keras")

import keras  # noqa: E402
import torch  # noqa: E402

keras.config.set_floatx("float32")

# Boundaries are at multiples of 10 and, for restarts, at 10, 30, 70.
AT = [0, 1, 5, 9, 10, 11, 19, 20, 21, 29, 30, 31, 35, 49, 50, 51, 69, 70, 71, 98, 99]
BEYOND = [100, 101, 110, 150, 1000]


def keras_case(name, settings, rate, schedule):
    steps = AT + BEYOND
    rates = [float(schedule(step)) for step in steps]
    return {"name": name, "settings": settings, "learning_rate": rate, "steps": steps, "rates": rates}


def torch_case(name, settings, rate, make):
    """What PyTorch's schedule says, step after step."""
    # One cycle has no answer beyond its end.
    steps = AT if name == "one_cycle" else AT + BEYOND[:3]
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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    made = {
        "keras_version": keras.__version__,
        # Without what a build adds behind a plus, such as +cpu.
        "torch_version": torch.__version__.split("+")[0],
        "steps_per_epoch": STEPS_PER_EPOCH,
        "total_steps": STEPS,
        "keras": [keras_case(*schedule) for schedule in keras_schedules()],
        "torch": [torch_case(*schedule) for schedule in torch_schedules()],
    }
    return write_or_check(OUTPUT, made, parser.parse_args().check)


if __name__ == "__main__":
    sys.exit(main())
