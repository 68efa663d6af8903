"""Make training.json: whole trainings by Keras 3 (JAX backend) to test against.

What is trained stands in training_cases.py. The file has the networks with
their initial weights, the data, and of every training the weights after 1, 10
and 100 steps in float32, with the mean loss of each epoch; of those by fit()
also what fit() and evaluate() report. Weights are in the order of the
network's tensors, kernels row after row.

The batches come in order, without shuffling. Most trainings are Keras' custom
loop: the gradient of stateless_call and the loss by jax.grad, then
optimizer.apply. Those of some sections are made by compile() and fit().

Schedules stand in schedule_cases.py. Where a step has several batches, Keras
asks a schedule for the rate of a batch, this project for that of a step: there
OfSteps tells Keras' schedule the number of the step.

Where rounding errors grow, a case has "exact": the same training by Keras in
float64. A test can then see how far Keras' own float32 is from it. Loop and fit
compile the same formulas in another way, so that their rounding differs too.

`cargo xtask golden --write` runs this, `cargo xtask golden` with --check: then
nothing is written, and values may differ by 1e-4 of the largest in their list.
"""

import argparse
import os
import pathlib
import sys

from golden_file import write_or_check
from schedule_cases import keras_schedules
from training_cases import BATCH_SIZE, BATCHES, EPOCHS, INPUTS, OUTPUTS, SAMPLES, SNAPSHOTS, data, keras_cases, networks

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE / "training.json"

os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["KERAS_BACKEND"] = "jax"
os.environ["KERAS_HOME"] = str(HERE / ".venv" / "keras")

import jax  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402

jax.config.update("jax_default_matmul_precision", "highest")

DATA, NETWORKS = data(), networks()
OPTIMIZERS = {
    "sgd": keras.optimizers.SGD,
    "adagrad": keras.optimizers.Adagrad,
    "rmsprop": keras.optimizers.RMSprop,
    "adadelta": keras.optimizers.Adadelta,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "adamax": keras.optimizers.Adamax,
    "nadam": keras.optimizers.Nadam,
    "lion": keras.optimizers.Lion,
    "ftrl": keras.optimizers.Ftrl,
}
LOSSES = {
    "mean_squared_error": keras.losses.MeanSquaredError,
    "mean_absolute_error": keras.losses.MeanAbsoluteError,
    "huber": keras.losses.Huber,
    "log_cosh": keras.losses.LogCosh,
    "poisson": keras.losses.Poisson,
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "binary_focal_crossentropy": keras.losses.BinaryFocalCrossentropy,
    "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
    "categorical_focal_crossentropy": keras.losses.CategoricalFocalCrossentropy,
    "sparse_categorical_crossentropy": keras.losses.SparseCategoricalCrossentropy,
    "kl_divergence": keras.losses.KLDivergence,
    "hinge": keras.losses.Hinge,
    "squared_hinge": keras.losses.SquaredHinge,
    "categorical_hinge": keras.losses.CategoricalHinge,
}
# Trainings whose rounding errors grow: section, network, optimizer.
EXACT = [("layers", "residual, normalized", "sgd"), ("fit", "residual, normalized", "sgd")]
# The sections whose trainings are made by fit().
FITTED = ["fit", "averages", "accumulated schedules", "plateaus"]
SCHEDULES = list(keras_schedules())
CONSTRAINTS = {
    "max_norm": keras.constraints.MaxNorm,
    "non_neg": keras.constraints.NonNeg,
    "unit_norm": keras.constraints.UnitNorm,
    "min_max_norm": keras.constraints.MinMaxNorm,
}


def quadratic(y, a):
    """The chapter's cost, which Keras has not."""
    return 0.5 * keras.ops.sum(keras.ops.square(a - y), axis=-1)


def shortest(values):
    """float32 values as the shortest decimals that are read back as the same."""
    values = np.asarray(values, np.float32)
    assert np.all(np.isfinite(values))
    return [float(str(value)) for value in values.ravel()]


# Networks.


class L1L2(keras.regularizers.L1L2):
    """Keras' penalty with the slope 0 of |w| at w = 0, as with TensorFlow and PyTorch; with JAX that is 1."""

    def __call__(self, w):
        absolute, square = w * keras.ops.sign(w), keras.ops.square(w)
        return self.l1 * keras.ops.sum(absolute) + self.l2 * keras.ops.sum(square)


def regularizers(given):
    kinds = ("kernel_regularizer", "bias_regularizer", "activity_regularizer")
    return {kind: L1L2(**given[kind]) for kind in kinds if kind in given}


def constraints(given):
    kinds = ("kernel_constraint", "bias_constraint")
    return {kind: CONSTRAINTS[given[kind]["name"]](**given[kind]["settings"]) for kind in kinds if kind in given}


def connect(x, layers, variables):
    """The output of layers for the input x; their variables are appended in the order of our tensors."""
    for given in layers:
        kind, name = given["kind"], given["name"]
        if kind.startswith("residual"):
            after = connect(x, given["layers"], variables)
            if kind == "residual_projected":
                projection = keras.layers.Dense(after.shape[-1], use_bias=False)
                x = projection(x)
                variables += projection.weights
            x = keras.layers.Add()([after, x])
            continue
        if kind == "dense":
            policy = regularizers(given) | constraints(given)
            has_bias = given.get("has_bias", True)
            layer = keras.layers.Dense(given["units"], given["activation"], use_bias=has_bias, **policy)
        elif kind == "activation":
            layer = keras.layers.Activation(given["activation"])
        else:
            kinds = {"prelu": "PReLU", "batch_normalization": "BatchNormalization"}
            layer = getattr(keras.layers, kinds.get(kind, "LayerNormalization"))()
        layer.trainable = not given.get("frozen", False)
        x = layer(x)
        variables += layer.weights
    return x


def build(net):
    """The model of a network, and its variables in the order of our tensors."""
    variables, inputs = [], keras.Input((INPUTS,))
    model = keras.Model(inputs, connect(inputs, NETWORKS[net]["layers"], variables))
    return model, variables


def initialize(net, variables):
    for variable, tensor in zip(variables, NETWORKS[net]["tensors"], strict=True):
        variable.assign(np.reshape(tensor["values"], tensor["shape"]))


# What a case asks for.


def loss_of(case):
    if case["loss"] == "quadratic":
        return quadratic
    return LOSSES[case["loss"]](**case.get("loss_settings", {}))


def targets_of(case):
    if case["targets"] == "classes":
        is_sparse = case["loss"].startswith("sparse")
        return np.asarray(DATA["classes"]) if is_sparse else np.asarray(DATA["targets"]["one_hot"])
    return np.asarray(DATA["targets"][case["targets"]])


class OfSteps(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule of steps that have several batches each, for an optimizer that counts batches."""

    def __init__(self, schedule, batches):
        super().__init__()
        self.schedule, self.batches = schedule, batches

    def __call__(self, step):
        return self.schedule(step // self.batches)


def rate_of(case):
    """The learning rate, or the schedule that gives it."""
    rate = case["settings"]["learning_rate"]
    if "decay" in case["settings"]:
        # lr / (1 + decay t), with t from 0.
        return keras.optimizers.schedules.InverseTimeDecay(rate, 1, case["settings"]["decay"])
    if "schedule" not in case:
        return rate
    asked = (case["schedule"]["name"], case["schedule"]["settings"], rate)
    (schedule,) = (schedule for *of, schedule in SCHEDULES if tuple(of) == asked)
    batches = case.get("fit", {}).get("gradient_accumulation_steps", 1)
    return schedule if batches == 1 else OfSteps(schedule, batches)


def optimizer_of(case):
    settings = {name: value for name, value in case["settings"].items() if name != "decay"}
    steps = case.get("fit", {}).get("gradient_accumulation_steps")
    settings |= {"learning_rate": rate_of(case), "gradient_accumulation_steps": steps}
    return OPTIMIZERS[case["optimizer"]](**settings)


# Keras' custom loop.


class Loop:
    """Gradients of one network with one loss, compiled once for all optimizers."""

    def __init__(self, case):
        self.net, self.loss = case["net"], loss_of(case)
        self.model, self.variables = build(case["net"])
        self.gradient = jax.jit(jax.value_and_grad(self.value, has_aux=True))
        floatx = keras.config.floatx()
        x, y = np.asarray(DATA["x"]), targets_of(case)
        y = y if y.ndim == 1 else y.astype(floatx)
        self.batches = list(zip(np.split(x.astype(floatx), BATCHES), np.split(y, BATCHES), strict=True))

    def value(self, trainable, constants, x, y):
        a, constants, penalties = self.model.stateless_call(
            trainable, constants, x, training=True, return_losses=True
        )
        loss = self.loss(y, a)
        loss = loss if loss.ndim == 0 else keras.ops.mean(loss)
        return loss + sum(penalties), constants

    def run(self, case):
        """Weights after some steps, and the mean loss of each epoch."""
        initialize(self.net, self.variables)
        optimizer, weights, losses, made = optimizer_of(case), {}, [], 0
        for _ in range(EPOCHS):
            of_epoch = []
            for x, y in self.batches:
                trainable = [variable.value for variable in self.model.trainable_variables]
                constants = [variable.value for variable in self.model.non_trainable_variables]
                (loss, constants), g = self.gradient(trainable, constants, x, y)
                for variable, value in zip(self.model.non_trainable_variables, constants, strict=True):
                    variable.assign(value)
                optimizer.apply(g, self.model.trainable_variables)
                of_epoch.append(np.asarray(loss))
                made += 1
                if made in SNAPSHOTS:
                    weights[made] = [shortest(variable.value) for variable in self.variables]
            losses.append(np.mean(of_epoch))
        return {"weights": weights, "history": {"loss": shortest(losses)}}


LOOPS = {}


def by_loop(case):
    key = (keras.config.floatx(), case["net"], case["loss"], case["targets"], str(case.get("loss_settings")))
    if key not in LOOPS:
        LOOPS[key] = Loop(case)
    return LOOPS[key].run(case)


# Keras' fit.


class Snapshots(keras.callbacks.Callback):
    def __init__(self, variables):
        super().__init__()
        self.variables, self.made, self.weights = variables, 0, {}

    def on_train_batch_end(self, batch, logs=None):
        self.made += 1
        if self.made in SNAPSHOTS:
            assert self.model is not None  # which brings the variables up to date
            self.weights[self.made] = [shortest(variable.value) for variable in self.variables]


def by_fit(case):
    """Weights after some batches, and at last as fit leaves them; its history; what evaluate says."""
    model, variables = build(case["net"])
    initialize(case["net"], variables)
    given, x, y = case.get("fit", {}), np.asarray(DATA["x"], np.float32), targets_of(case)
    y = y if y.ndim == 1 else y.astype(np.float32)
    metrics = [] if case["targets"] != "classes" else ["accuracy"]
    model.compile(optimizer_of(case), loss_of(case), metrics=metrics)
    snapshots, weights = Snapshots(variables), {}
    if "class_weight" in given:
        weights["class_weight"] = dict(enumerate(given["class_weight"]))
    if "sample_weight" in given:
        weights["sample_weight"] = np.asarray(DATA["sample_weight"], np.float32)
    if len(weights) == 2:
        # fit takes one of them; the product is what both mean.
        of_class = np.asarray(given["class_weight"], np.float32)[DATA["classes"]]
        weights = {"sample_weight": weights["sample_weight"] * of_class}
    batch_size = given.get("batch_size", BATCH_SIZE)
    options = {"batch_size": batch_size, "epochs": EPOCHS, "shuffle": False, "verbose": 0}
    callbacks = [snapshots]
    if "plateau" in case:
        callbacks.append(keras.callbacks.ReduceLROnPlateau(**case["plateau"]))
        options |= {"validation_data": (x, y), "validation_batch_size": SAMPLES}
    history = model.fit(x, y, callbacks=callbacks, **options, **weights).history
    final = [shortest(variable.value) for variable in variables]
    # A batch is not always a step, and 10 steps are not always an epoch.
    least = SNAPSHOTS[-1] if "batch_size" in given else given.get("gradient_accumulation_steps", 1)
    kept = {made: w for made, w in snapshots.weights.items() if made >= least}
    scores = model.evaluate(x, y, batch_size=SAMPLES, verbose=0, return_dict=True)
    return {
        "weights": kept | {SNAPSHOTS[-1]: final},
        "history": {name: shortest(values) for name, values in history.items()},
        "evaluate": {name: shortest([value])[0] for name, value in scores.items()},
    }


def is_exact(case):
    return (case["section"], case["net"], case["optimizer"]) in EXACT


def reference(cases):
    made = []
    for case in cases:
        values = by_fit(case) if case["section"] in FITTED else by_loop(case)
        made.append(case | values)
        print(len(made), "of", len(cases), end="\r", file=sys.stderr, flush=True)
    LOOPS.clear()
    jax.config.update("jax_enable_x64", True)
    keras.config.set_floatx("float64")
    for case in filter(is_exact, made):
        case["exact"] = by_loop(case)["weights"]
    return {
        "keras_version": keras.__version__,
        "jax_version": jax.__version__,
        "outputs": OUTPUTS,
        "batch_size": BATCH_SIZE,
        "epochs": EPOCHS,
        "data": DATA,
        "networks": NETWORKS,
        "cases": made,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    return write_or_check(OUTPUT, reference(keras_cases(SCHEDULES)), parser.parse_args().check, of_largest=1e-4)


if __name__ == "__main__":
    sys.exit(main())
