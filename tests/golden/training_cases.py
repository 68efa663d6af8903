"""The trainings that this project shares with Keras and PyTorch: networks, data, losses, optimizers, schedules.

All numbers to start from come from a generator of ten lines that any language
can have, and are multiples of 1/256: the same as float32, as float64 and in a
short decimal. Networks have 6 inputs, a hidden layer of 5 units and 3 outputs,
small ones a hidden layer of 3 units; the data has 80 samples, 10 batches of 8, so that 10 epochs are 100 steps.

Names of layers, tensors, losses, optimizers and settings are those of this
project, which are Keras' where Keras has them.
"""

BATCH_SIZE, BATCHES, EPOCHS = 8, 10, 10
SAMPLES, INPUTS, UNITS, OUTPUTS = BATCH_SIZE * BATCHES, 6, 5, 3
SNAPSHOTS = [1, 10, 100]


class Numbers:
    """A linear congruential generator with the constants of Numerical Recipes."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        """A whole number from 0 to bound - 1."""
        self.state = (1664525 * self.state + 1013904223) % 2**32
        return (self.state >> 8) % bound

    def between(self, low, high):
        """A multiple of 1/256 from low to below high."""
        return low + self.below(int((high - low) * 256)) / 256

    def rows(self, count, length, low, high):
        return [[self.between(low, high) for _ in range(length)] for _ in range(count)]


# Data.


def data():
    """Inputs, the class of each sample, and targets of every kind."""
    numbers = Numbers(1)
    x = numbers.rows(SAMPLES, INPUTS, -1.0, 1.0)
    classes = [max(range(OUTPUTS), key=lambda k: row[k] + 0.5 * row[k + 3]) for row in x]
    one_hot = [[float(k == c) for k in range(OUTPUTS)] for c in classes]
    binary = [[float(row[k] > row[k + 3]) for k in range(OUTPUTS)] for row in x]
    parts = [[1 + numbers.below(14), 1 + numbers.below(14)] for _ in x]
    return {
        "x": x,
        "classes": classes,
        "targets": {
            "one_hot": one_hot,
            "real": [[row[k] - row[k + 3] * row[k] for k in range(OUTPUTS)] for row in x],
            "binary": binary,
            "signs": [[2 * y - 1 for y in row] for row in binary],
            "counts": [[float(numbers.below(4)) for _ in range(OUTPUTS)] for _ in x],
            "distributions": [[a / 32, b / 32, (32 - a - b) / 32] for a, b in parts],
        },
        "sample_weight": [numbers.between(0.25, 2.0) for _ in x],
    }


# Networks.


def dense(units, activation, **settings):
    return {"kind": "dense", "units": units, "activation": activation} | settings


def layer(kind, **settings):
    return {"kind": kind} | settings


def block(kind, *layers):
    return {"kind": kind, "layers": list(layers)}


KERAS_NAMES = {"prelu": "p_re_lu", "residual_projected": "residual"}
# How each tensor starts: lowest and highest value.
RANGES = {
    "kernel": (-1.0, 1.0),
    "bias": (-0.5, 0.5),
    "gamma": (0.5, 1.5),
    "beta": (-0.5, 0.5),
    "moving_mean": (-0.5, 0.5),
    "moving_variance": (0.5, 1.5),
    "alpha": (0.0, 0.5),
}
VECTORS = {
    "batch_normalization": ["gamma", "beta", "moving_mean", "moving_variance"],
    "layer_normalization": ["gamma", "beta"],
    "prelu": ["alpha"],
}


def named(layers, counts=None):
    """The same layers with a name each, as Keras gives them, those inside of a block after its own."""
    counts = {} if counts is None else counts
    for given in layers:
        name = KERAS_NAMES.get(given["kind"], given["kind"])
        number = counts[name] = counts.get(name, -1) + 1
        made = given | {"name": f"{name}_{number}" if number else name}
        if "layers" in given:
            made["layers"] = list(named(given["layers"], counts))
        yield made


def shapes(layers, width):
    """The name and the shape of every tensor in the order of the layers; then the width of the output."""
    found = []
    for given in layers:
        kind, name = given["kind"], given["name"]
        if kind == "dense":
            found.append((f"{name}/kernel", [width, given["units"]]))
            found += [(f"{name}/bias", [given["units"]])] * given.get("has_bias", True)
            width = given["units"]
        elif "layers" in given:
            inside, after = shapes(given["layers"], width)
            found += [(f"{name}/{tensor}", shape) for tensor, shape in inside]
            found += [(f"{name}/projection/kernel", [width, after])] * (kind == "residual_projected")
            width = after
        else:
            found += [(f"{name}/{vector}", [width]) for vector in VECTORS.get(kind, [])]
    return found, width


def network(layers):
    """A network with its initial weights."""
    layers = list(named(layers))
    numbers, tensors = Numbers(2), []
    for name, shape in shapes(layers, INPUTS)[0]:
        low, high = RANGES[name.split("/")[-1]]
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        values = [numbers.between(low, high) for _ in range(count)]
        tensors.append({"name": name, "shape": shape, "values": values})
    return {"layers": layers, "tensors": tensors}


L1_L2 = {"l1": 0.001, "l2": 0.01}
BIAS_L1_L2 = {"l1": 0.002, "l2": 0.005}
PENALTIES = {"kernel_regularizer": L1_L2, "bias_regularizer": BIAS_L1_L2}
# As PyTorch's weight_decay of 0.02 of a rule without decoupled decay.
L2 = {"kernel_regularizer": {"l1": 0.0, "l2": 0.01}, "bias_regularizer": {"l1": 0.0, "l2": 0.01}}
ACTIVATIONS = [
    "linear", "relu", "sigmoid", "tanh", "softmax", "leaky_relu", "log_softmax", "relu6", "elu", "selu",
    "gelu", "silu", "mish", "softplus", "softsign", "exponential", "hard_sigmoid", "hard_silu", "hard_tanh",
]  # fmt: skip
OUTPUT_ACTIVATIONS = [
    "linear", "sigmoid", "tanh", "softmax", "softplus", "exponential", "relu", "log_softmax",
]  # fmt: skip


def constrained(name, kernel=None, bias=None):
    """What a layer is constrained to; with other settings for the bias, if there are any."""
    kernel = {} if kernel is None else kernel
    return {
        "kernel_constraint": {"name": name, "settings": kernel},
        "bias_constraint": {"name": name, "settings": kernel if bias is None else bias},
    }


# Small networks: what both of their layers have.
REGULARIZED = {
    "kernel l1": {"kernel_regularizer": {"l1": 0.002, "l2": 0.0}},
    "kernel l2": {"kernel_regularizer": {"l1": 0.0, "l2": 0.02}},
    "bias l1": {"bias_regularizer": {"l1": 0.005, "l2": 0.0}},
    "bias l2": {"bias_regularizer": {"l1": 0.0, "l2": 0.02}},
    "activity l1": {"activity_regularizer": {"l1": 0.005, "l2": 0.0}},
    "activity l2": {"activity_regularizer": {"l1": 0.0, "l2": 0.02}},
}
CONSTRAINED = {
    "max norm, default": constrained("max_norm"),
    "max norm": constrained("max_norm", {"max_value": 1.0}, {"max_value": 0.25}),
    "non negative": constrained("non_neg"),
    "non negative, penalties": constrained("non_neg") | PENALTIES,
    "unit norm": constrained("unit_norm"),
    "min max norm, default": constrained("min_max_norm"),
    "min max norm": constrained(
        "min_max_norm", {"min_value": 1.0, "max_value": 1.25}, {"min_value": 0.5, "max_value": 0.75}
    ),
    "min max norm, slow": constrained(
        "min_max_norm", {"max_value": 0.75, "rate": 0.25}, {"min_value": 0.75, "max_value": 1.5, "rate": 0.125}
    ),
}
SMALL_UNITS = 3


def small(**settings):
    return [dense(SMALL_UNITS, "tanh", **settings), dense(OUTPUTS, "softmax", **settings)]


def networks():
    softmax = dense(OUTPUTS, "softmax")
    normalize, layer_normalize = layer("batch_normalization"), layer("layer_normalization")
    bare = dense(UNITS, "linear")
    tanh = dense(UNITS, "tanh")
    plans = {f"tanh, {name}": [tanh, dense(OUTPUTS, name)] for name in OUTPUT_ACTIVATIONS}
    plans |= {f"{name}, softmax": [dense(UNITS, name), softmax] for name in ACTIVATIONS}
    plans |= {
        "penalties": [dense(UNITS, "tanh", **PENALTIES), dense(OUTPUTS, "softmax", **PENALTIES)],
        "l2": [dense(UNITS, "tanh", **L2), dense(OUTPUTS, "softmax", **L2)],
        "activity": [
            dense(UNITS, "tanh", activity_regularizer=L1_L2, **PENALTIES),
            dense(OUTPUTS, "softmax", activity_regularizer={"l1": 0.0, "l2": 0.02}),
        ],
        "no bias": [dense(UNITS, "tanh", has_bias=False), dense(OUTPUTS, "softmax", has_bias=False)],
        "frozen": [dense(UNITS, "tanh"), normalize | {"frozen": True}, dense(UNITS, "tanh", frozen=True), softmax],
        "batch normalization before": [
            dense(UNITS, "linear", has_bias=False), normalize, layer("activation", activation="tanh"), softmax,
        ],
        "batch normalization after": [tanh, normalize, softmax],
        "batch normalization first": [normalize, tanh, softmax],
        "layer normalization before": [bare, layer_normalize, layer("activation", activation="tanh"), softmax],
        "layer normalization after": [tanh, layer_normalize, softmax],
        "prelu": [bare, layer("prelu"), softmax],
        "residual": [tanh, block("residual", tanh, bare), softmax],
        "residual, projected": [block("residual_projected", tanh, bare), softmax],
        "residual, normalized": [
            tanh,
            block("residual", normalize, layer("activation", activation="relu"), bare),
            block("residual", layer_normalize, dense(UNITS, "gelu"), block("residual", tanh)),
            softmax,
        ],
    }  # fmt: skip
    plans |= {"small": small()}
    plans |= {f"small, {name}": small(**settings) for name, settings in (REGULARIZED | CONSTRAINED).items()}
    return {name: network(plan) for name, plan in plans.items()}


# Optimizers.

ADAM = {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
OTHER_ADAM = {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-6}
MOMENTUM = {"learning_rate": 0.01, "momentum": 0.9, "nesterov": 0}
OTHER_MOMENTUM = {"learning_rate": 0.2, "momentum": 0.75, "nesterov": 0}
RMSPROP = {"learning_rate": 0.001, "rho": 0.9, "momentum": 0.0, "epsilon": 1e-7, "centered": 0}
OTHER_RMSPROP = {"learning_rate": 0.01, "rho": 0.8, "momentum": 0.75, "epsilon": 1e-6, "centered": 1}
FTRL = {
    "learning_rate": 0.001,
    "learning_rate_power": -0.5,
    "initial_accumulator_value": 0.1,
    "l1_regularization_strength": 0.0,
    "l2_regularization_strength": 0.0,
    "l2_shrinkage_regularization_strength": 0.0,
    "beta": 0.0,
}
OTHER_FTRL = {
    "learning_rate": 0.1,
    "learning_rate_power": -0.75,
    "initial_accumulator_value": 0.25,
    "l1_regularization_strength": 0.01,
    "l2_regularization_strength": 0.02,
    "l2_shrinkage_regularization_strength": 0.03,
    "beta": 0.5,
}
RULES = [
    ("sgd", {"learning_rate": 0.1}),
    ("sgd", {"learning_rate": 0.5}),
    ("sgd", MOMENTUM),
    ("sgd", OTHER_MOMENTUM),
    ("sgd", MOMENTUM | {"nesterov": 1}),
    ("sgd", OTHER_MOMENTUM | {"nesterov": 1}),
    ("adagrad", {"learning_rate": 0.001, "initial_accumulator_value": 0.1, "epsilon": 1e-7}),
    ("adagrad", {"learning_rate": 0.05, "initial_accumulator_value": 0.01, "epsilon": 1e-5}),
    ("rmsprop", RMSPROP),
    ("rmsprop", OTHER_RMSPROP),
    ("rmsprop", RMSPROP | {"momentum": 0.9}),
    ("rmsprop", RMSPROP | {"centered": 1}),
    ("adadelta", {"learning_rate": 0.001, "rho": 0.95, "epsilon": 1e-7}),
    ("adadelta", {"learning_rate": 1.0, "rho": 0.9, "epsilon": 1e-6}),
    ("adam", ADAM),
    ("adam", OTHER_ADAM),
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
    ("ftrl", FTRL),
    ("ftrl", OTHER_FTRL),
]
# What is added to the first set of every rule's settings, and to the second.
VARIANTS = [
    ({}, {}),
    ({"clipvalue": 0.02}, {"clipvalue": 0.1}),
    ({"clipnorm": 0.05}, {"clipnorm": 0.2}),
    ({"global_clipnorm": 0.1}, {"global_clipnorm": 0.3}),
    ({"weight_decay": 0.004}, {"weight_decay": 0.1}),
]


def case(section, net="tanh, softmax", loss="categorical_crossentropy", targets="classes", **settings):
    """A training: what is not said is that of the optimizers' cases."""
    return {"section": section, "net": net, "loss": loss, "targets": targets} | settings


def optimizer_cases():
    for number, (name, settings) in enumerate(RULES):
        for variant in VARIANTS:
            added = variant[number % 2]
            if not added.keys() & settings.keys():
                yield case("optimizers", optimizer=name, settings=settings | added)
        yield case("optimizers", "penalties", optimizer=name, settings=settings)


def decay_cases():
    """The chapter's decay, which Keras has as a schedule; with weight decay, which follows the rate."""
    for settings in ({"learning_rate": 0.5}, OTHER_MOMENTUM, OTHER_MOMENTUM | {"nesterov": 1}):
        for decay in (0.01, 0.5):
            yield case("decay", optimizer="sgd", settings=settings | {"decay": decay})
    both = OTHER_MOMENTUM | {"decay": 0.05, "weight_decay": 0.1, "global_clipnorm": 0.3}
    yield case("decay", "penalties", optimizer="sgd", settings=both)


SGD = {"optimizer": "sgd", "settings": {"learning_rate": 0.2}}
QUICK_ADAM = {"optimizer": "adam", "settings": OTHER_ADAM}
LOSSES = [
    ("mean_squared_error", {}, "real", ["linear", "tanh"]),
    ("mean_squared_error", {}, "binary", ["sigmoid", "softmax"]),
    ("mean_absolute_error", {}, "real", ["linear", "tanh"]),
    ("quadratic", {}, "binary", ["sigmoid"]),
    ("quadratic", {}, "real", ["linear"]),
    ("huber", {}, "real", ["linear"]),
    ("huber", {"delta": 0.25}, "real", ["linear", "tanh"]),
    ("log_cosh", {}, "real", ["linear", "tanh"]),
    ("poisson", {}, "counts", ["softplus", "exponential"]),
    ("binary_crossentropy", {}, "binary", ["sigmoid", "softmax"]),
    ("binary_crossentropy", {"label_smoothing": 0.1}, "binary", ["sigmoid"]),
    ("binary_crossentropy", {"from_logits": 1}, "binary", ["linear", "tanh"]),
    ("binary_crossentropy", {"from_logits": 1, "label_smoothing": 0.1}, "binary", ["linear"]),
    ("binary_focal_crossentropy", {}, "binary", ["sigmoid"]),
    ("binary_focal_crossentropy", {"apply_class_balancing": 1, "alpha": 0.75, "gamma": 1.5}, "binary", ["sigmoid"]),
    ("binary_focal_crossentropy", {"from_logits": 1}, "binary", ["linear"]),
    ("categorical_crossentropy", {}, "classes", ["softmax"]),
    ("categorical_crossentropy", {}, "distributions", ["softmax"]),
    ("categorical_crossentropy", {"label_smoothing": 0.1}, "classes", ["softmax"]),
    ("categorical_crossentropy", {"from_logits": 1}, "classes", ["linear", "relu"]),
    ("categorical_crossentropy", {"from_logits": 1, "label_smoothing": 0.1}, "one_hot", ["linear"]),
    ("categorical_focal_crossentropy", {}, "classes", ["softmax"]),
    ("categorical_focal_crossentropy", {"alpha": 0.5, "gamma": 0.5, "label_smoothing": 0.1}, "classes", ["softmax"]),
    ("categorical_focal_crossentropy", {"from_logits": 1}, "classes", ["linear"]),
    ("sparse_categorical_crossentropy", {}, "classes", ["softmax"]),
    ("sparse_categorical_crossentropy", {"from_logits": 1}, "classes", ["linear"]),
    ("kl_divergence", {}, "distributions", ["softmax", "sigmoid"]),
    ("hinge", {}, "signs", ["linear", "tanh"]),
    ("squared_hinge", {}, "signs", ["linear", "tanh"]),
    ("categorical_hinge", {}, "one_hot", ["linear", "softmax"]),
]  # fmt: skip


def loss_cases():
    for loss, settings, targets, outputs in LOSSES:
        for activation in outputs:
            yield case("losses", f"tanh, {activation}", loss, targets, loss_settings=settings, **SGD)


LAYERS = [
    "no bias", "frozen", "batch normalization before", "batch normalization after", "batch normalization first",
    "layer normalization before", "layer normalization after", "prelu", "residual", "residual, projected",
    "residual, normalized",
]  # fmt: skip


def layer_cases():
    for activation in ACTIVATIONS:
        if activation != "tanh":
            yield case("activations", f"{activation}, softmax", **SGD)
    for net in LAYERS:
        yield case("layers", net, **SGD)
        yield case("layers", net, **QUICK_ADAM)
    decayed = QUICK_ADAM["settings"] | {"weight_decay": 0.1, "global_clipnorm": 0.3}
    yield case("layers", "batch normalization after", optimizer="adam", settings=decayed)


EMA = {"use_ema": 1, "ema_momentum": 0.9}


def fit_cases():
    """Trainings by Keras' fit, for its history and evaluate: every argument that counts samples or steps."""
    weights = {"class_weight": [0.5, 1.0, 2.0]}
    for name, settings in RULES[1::2]:
        yield case("fit", optimizer=name, settings=settings)
    for given in (weights, {"sample_weight": 1}, weights | {"sample_weight": 1}):
        yield case("fit", fit=given, **SGD)
    yield case("fit", "penalties", fit=weights | {"sample_weight": 1}, **QUICK_ADAM)
    yield case("fit", "tanh, linear", "mean_squared_error", "real", fit={"sample_weight": 1}, **SGD)
    yield case("fit", "activity", **SGD)
    yield case("fit", "activity", **QUICK_ADAM)
    yield case("fit", "residual, normalized", **SGD)
    yield case("fit", "tanh, softmax", "categorical_focal_crossentropy", "classes", **SGD)
    for steps in (2, 5):
        given = {"gradient_accumulation_steps": steps}
        yield case("fit", "penalties", fit=given, **SGD)
        yield case("fit", fit=given, **QUICK_ADAM)
    # Batches of 12, the last one of an epoch with 8 samples.
    yield case("fit", fit={"batch_size": 12}, **QUICK_ADAM)
    yield case("fit", "penalties", fit={"batch_size": 12, "sample_weight": 1}, **SGD)
    yield case("fit", "activity", fit={"batch_size": 12}, **SGD)
    yield case("fit", "batch normalization after", fit={"batch_size": 12}, **SGD)
    yield case("fit", optimizer="adam", settings=OTHER_ADAM | EMA)
    yield case("fit", optimizer="sgd", settings=SGD["settings"] | EMA | {"ema_overwrite_frequency": 7})
    # Each step of five batches weighs its samples.
    given = weights | {"sample_weight": 1, "gradient_accumulation_steps": 5}
    yield case("fit", "small", optimizer="sgd", settings=OTHER_MOMENTUM | {"clipnorm": 0.2}, fit=given)
    yield case("fit", "small", fit=given, **QUICK_ADAM)


def average_cases():
    """Averages of weights by the default momentum and another, in networks with tensors that are not averaged."""
    overwritten = EMA | {"ema_overwrite_frequency": 7}
    yield case("averages", "small", optimizer="sgd", settings=SGD["settings"] | {"use_ema": 1})
    yield case("averages", "small", optimizer="sgd", settings=OTHER_MOMENTUM | EMA | {"ema_overwrite_frequency": 20})
    yield case("averages", "small", optimizer="adam", settings=OTHER_ADAM | overwritten)
    for net in ("frozen", "batch normalization after"):
        yield case("averages", net, optimizer="adam", settings=OTHER_ADAM | EMA)
        yield case("averages", net, optimizer="sgd", settings=SGD["settings"] | overwritten)


def small_cases():
    """Regularizers one by one, and constraints."""
    for section, nets in (("regularizers", REGULARIZED), ("constraints", CONSTRAINED)):
        for net in nets:
            yield case(section, f"small, {net}", **SGD)
            yield case(section, f"small, {net}", **QUICK_ADAM)
    both = OTHER_MOMENTUM | {"weight_decay": 0.1, "global_clipnorm": 0.3}
    yield case("constraints", "small, max norm", optimizer="sgd", settings=both)


def schedule_cases(schedules, adam=OTHER_ADAM):
    """A training by SGD and one by Adam with each schedule."""
    for name, settings, rate, _ in schedules:
        given = {"schedule": {"name": name, "settings": settings}}
        yield case("schedules", "small", optimizer="sgd", settings={"learning_rate": rate}, **given)
        yield case("schedules", "small", optimizer="adam", settings=adam | {"learning_rate": rate}, **given)


def keras_schedule_cases(schedules):
    """Every schedule, and some with what else follows the rate or counts steps."""
    yield from schedule_cases(schedules)
    for name, settings, rate, _ in schedules:
        given = {"schedule": {"name": name, "settings": settings}}
        rule = {"learning_rate": rate}
        if name == "polynomial_decay" and settings["cycle"] and settings["power"] == 2.0:
            decayed = OTHER_MOMENTUM | rule | {"nesterov": 1, "weight_decay": 0.1, "global_clipnorm": 0.3}
            yield case("schedules", "penalties", optimizer="sgd", settings=decayed, **given)
            # A schedule counts steps of two batches each.
            given["fit"] = {"gradient_accumulation_steps": 2}
            yield case("accumulated schedules", "small", optimizer="sgd", settings=rule, **given)
            yield case("accumulated schedules", "small", optimizer="adam", settings=OTHER_ADAM | rule, **given)


PLATEAUS = [
    {"monitor": "val_loss", "factor": 0.5, "patience": 1, "min_delta": 0.1, "cooldown": 1, "min_lr": 0.0},
    {"monitor": "val_loss", "factor": 0.25, "patience": 2, "min_delta": 0.15, "cooldown": 0, "min_lr": 0.02},
    {"monitor": "loss", "factor": 0.25, "patience": 1, "min_delta": 0.15, "cooldown": 2, "min_lr": 0.002},
    {"monitor": "val_accuracy", "factor": 0.5, "patience": 1, "min_delta": 0.04, "cooldown": 0, "min_lr": 0.0},
]


def plateau_cases():
    """Rates that are reduced where a value of the epochs no longer becomes better."""
    for plateau in PLATEAUS:
        yield case("plateaus", "small", plateau=plateau, **SGD)
        yield case("plateaus", "small", plateau=plateau, optimizer="adam", settings=OTHER_ADAM | {"learning_rate": 0.05})


def keras_cases(schedules):
    return [
        *optimizer_cases(),
        *decay_cases(),
        *loss_cases(),
        *layer_cases(),
        *fit_cases(),
        *average_cases(),
        *small_cases(),
        *keras_schedule_cases(schedules),
        *plateau_cases(),
    ]


# Far below every √v, where this project and Keras add it to another place than PyTorch does.
TINY = 1e-20


def torch_optimizer_cases():
    """The rules that PyTorch defines the same way, with clipping, and its weight_decay: L2, or decoupled in adamw."""
    for number, (name, settings) in enumerate(RULES):
        if name in ("lion", "ftrl"):
            continue
        keeps_epsilon = name == "adadelta" or "epsilon" not in settings
        settings = settings if keeps_epsilon else settings | {"epsilon": TINY}
        variants = VARIANTS[:2] if number % 2 else [VARIANTS[0], VARIANTS[3]]
        for variant in variants:
            yield case("optimizers", optimizer=name, settings=settings | variant[number % 2])
        if name != "adamw":
            yield case("optimizers", "l2", optimizer=name, settings=settings)


TORCH_LOSSES = [
    "mean_squared_error", "mean_absolute_error", "quadratic", "huber", "binary_crossentropy",
    "categorical_crossentropy", "sparse_categorical_crossentropy", "kl_divergence",
]  # fmt: skip


def torch_loss_cases():
    for given in loss_cases():
        is_summed_once = given["loss"] != "kl_divergence" or given["net"].endswith("softmax")
        is_smoothed = "label_smoothing" in given["loss_settings"] and given["loss"].startswith("binary")
        if given["loss"] in TORCH_LOSSES and is_summed_once and not is_smoothed:
            yield given


def torch_layer_cases():
    quick = QUICK_ADAM | {"settings": OTHER_ADAM | {"epsilon": TINY}}
    for net in LAYERS:
        yield case("layers", net, **SGD)
        yield case("layers", net, **quick)
    for activation in ACTIVATIONS:
        if activation not in ("softmax", "log_softmax", "linear", "exponential", "leaky_relu", "tanh"):
            yield case("activations", f"{activation}, softmax", **SGD)


def torch_cases(schedules):
    by_schedule = schedule_cases(schedules, OTHER_ADAM | {"epsilon": TINY})
    return [*torch_optimizer_cases(), *torch_loss_cases(), *torch_layer_cases(), *by_schedule]
