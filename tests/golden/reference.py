"""Make reference.json: golden values of Keras 3 (JAX backend) to test against.

The file holds what Keras computes, in float32 on the CPU, for activations,
losses, optimizers, initializers and the training of one small network. Tests
read it, so they need neither Python nor Keras. `cargo xtask golden --write`
runs it in a virtual environment of its own, `cargo xtask golden` with --check.

With --check nothing is written: the values are computed again and compared
with the file, allowing a relative difference of 1e-6; the exit status is 1 if
they differ.

Every computed number is a float32, written with the digits of the equal
float64, so reading it as either type gives exactly the same value. The
numbers in "settings" are the plain arguments given to the optimizer, 0 and 1
for False and True. The docstring of optimizers() has the formulas of each.
"""

import argparse
import inspect
import os
import pathlib
import sys
from unittest import mock

from golden_file import write_or_check

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE / "reference.json"

# Keras and JAX read these when they are imported. KERAS_HOME keeps a user's
# own ~/.keras/keras.json out of the result.
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["KERAS_BACKEND"] = "jax"
os.environ["KERAS_HOME"] = str(HERE / ".venv" / "keras")

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras.src.initializers import random_initializers  # noqa: E402

jax.config.update("jax_enable_x64", False)
jax.config.update("jax_default_matmul_precision", "highest")
keras.config.set_floatx("float32")
keras.config.set_epsilon(1e-7)

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
ADAM = {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
OTHER_ADAM = {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-6}


def numbers(array):
    """A float32 array (or scalar) as nested lists of Python floats."""
    array = np.asarray(array)
    assert array.dtype == np.float32, array.dtype
    assert np.all(np.isfinite(array))
    return array.tolist()


def activation_case(name, z, **options):
    """An activation of the whole vector z, and its vector-Jacobian product."""
    da = [1.0, -0.5, 0.75, 2.0, -1.5, 0.25, 1.25, -2.0, 3.0, 0.5, -0.25, 1.5]
    z, da = jnp.asarray(z, jnp.float32), jnp.asarray(da[: len(z)], jnp.float32)
    activation = getattr(keras.activations, name)
    a, vjp = jax.vjp(lambda z: activation(z, **options), z)
    (dz,) = vjp(da)
    return {"z": numbers(z), "a": numbers(a), "da": numbers(da), "dz": numbers(dz)}


def activation_settings():
    """Activations with settings other than Keras' defaults."""
    z = [0.5, -0.5, 1.0, -1.0, 3.0, -3.0, 10.0, -10.0]
    cases = [
        ("leaky_relu", {"negative_slope": 0.05}),
        ("leaky_relu", {"negative_slope": 1.5}),
        ("elu", {"alpha": 0.5}),
        ("elu", {"alpha": 2.0}),
    ]
    return [
        {"name": name, "settings": settings, **activation_case(name, z, **settings)}
        for name, settings in cases
    ]


def activations():
    options = {
        "linear": {},
        "relu": {},
        "sigmoid": {},
        "softmax": {},
        "tanh": {},
        "leaky_relu": {"negative_slope": 0.2},
        "log_softmax": {},
        "relu6": {},
        "elu": {"alpha": 1.0},
        "selu": {},
        "gelu": {"approximate": False},
        "silu": {},
        "mish": {},
        "softplus": {},
        "softsign": {},
        "exponential": {},
        "hard_sigmoid": {},
        "hard_silu": {},
        "hard_tanh": {},
    }
    # exp(88) and 1.5 exp(88) are still finite in float32.
    z = [0.0, 0.5, -0.5, 1.0, -1.0, 3.0, -3.0, 10.0, -10.0, 30.0, -30.0, 88.0]
    return {name: activation_case(name, z, **options[name]) for name in options}


def loss_case(loss, input_name, x, y):
    """The loss of one sample, and its gradient with respect to x."""
    x, y = jnp.asarray(x, jnp.float32), jnp.asarray(y, jnp.float32)
    value, dx = jax.value_and_grad(lambda x: loss(y[None, :], x[None, :]))(x)
    case = {input_name: x, "y": y, "value": value, "d" + input_name: dx}
    return {key: numbers(array) for key, array in case.items()}


def loss_cases(loss, a, y):
    return [loss_case(loss, "a", *case) for case in zip(a, y, strict=True)]


LOSSES = {
    "mean_squared_error": keras.losses.MeanSquaredError,
    "huber": keras.losses.Huber,
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "binary_focal_crossentropy": keras.losses.BinaryFocalCrossentropy,
    "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
    "categorical_focal_crossentropy": keras.losses.CategoricalFocalCrossentropy,
    "sparse_categorical_crossentropy": keras.losses.SparseCategoricalCrossentropy,
}
# Kernels [fan_in, fan_out]: square, tall, wide, and the first layer for MNIST.
SHAPES = [(7, 7), (16, 4), (3, 10), (784, 30)]


def setting_case(name, settings, a, y, weight=1.0):
    """A loss with settings, of one sample that counts `weight` times."""
    loss = LOSSES[name](**settings)

    def weighted(y, a):
        return loss(y, a, sample_weight=jnp.asarray([weight], jnp.float32))

    case = loss_case(weighted, "a", a, y)
    return {"name": name, "settings": settings, "weight": weight, **case}


def loss_settings():
    """Losses with settings other than Keras' defaults, and with sample weights.

    With from_logits, `a` are logits. The target of the sparse loss is a list of
    one number, that of the class. The settings 0 and 1 are False and True.
    """
    real, target = [0.5, -1.25, 2.0, 3.5, -0.75], [0.75, -1.0, 1.5, 0.0, -2.5]
    p, binary = [0.875, 0.0625, 0.3, 0.6, 0.98], [1.0, 0.0, 1.0, 0.25, 0.625]
    a = [0.0625, 0.125, 0.5, 0.25, 0.0625]
    z = [-1.0, 0.5, 2.0, 0.0, -3.0]
    large = [12.0, -8.0, 0.25, 9.5, 1.5]
    one_hot, y = [0.0, 0.0, 0.0, 1.0, 0.0], [0.125, 0.5, 0.0625, 0.3125, 0.0]
    logits, slight, half = {"from_logits": 1}, {"label_smoothing": 0.1}, {"label_smoothing": 0.5}
    balanced = {"apply_class_balancing": 1, "alpha": 0.75, "gamma": 1.5}
    focal, other_focal = {"gamma": 0.5, "alpha": 0.5}, {"gamma": 3.0, "alpha": 1.0}
    bce, bfc = "binary_crossentropy", "binary_focal_crossentropy"
    cce, cfc = "categorical_crossentropy", "categorical_focal_crossentropy"
    scce = "sparse_categorical_crossentropy"
    cases = [
        ("huber", {"delta": 0.5}, real, target),
        ("huber", {"delta": 2.25}, real, target),
        (bce, slight, p, binary),
        (bce, half, p, binary),
        (bce, logits, z, binary),
        (bce, logits, large, binary),
        (bce, logits | slight, z, binary),
        (bfc, {"gamma": 1.0}, p, binary),
        (bfc, balanced, p, binary),
        (bfc, balanced | slight, p, binary),
        (bfc, logits, z, binary),
        (bfc, logits | balanced | half, z, binary),
        (cce, slight, a, one_hot),
        (cce, half, a, y),
        (cce, logits, z, one_hot),
        (cce, logits, large, y),
        (cce, logits | slight, large, one_hot),
        (cfc, focal, a, one_hot),
        (cfc, other_focal | slight, a, y),
        (cfc, logits, z, y),
        (cfc, logits | other_focal | half, z, one_hot),
        (scce, {}, a, [3.0]),
        (scce, {}, a, [0.0]),
        (scce, logits, z, [2.0]),
        (scce, logits, large, [1.0]),
    ]
    weighted = [
        ("mean_squared_error", {}, real, target, 0.25),
        ("huber", {"delta": 0.5}, real, target, 3.0),
        (bce, {}, p, binary, 2.5),
        (cce, slight, a, one_hot, 0.75),
        (scce, logits, z, [4.0], 1.5),
    ]
    return [setting_case(*case) for case in cases + weighted]


class Recorder:
    """Stands in for keras.random, and keeps the arguments of its last call."""

    def __init__(self, random):
        self.random, self.call = random, None

    def __getattr__(self, name):
        def call(*arguments, **named):
            bound = inspect.signature(getattr(self.random, name)).bind(*arguments, **named)
            parameters = ("mean", "stddev", "minval", "maxval")
            kept = {key: bound.arguments[key] for key in parameters if key in bound.arguments}
            self.call = {"distribution": name} | {key: float(kept[key]) for key in kept}
            return getattr(self.random, name)(*arguments, **named)

        return call


def initializer_case(name, settings, shape):
    """What the initializer asks of Keras' random numbers, and how w came out."""
    initializer = getattr(keras.initializers, name.title().replace("_", ""))(**settings)
    recorder = Recorder(random_initializers.random)
    with mock.patch.object(random_initializers, "random", recorder):
        w = np.asarray(initializer(shape, dtype="float32"))
    case = {"name": name, "settings": settings, "shape": list(shape)}
    return case | (recorder.call or {"w": numbers(w)})


def initializers():
    """The distributions that Keras draws from, and the weights that are not random.

    Streams differ from Keras', so not the weights are compared but the arguments
    that Keras computes for its generators. Keras' truncated_normal cuts off at
    two of the standard deviations given.
    """
    by_size = [
        f"{who}_{how}" for who in ("glorot", "he", "lecun") for how in ("uniform", "normal")
    ]
    cases = [(name, {}, shape) for name in by_size for shape in SHAPES]
    cases += [
        ("zeros", {}, (2, 3)),
        ("ones", {}, (2, 3)),
        ("constant", {}, (2, 3)),
        ("constant", {"value": -0.25}, (2, 3)),
        ("identity", {}, (3, 3)),
        ("identity", {"gain": 0.5}, (2, 4)),
        ("identity", {"gain": -2.0}, (4, 2)),
        ("random_uniform", {}, (3, 4)),
        ("random_uniform", {"minval": -1.0, "maxval": 3.0}, (3, 4)),
        ("random_normal", {}, (3, 4)),
        ("random_normal", {"mean": 0.5, "stddev": 2.0}, (3, 4)),
        ("truncated_normal", {}, (3, 4)),
        ("truncated_normal", {"mean": 0.5, "stddev": 2.0}, (3, 4)),
    ]
    return [initializer_case(*case) for case in cases]


def orthogonal_case(settings, shape):
    """The products of the vectors of an orthogonal kernel with each other."""
    w = np.asarray(keras.initializers.Orthogonal(seed=1, **settings)(shape), np.float64)
    products = w @ w.T if shape[0] <= shape[1] else w.T @ w
    return {"settings": settings, "shape": list(shape), "products": np.round(products, 5).tolist()}


def orthogonal():
    settings = [{}, {"gain": 0.5}]
    return [orthogonal_case(s, shape) for s in settings for shape in [(3, 3), (5, 2), (2, 4)]]


def more_losses():
    """The losses but for mean squared error and categorical crossentropy.

    No sample is at a kink, where the derivative depends on Keras' backend: with
    JAX that of mean_absolute_error at an error of 0 is -1 / outputs.
    """
    losses = keras.losses
    # Errors of either sign, below, at and above 1.
    real = [[0.5, -1.25, 2.0, 3.5, -0.75], [-4.0, 0.25, 1.5, 0.0, 9.0]]
    target = [[0.75, -1.0, 1.5, 0.0, -0.625], [2.0, -0.75, 1.25, 2.5, 1.0]]
    # Each of several outputs a probability of its own.
    p = [[0.875, 0.0625, 0.3, 0.6, 0.98], [0.001, 0.999, 0.5, 0.2, 0.75]]
    binary = [[1.0, 0.0, 1.0, 0.0, 1.0], [0.0, 0.0, 1.0, 0.25, 0.625]]
    # One distribution over the outputs; the last does not sum to 1.
    a = [
        [0.0625, 0.125, 0.5, 0.25, 0.0625],
        [0.03125, 0.40625, 0.1875, 0.25, 0.125],
        [0.25, 0.5, 0.125, 0.75, 0.375],
    ]
    y = [
        [0.0, 0.0, 0.0, 1.0, 0.0],
        [0.125, 0.5, 0.0625, 0.3125, 0.0],
        [0.0, 1.0, 0.0, 0.0, 0.0],
    ]
    rate = [[0.5, 1.75, 3.0, 0.0625, 6.0], [2.0, 0.125, 9.5, 1.25, 0.75]]
    count = [[0.0, 2.0, 3.0, 1.0, 4.0], [5.0, 0.0, 8.0, 1.0, 0.0]]
    score = [[0.5, -0.25, 2.0, -3.0, 0.75], [-1.5, 0.125, 0.0, 4.0, -0.5]]
    sign = [[1.0, 1.0, 1.0, -1.0, -1.0], [1.0, -1.0, 1.0, -1.0, -1.0]]
    # Wrong class ahead; right class ahead by more than 1 (loss 0); every other
    # score negative, so the greatest of (1 - y) a is the 0 of the right class.
    scores = [
        [0.5, 1.75, -0.25, 0.75, -1.0],
        [-0.5, 0.25, 3.0, 1.5, 0.0],
        [-0.75, -2.0, -0.5, -1.25, 0.625],
    ]
    one_hot = [
        [0.0, 0.0, 0.0, 1.0, 0.0],
        [0.0, 0.0, 1.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 1.0],
    ]
    bfc = losses.BinaryFocalCrossentropy(apply_class_balancing=False, gamma=2.0)
    cfc = losses.CategoricalFocalCrossentropy(alpha=0.25, gamma=2.0)
    mae, huber = losses.MeanAbsoluteError(), losses.Huber(delta=1.0)
    return {
        "mean_absolute_error": loss_cases(mae, real, target),
        "huber": loss_cases(huber, real, target),
        "log_cosh": loss_cases(losses.LogCosh(), real, target),
        "binary_crossentropy": loss_cases(losses.BinaryCrossentropy(), p, binary),
        "kl_divergence": loss_cases(losses.KLDivergence(), a[:2], y[:2]),
        "poisson": loss_cases(losses.Poisson(), rate, count),
        "hinge": loss_cases(losses.Hinge(), score, sign),
        "squared_hinge": loss_cases(losses.SquaredHinge(), score, sign),
        "categorical_hinge": loss_cases(losses.CategoricalHinge(), scores, one_hot),
        "binary_focal_crossentropy": loss_cases(bfc, p, binary),
        "categorical_focal_crossentropy": loss_cases(cfc, a, y),
    }


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
        **more_losses(),
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


def optimizers():
    """The cases of all optimizers.

    What Keras 3.15.1 applies to each weight w with the gradient g at the step
    t = 1, 2, ..., read from its source. State starts at 0 unless said
    otherwise; lr is learning_rate, b1 and b2 are beta_1 and beta_2; an
    assignment uses the values assigned before it. All is in float32, but 1 - b
    is rounded from the float64 difference (in nadam and lion it is the float32
    difference of the rounded b, as is every 1 - b^t).

    sgd (momentum = 0): w -= lr g
    sgd (momentum, nesterov = 0): m = momentum m - lr g; w += m
    sgd (momentum, nesterov = 1): m = momentum m - lr g; w += momentum m - lr g
    adagrad: n = n + g^2, n starts at initial_accumulator_value;
        w -= lr g / sqrt(n + epsilon)
    rmsprop: v = rho v + (1 - rho) g^2; d = v + epsilon; if centered:
        a = rho a + (1 - rho) g, d = v - a^2 + epsilon; i = lr g / sqrt(d);
        momentum = 0: w -= i; momentum > 0: m = momentum m + i, w -= m
    adadelta: n = rho n + (1 - rho) g^2;
        d = -sqrt(s + epsilon) g / sqrt(n + epsilon), with s before this step;
        s = rho s + (1 - rho) d^2; w += lr d
    adam: m += (1 - b1) (g - m); v += (1 - b2) (g^2 - v);
        alpha = lr sqrt(1 - b2^t) / (1 - b1^t); w -= alpha m / (sqrt(v) + epsilon)
    adam (amsgrad = 1): m, v, alpha as in adam; h = max(h, v);
        w -= alpha m / (sqrt(h) + epsilon)
    adamw: w = w - w weight_decay lr; then as adam
    adamax: m += (1 - b1) (g - m); u = max(b2 u, |g|);
        w -= lr m / ((1 - b1^t) (u + epsilon))
    nadam: p(t) = b1 (1 - 0.5 0.96^t); q = q p(t), q starts at 1 (one q for all
        weights); m += (1 - b1) (g - m); v += (1 - b2) (g^2 - v);
        k = p(t+1) m / (1 - q p(t+1)) + (1 - p(t)) g / (1 - q);
        w -= lr k / (sqrt(v / (1 - b2^t)) + epsilon)
    lion: w -= lr sign(b1 m + (1 - b1) g), sign(0) = 0; then
        m = b2 m + (1 - b2) g
    ftrl: k = -learning_rate_power; l1 = l1_regularization_strength;
        l2 = l2_regularization_strength + beta / (2 lr);
        s = g + 2 l2_shrinkage_regularization_strength w; c = n + g^2, n starts
        at initial_accumulator_value; z += s - (c^k - n^k) / lr w;
        w = (clip(z, -l1, l1) - z) / (c^k / lr + 2 l2); n = c
        (w0 counts only in z and s: where g = 0 and there is no shrinkage, w is
        0 after one step)
    """
    momentum = {"learning_rate": 0.01, "momentum": 0.9, "nesterov": 0}
    other_momentum = {"learning_rate": 0.2, "momentum": 0.75, "nesterov": 0}
    adagrad = {"learning_rate": 0.001, "initial_accumulator_value": 0.1, "epsilon": 1e-7}
    other_adagrad = {
        "learning_rate": 0.05,
        "initial_accumulator_value": 0.01,
        "epsilon": 1e-5,
    }
    rmsprop = {
        "learning_rate": 0.001,
        "rho": 0.9,
        "momentum": 0.0,
        "epsilon": 1e-7,
        "centered": 0,
    }
    other_rmsprop = {
        "learning_rate": 0.01,
        "rho": 0.8,
        "momentum": 0.75,
        "epsilon": 1e-6,
        "centered": 1,
    }
    ftrl = {
        "learning_rate": 0.001,
        "learning_rate_power": -0.5,
        "initial_accumulator_value": 0.1,
        "l1_regularization_strength": 0.0,
        "l2_regularization_strength": 0.0,
        "l2_shrinkage_regularization_strength": 0.0,
        "beta": 0.0,
    }
    other_ftrl = {
        "learning_rate": 0.1,
        "learning_rate_power": -0.75,
        "initial_accumulator_value": 0.25,
        "l1_regularization_strength": 0.01,
        "l2_regularization_strength": 0.02,
        "l2_shrinkage_regularization_strength": 0.03,
        "beta": 0.5,
    }
    cases = [
        ("sgd", {"learning_rate": 0.1}),
        ("sgd", {"learning_rate": 3.0}),
        ("adam", ADAM),
        ("adam", OTHER_ADAM),
        ("sgd", momentum),
        ("sgd", other_momentum),
        ("sgd", momentum | {"nesterov": 1}),
        ("sgd", other_momentum | {"nesterov": 1}),
        ("adagrad", adagrad),
        ("adagrad", other_adagrad),
        ("rmsprop", rmsprop),
        ("rmsprop", other_rmsprop),
        ("adadelta", {"learning_rate": 0.001, "rho": 0.95, "epsilon": 1e-7}),
        ("adadelta", {"learning_rate": 1.0, "rho": 0.9, "epsilon": 1e-6}),
        ("adam", ADAM | {"amsgrad": 1}),
        ("adam", OTHER_ADAM | {"amsgrad": 1}),
        ("adamw", ADAM | {"weight_decay": 0.004}),
        ("adamw", OTHER_ADAM | {"weight_decay": 0.25}),
        ("adamax", ADAM),
        ("adamax", OTHER_ADAM),
        ("nadam", ADAM),
        ("nadam", OTHER_ADAM),
        ("lion", {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.99}),
        ("lion", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95}),
        ("ftrl", ftrl),
        ("ftrl", other_ftrl),
    ]
    return [optimizer_case(*case) for case in cases]


def layer_case(layer, weights, x, **options):
    """Outputs, new statistics, and gradients by weights and input for random da."""
    layer.build(x.shape)
    layer.set_weights([np.asarray(weight, np.float32) for weight in weights])
    constants = [variable.value for variable in layer.non_trainable_variables]

    def call(trainable, x):
        return layer.stateless_call(trainable, constants, x, **options)

    trainable = [variable.value for variable in layer.trainable_variables]
    a, pullback, after = jax.vjp(call, trainable, jnp.asarray(x), has_aux=True)
    da = np.random.default_rng(5).normal(size=a.shape).astype(np.float32)
    by_weights, dx = pullback(jnp.asarray(da))
    return {
        "weights": [numbers(np.asarray(weight, np.float32)) for weight in weights],
        "x": numbers(x),
        "a": numbers(a),
        "da": numbers(da),
        "dx": numbers(dx),
        "by_weights": [numbers(gradient) for gradient in by_weights],
        "after": [numbers(value) for value in after],
    }


def layers():
    """Layers that are not dense: six samples of five units, weights in Keras' order.

    Batch normalization has gamma, beta, moving mean, moving variance; in training
    "after" are the moving statistics after the batch, and gradients go through the
    statistics of the batch.
    """
    random = np.random.default_rng(11)
    x = (2 * random.normal(size=(6, 5)) + 0.5).astype(np.float32)
    gamma, beta, mean = (random.normal(size=5) for _ in range(3))
    variance = random.uniform(0.5, 3, size=5)
    batch = [gamma, beta, mean, variance]
    normalize = keras.layers.BatchNormalization
    return {
        "batch_norm": layer_case(normalize(), batch, x),
        "batch_norm_training": layer_case(normalize(), batch, x, training=True),
        "layer_norm": layer_case(keras.layers.LayerNormalization(), [gamma, beta], x),
        "prelu": layer_case(keras.layers.PReLU(), [gamma], x),
    }


def adjusted_case(name, settings, penalty):
    """A kernel and a bias after each of ten steps with given gradients.

    penalty has the l1 and l2 of kernel and bias, whose gradients are added to
    those given, as they are parts of the loss. No weight is 0, where the
    gradient of l1 depends on Keras' backend.
    """
    random = np.random.RandomState(4)
    shapes = {"kernel": (3, 2), "bias": (2,)}
    draw = lambda size, shape: random.uniform(-size, size, shape).astype(np.float32)
    w0 = {tensor: draw(1.0, shape) for tensor, shape in shapes.items()}
    gradients = [
        {tensor: draw(2.0**step, shape) for tensor, shape in shapes.items()}
        for step in range(-5, 5)
    ]

    optimizer = OPTIMIZERS[name](**settings)
    w = {tensor: keras.Variable(values) for tensor, values in w0.items()}
    optimizer.build(list(w.values()))
    penalties = {t: keras.regularizers.L1L2(**penalty.get(t, {})) for t in w}
    steps = []
    for given in gradients:
        g = [jnp.asarray(given[t]) + jax.grad(penalties[t])(w[t].value) for t in w]
        optimizer.apply(g, list(w.values()))
        steps.append({tensor: numbers(values.value) for tensor, values in w.items()})
    return {
        "name": name,
        "settings": settings,
        "penalty": penalty,
        "w0": {tensor: numbers(values) for tensor, values in w0.items()},
        "gradients": [{t: numbers(g) for t, g in given.items()} for given in gradients],
        "w": steps,
    }


def adjusted_optimizers():
    """Optimizers with clipping, weight decay, L1 and L2.

    What Keras 3.15.1 does at a step: add l1 sign(w) + 2 l2 w to g; clip g: to
    [-clipvalue, clipvalue], or g clipnorm / max(norm, clipnorm) with the norm
    of the tensor, or the same with global_clipnorm and the norm of all tensors;
    w -= w weight_decay lr; then the optimizer's own step.
    """
    sgd = {"learning_rate": 0.1}
    momentum = sgd | {"momentum": 0.9}
    other_adam = OTHER_ADAM | {"weight_decay": 0.25}
    l1_l2 = {"kernel": {"l1": 0.25, "l2": 0.125}, "bias": {"l1": 0.125, "l2": 0.5}}
    return [
        adjusted_case("sgd", sgd | {"clipvalue": 0.5}, {}),
        adjusted_case("adam", ADAM | {"clipvalue": 0.01}, {}),
        adjusted_case("sgd", sgd | {"clipnorm": 0.75}, {}),
        adjusted_case("adam", ADAM | {"clipnorm": 0.01}, {}),
        adjusted_case("sgd", sgd | {"global_clipnorm": 0.75}, {}),
        adjusted_case("adam", ADAM | {"global_clipnorm": 0.01}, {}),
        adjusted_case("sgd", sgd | {"weight_decay": 0.5}, {}),
        adjusted_case("adam", other_adam, {}),
        adjusted_case("sgd", sgd, {"kernel": {"l1": 0.5, "l2": 0.0}}),
        adjusted_case("sgd", sgd, {"bias": {"l1": 0.0, "l2": 0.5}}),
        adjusted_case("adam", ADAM, l1_l2),
        adjusted_case("sgd", momentum | {"clipnorm": 0.75, "weight_decay": 0.5}, l1_l2),
        adjusted_case("adam", other_adam | {"global_clipnorm": 0.5}, l1_l2),
    ]


def named_weights(weights):
    kernel, bias = weights
    return {"kernel": numbers(kernel), "bias": numbers(bias)}


def training_run(name, settings, layers, x, classes, regularizer=None):
    """Train the network from the given kernels and biases, without shuffling."""
    model = keras.Sequential([
        keras.Input((6,)),
        keras.layers.Dense(5, "relu", kernel_regularizer=regularizer),
        keras.layers.Dense(4, "sigmoid", kernel_regularizer=regularizer),
        keras.layers.Dense(3, "softmax", kernel_regularizer=regularizer),
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
    clipped_adam = ADAM | {"learning_rate": 0.01, "global_clipnorm": 0.05}
    adjusted_runs = [
        ("sgd", {"learning_rate": 0.5, "clipnorm": 0.05}),
        ("adam", clipped_adam | {"weight_decay": 0.1}),
    ]
    l1_l2 = keras.regularizers.L1L2(l1=0.001, l2=0.01)
    return {
        "layers": [named_weights(layer) for layer in layers],
        "x": numbers(x),
        "classes": classes.tolist(),
        "runs": [training_run(*run, layers, x, classes) for run in runs],
        "adjusted_runs": [
            training_run(*run, layers, x, classes, l1_l2) for run in adjusted_runs
        ],
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
        "activation_settings": activation_settings(),
        "losses": losses(),
        "loss_settings": loss_settings(),
        "initializers": initializers(),
        "orthogonal": orthogonal(),
        "optimizers": optimizers(),
        "layers": layers(),
        "adjusted_optimizers": adjusted_optimizers(),
        "training": training(),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    return write_or_check(OUTPUT, reference(), parser.parse_args().check)


if __name__ == "__main__":
    sys.exit(main())
