"""Make reference.json: golden values of Keras 3 (JAX backend) to test against.

The file holds what Keras computes, in float32 on the CPU, for activations,
losses, optimizers and the training of one small network. Tests read it, so
they need neither Python nor Keras. Run from the root of the project:

    python3 -m venv tests/golden/.venv &&
    tests/golden/.venv/bin/pip install -r tests/golden/requirements.txt &&
    tests/golden/.venv/bin/python tests/golden/reference.py

With --check nothing is written: the values are computed again and compared
with the file, allowing a relative difference of 1e-6; the exit status is 1 if
they differ.

Every computed number is a float32, written with the digits of the equal
float64, so reading it as either type gives exactly the same value. The
numbers in "settings" are the plain arguments given to the optimizer.
"""

import argparse
import json
import math
import os
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE / "reference.json"
RELATIVE_TOLERANCE = 1e-6

# Keras and JAX read these when they are imported. KERAS_HOME keeps a user's
# own ~/.keras/keras.json out of the result.
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["KERAS_BACKEND"] = "jax"
os.environ["KERAS_HOME"] = str(HERE / ".venv" / "keras")

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402

jax.config.update("jax_enable_x64", False)
jax.config.update("jax_default_matmul_precision", "highest")
keras.config.set_floatx("float32")
keras.config.set_epsilon(1e-7)

OPTIMIZERS = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}
ADAM = {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
OTHER_ADAM = {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-6}


def numbers(array):
    """A float32 array (or scalar) as nested lists of Python floats."""
    array = np.asarray(array)
    assert array.dtype == np.float32, array.dtype
    assert np.all(np.isfinite(array))
    return array.tolist()


def activation_case(name, z):
    """An activation of the whole vector z, and its vector-Jacobian product."""
    da = [1.0, -0.5, 0.75, 2.0, -1.5, 0.25, 1.25, -2.0, 3.0, 0.5, -0.25, 1.5]
    z, da = jnp.asarray(z, jnp.float32), jnp.asarray(da[: len(z)], jnp.float32)
    a, vjp = jax.vjp(getattr(keras.activations, name), z)
    (dz,) = vjp(da)
    return {"z": numbers(z), "a": numbers(a), "da": numbers(da), "dz": numbers(dz)}


def activations():
    names = ["linear", "relu", "sigmoid", "softmax", "tanh"]
    z = [0.0, 0.5, -0.5, 1.0, -1.0, 3.0, -3.0, 10.0, -10.0, 30.0, -30.0, 88.0]
    return {name: activation_case(name, z) for name in names}


def loss_case(loss, input_name, x, y):
    """The loss of one sample, and its gradient with respect to x."""
    x, y = jnp.asarray(x, jnp.float32), jnp.asarray(y, jnp.float32)
    value, dx = jax.value_and_grad(lambda x: loss(y[None, :], x[None, :]))(x)
    case = {input_name: x, "y": y, "value": value, "d" + input_name: dx}
    return {key: numbers(array) for key, array in case.items()}


def losses():
    # Multiples of 1/32, so that their sum is exactly 1 in float32 too.
    a = [[0.0625, 0.125, 0.5, 0.25, 0.0625], [0.03125, 0.40625, 0.1875, 0.25, 0.125]]
    z = [[-1.0, 0.5, 2.0, 0.0, -3.0], [12.0, -8.0, 0.25, 9.5, 1.5]]
    y = [[0.0, 0.0, 0.0, 1.0, 0.0], [0.125, 0.5, 0.0625, 0.3125, 0.0]]
    mse = keras.losses.MeanSquaredError()
    cce = keras.losses.CategoricalCrossentropy()
    fused = keras.losses.CategoricalCrossentropy(from_logits=True)
    return {
        "mean_squared_error": [loss_case(mse, "a", *case) for case in zip(a, y)],
        "categorical_crossentropy": [loss_case(cce, "a", *case) for case in zip(a, y)],
        "fused": [loss_case(fused, "z", *case) for case in zip(z, y)],
    }


def optimizer_case(name, settings):
    """The weights after each of ten steps with given gradients."""
    random = np.random.RandomState(1)
    w0 = random.uniform(-1.0, 1.0, 6).astype(np.float32)
    # One weight never has a gradient; another's is as small as Adam's epsilon.
    scale = [1.0, 0.1, 0.0, 1e-3, 1e-6, 30.0]
    gradients = (random.uniform(-1.0, 1.0, (10, 6)) * scale).astype(np.float32)

    optimizer = OPTIMIZERS[name](**settings)
    w = keras.Variable(w0)
    optimizer.build([w])
    steps = []
    for gradient in gradients:
        optimizer.apply([jnp.asarray(gradient)], [w])
        steps.append(numbers(w.value))
    given = {"w0": numbers(w0), "gradients": numbers(gradients)}
    return {"name": name, "settings": settings, **given, "w": steps}


def named_weights(weights):
    kernel, bias = weights
    return {"kernel": numbers(kernel), "bias": numbers(bias)}


def training_run(name, settings, layers, x, classes):
    """Train the network from the given kernels and biases, without shuffling."""
    model = keras.Sequential([
        keras.Input((6,)),
        keras.layers.Dense(5, activation="relu"),
        keras.layers.Dense(4, activation="sigmoid"),
        keras.layers.Dense(3, activation="softmax"),
    ])
    for layer, initial in zip(model.layers, layers, strict=True):
        layer.set_weights(initial)
    model.compile(OPTIMIZERS[name](**settings), loss="categorical_crossentropy")
    y = np.eye(3, dtype=np.float32)[classes]
    history = model.fit(x, y, batch_size=8, epochs=3, shuffle=False, verbose=0)
    return {
        "optimizer": name,
        "settings": settings,
        "loss_per_epoch": numbers(np.asarray(history.history["loss"], np.float32)),
        "layers": [named_weights(layer.get_weights()) for layer in model.layers],
        "predictions": numbers(model.predict(x, verbose=0)),
    }


def training():
    random = np.random.RandomState(2)
    layers = []
    for shape in [(6, 5), (5, 4), (4, 3)]:
        kernel = random.uniform(-1.0, 1.0, shape).astype(np.float32)
        bias = random.uniform(-0.5, 0.5, shape[1]).astype(np.float32)
        layers.append([kernel, bias])
    x = random.uniform(-1.0, 1.0, (32, 6)).astype(np.float32)
    x[random.uniform(size=x.shape) < 0.2] = 0.0
    classes = np.argmax(x[:, :3], axis=1)
    runs = [("adam", ADAM | {"learning_rate": 0.01}), ("sgd", {"learning_rate": 0.5})]
    return {
        "layers": [named_weights(layer) for layer in layers],
        "x": numbers(x),
        "classes": classes.tolist(),
        "runs": [training_run(*run, layers, x, classes) for run in runs],
    }


def reference():
    # With z = 88 in it, the softmax in "activations" is one-hot and its dz all
    # but 0; softmax_moderate has no such entry.
    moderate = [0.0, 0.5, -0.5, 1.0, -1.0, 3.0, -3.0, 2.0]
    return {
        "keras_version": keras.__version__,
        "jax_version": jax.__version__,
        "activations": activations(),
        "softmax_moderate": activation_case("softmax", moderate),
        "losses": losses(),
        "optimizers": [
            optimizer_case("sgd", {"learning_rate": 0.1}),
            optimizer_case("sgd", {"learning_rate": 3.0}),
            optimizer_case("adam", ADAM),
            optimizer_case("adam", OTHER_ADAM),
        ],
        "training": training(),
    }


def as_json(value):
    """JSON with each innermost list on a line of its own."""
    text = json.dumps(value, indent=1, allow_nan=False)
    innermost = re.compile(r"\[([^\[\]{}]*)\]")
    return innermost.sub(lambda m: "[" + " ".join(m[1].split()) + "]", text) + "\n"


def differences(old, new):
    """Where two JSON values differ by more than the tolerance, in words."""
    leaves = jax.tree_util.tree_leaves_with_path
    old, new = [{jax.tree_util.keystr(k): v for k, v in leaves(t)} for t in (old, new)]
    for key in sorted(old.keys() | new.keys()):
        a, b = old.get(key), new.get(key)
        both = isinstance(a, (int, float)) and isinstance(b, (int, float))
        if not (math.isclose(a, b, rel_tol=RELATIVE_TOLERANCE) if both else a == b):
            yield f"{key}: {a!r} in the file, {b!r} now"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    check = parser.parse_args().check
    made = reference()
    if not check:
        OUTPUT.write_text(as_json(made), encoding="utf-8")
        return 0
    found = list(differences(json.loads(OUTPUT.read_text(encoding="utf-8")), made))
    print("\n".join(found) or f"{OUTPUT.name}: no difference")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
