"""Make training_torch.json: whole trainings by PyTorch to test against, as training.py makes them by Keras.

What is trained stands in training_cases.py; names and settings are those of
this project and Keras; networks and data are written in training.json. Where PyTorch's definitions differ:

- epsilon is added elsewhere; it is 1e-20 where both are then the same, as in
  reference_torch.py. Momentum of nadam decays by 0.96^t with momentum_decay 1.
- weight_decay of all rules but adamw adds to the gradient: it is L2 with half
  of the strength, on kernels and biases (the network "l2").
- clip_grad_norm_ divides by the norm + 1e-6.
- running_var of batch normalization follows the unbiased variance, 8/7 of the
  one that Keras' follows. Both start at the same value and keep the same share,
  so that the file has Keras': what has come in is multiplied by 7/8.

`cargo xtask golden --write` runs this, `cargo xtask golden` with --check, as training.py.
"""

import argparse
import pathlib
import sys

import torch
import torch.nn.functional as F
from golden_file import write_or_check
from schedule_cases import torch_schedules
from training_cases import BATCH_SIZE, BATCHES, EPOCHS, INPUTS, SNAPSHOTS, data, networks, torch_cases

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE / "training_torch.json"

DATA, NETWORKS = data(), networks()
SCHEDULES = list(torch_schedules())
MOMENTUM, EPSILON = 0.01, 1e-3
ACTIVATIONS = {
    "linear": lambda z: z,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": F.relu,
    "softmax": lambda z: F.softmax(z, 1),
    "relu6": F.relu6,
    "elu": F.elu,
    "selu": F.selu,
    "gelu": F.gelu,
    "silu": F.silu,
    "mish": F.mish,
    "softplus": F.softplus,
    "softsign": F.softsign,
    "hard_sigmoid": F.hardsigmoid,
    "hard_silu": F.hardswish,
    "hard_tanh": F.hardtanh,
}


def shortest(values):
    """float32 values as the shortest decimals that are read back as the same."""
    return [float(str(value)) for value in values.detach().numpy().ravel()]


# Networks.


class Residual(torch.nn.Module):
    def __init__(self, branch, projection):
        super().__init__()
        self.branch, self.projection = branch, projection

    def forward(self, x):
        return self.branch(x) + self.projection(x)


class Activation(torch.nn.Module):
    def __init__(self, name):
        super().__init__()
        self.name = name

    def forward(self, z):
        return ACTIVATIONS[self.name](z)


class Tensors:
    """The tensors of a model in our order, each with a function that lays it out as ours."""

    def __init__(self, net):
        self.shapes = [(tensor["name"], tensor["shape"]) for tensor in NETWORKS[net]["tensors"]]
        self.initial = [torch.tensor(tensor["values"]) for tensor in NETWORKS[net]["tensors"]]
        self.found = []

    def add(self, *tensors):
        """PyTorch's tensors; a matrix is transposed, with its inputs last."""
        for tensor in tensors:
            name, shape = self.shapes[len(self.found)]
            values = self.initial[len(self.found)].reshape(shape)
            with torch.no_grad():
                tensor.copy_(values.T if tensor.ndim == 2 else values)
            self.found.append((name, values.clone(), tensor))

    def values(self, made):
        """Our values after so many steps."""
        return [shortest(self.value(*found, made)) for found in self.found]

    @staticmethod
    def value(name, initial, tensor, made):
        if name.endswith("moving_variance") and not torch.equal(initial, tensor):
            share = (1 - MOMENTUM) ** made
            kept = initial.double() * share
            return (kept + (tensor.double() - kept) * (BATCH_SIZE - 1) / BATCH_SIZE).float()
        return tensor.T if tensor.ndim == 2 else tensor


def modules(layers, width, tensors):
    """The modules of layers, and the width after them."""
    made = []
    for given in layers:
        kind, before = given["kind"], len(made)
        if kind.startswith("residual"):
            branch, after = modules(given["layers"], width, tensors)
            projection = torch.nn.Identity()
            if kind == "residual_projected":
                projection = torch.nn.Linear(width, after, bias=False)
                tensors.add(projection.weight)
            made.append(Residual(branch, projection))
            width = after
        elif kind == "dense":
            has_bias = given.get("has_bias", True)
            linear = torch.nn.Linear(width, given["units"], bias=has_bias)
            tensors.add(linear.weight, *([linear.bias] if has_bias else []))
            made += [linear, Activation(given["activation"])]
            width = given["units"]
        elif kind == "activation":
            made.append(Activation(given["activation"]))
        elif kind == "batch_normalization":
            normalization = torch.nn.BatchNorm1d(width, EPSILON, MOMENTUM)
            tensors.add(normalization.weight, normalization.bias)
            tensors.add(normalization.running_mean, normalization.running_var)
            made.append(normalization)
        elif kind == "layer_normalization":
            normalization = torch.nn.LayerNorm(width, EPSILON)
            tensors.add(normalization.weight, normalization.bias)
            made.append(normalization)
        elif kind == "prelu":
            prelu = torch.nn.PReLU(width)
            tensors.add(prelu.weight)
            made.append(prelu)
        if given.get("frozen"):
            for module in made[before:]:
                module.requires_grad_(False)
                module.is_frozen = True
    return torch.nn.Sequential(*made), width


def to_training(model):
    """Training mode, but for frozen batch normalization, which works as at inference."""
    model.train()
    for module in model.modules():
        if getattr(module, "is_frozen", False):
            module.eval()


# Losses: of activations, or of logits where the last activation is a part of them.


def loss_of(case, z, a, y):
    settings = case.get("loss_settings", {})
    match case["loss"]:
        case "mean_squared_error":
            return F.mse_loss(a, y)
        case "mean_absolute_error":
            return F.l1_loss(a, y)
        case "quadratic":
            return 0.5 * F.mse_loss(a, y, reduction="sum") / len(y)
        case "huber":
            return F.huber_loss(a, y, delta=settings.get("delta", 1.0))
        case "binary_crossentropy":
            return F.binary_cross_entropy_with_logits(a, y) if settings else F.binary_cross_entropy(a, y)
        case "kl_divergence":
            return F.kl_div(a.log(), y, reduction="batchmean")
        case _:
            logits = a if settings.get("from_logits") else z
            return F.cross_entropy(logits, y, label_smoothing=settings.get("label_smoothing", 0.0))


# Optimizers.


def optimizer_of(case, parameters):
    s = {key: case["settings"][key] for key in case["settings"] if not key.startswith(("clip", "global"))}
    name, given = case["optimizer"], {"lr": s.pop("learning_rate")}
    optimizers = {
        "sgd": torch.optim.SGD,
        "adagrad": torch.optim.Adagrad,
        "rmsprop": torch.optim.RMSprop,
        "adadelta": torch.optim.Adadelta,
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
        "adamax": torch.optim.Adamax,
        "nadam": torch.optim.NAdam,
    }
    if "beta_1" in s:
        given["betas"] = (s.pop("beta_1"), s.pop("beta_2"))
    if "epsilon" in s:
        given["eps"] = s.pop("epsilon")
    if name == "rmsprop":
        given["alpha"] = s.pop("rho")
    if name == "nadam":
        given["momentum_decay"] = 1.0
    if case["net"] == "l2":
        given["weight_decay"] = 0.02
    switches = {k: bool(s.pop(k)) for k in ("nesterov", "centered", "amsgrad") if k in s}
    return optimizers[name](parameters, **given, **switches, **s)


def schedule_of(case, optimizer):
    """What changes the rate from step to step, if anything does."""
    if "schedule" not in case:
        return None
    asked = (case["schedule"]["name"], case["schedule"]["settings"], case["settings"]["learning_rate"])
    (make,) = (make for *of, make in SCHEDULES if tuple(of) == asked)
    return make(optimizer)


def clip(case, parameters):
    settings = case["settings"]
    if "clipvalue" in settings:
        torch.nn.utils.clip_grad_value_(parameters, settings["clipvalue"])
    if "global_clipnorm" in settings:
        torch.nn.utils.clip_grad_norm_(parameters, settings["global_clipnorm"])


def targets_of(case):
    if case["targets"] == "classes":
        return torch.tensor(DATA["classes"])
    return torch.tensor(DATA["targets"][case["targets"]])


def train(case):
    """Weights after some steps."""
    tensors = Tensors(case["net"])
    model, _ = modules(NETWORKS[case["net"]]["layers"], INPUTS, tensors)
    to_training(model)
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer, weights, made = optimizer_of(case, parameters), {}, 0
    schedule = schedule_of(case, optimizer)
    batches = list(zip(torch.tensor(DATA["x"]).chunk(BATCHES), targets_of(case).chunk(BATCHES), strict=True))
    for x, y in batches * EPOCHS:
        optimizer.zero_grad()
        z = model[:-1](x)
        loss_of(case, z, model[-1](z), y).backward()
        clip(case, parameters)
        optimizer.step()
        if schedule and made + 1 < SNAPSHOTS[-1]:
            schedule.step()
        made += 1
        if made in SNAPSHOTS:
            weights[made] = tensors.values(made)
    return {"weights": weights}


def reference():
    torch.set_num_threads(1)
    return {
        "torch_version": torch.__version__.split("+")[0],
        "cases": [case | train(case) for case in torch_cases(SCHEDULES)],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    return write_or_check(OUTPUT, reference(), parser.parse_args().check, of_largest=1e-4)


if __name__ == "__main__":
    sys.exit(main())
