"""Make reference_torch.json: golden values of PyTorch to test against.

The second opinion beside reference.json: what PyTorch computes, in float32 on
the CPU, where it has the same formula as this project. Names and settings are
those of this project (and Keras); what PyTorch is given instead stands here.
`cargo xtask golden --write` runs it in a virtual environment of its own,
`cargo xtask golden` with --check.

With --check nothing is written, as with reference.py.

Where the definitions differ:

- Rules of the Adam family correct v before epsilon is added, Keras adds
  epsilon to the uncorrected sqrt(v), and adds it inside of the square root
  in adagrad and rmsprop, PyTorch outside. With EPSILON far below every
  sqrt(v) of these cases, but above 0, all of these are the same.
- nadam's momentum_decay is 1: PyTorch's 0.96^(t momentum_decay) is then
  Keras' 0.96^t.
- glorot_normal and the like are cut off at two standard deviations in Keras,
  not in PyTorch: their standard deviations are equal, their ranges are not.
- PyTorch has no lion, ftrl, log_cosh, focal losses, squared and categorical
  hinge; its categorical losses take logits alone.
"""

import argparse
import pathlib
import sys

import torch
import torch.nn.functional as F
from golden_file import write_or_check

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE / "reference_torch.json"

EPSILON = 1e-20


def numbers(tensor):
    """A float32 tensor as nested lists of Python floats."""
    assert tensor.dtype == torch.float32, tensor.dtype
    assert bool(torch.isfinite(tensor).all())
    return tensor.detach().tolist()


def activation_case(name, function, settings):
    # No number is at a kink, where a derivative is a matter of taste.
    z = [0.25, -0.25, 0.75, -0.8, 2.5, -2.5, 4.0, -4.0, 10.0, -10.0, 30.0, -30.0]
    da = [1.0, -0.5, 0.75, 2.0, -1.5, 0.25, 1.25, -2.0, 3.0, 0.5, -0.25, 1.5]
    z, da = torch.tensor(z, requires_grad=True), torch.tensor(da)
    a = function(z)
    a.backward(da)
    values = {"z": z, "a": a, "da": da, "dz": z.grad}
    return {"name": name, "settings": settings} | {k: numbers(v) for k, v in values.items()}


def activations():
    cases = [
        ("linear", lambda z: 1.0 * z, {}),
        ("relu", F.relu, {}),
        ("sigmoid", torch.sigmoid, {}),
        ("tanh", torch.tanh, {}),
        ("softmax", lambda z: F.softmax(z, 0), {}),
        ("log_softmax", lambda z: F.log_softmax(z, 0), {}),
        ("relu6", F.relu6, {}),
        ("selu", F.selu, {}),
        ("gelu", F.gelu, {}),
        ("silu", F.silu, {}),
        ("mish", F.mish, {}),
        ("softplus", F.softplus, {}),
        ("softsign", F.softsign, {}),
        ("exponential", torch.exp, {}),
        ("hard_sigmoid", F.hardsigmoid, {}),
        ("hard_silu", F.hardswish, {}),
        ("hard_tanh", F.hardtanh, {}),
    ]
    for slope in (0.05, 0.2, 1.5):
        leaky = lambda z, slope=slope: F.leaky_relu(z, slope)  # noqa: E731
        cases.append(("leaky_relu", leaky, {"negative_slope": slope}))
    for alpha in (0.5, 1.0, 2.0):
        elu = lambda z, alpha=alpha: F.elu(z, alpha)  # noqa: E731
        cases.append(("elu", elu, {"alpha": alpha}))
    return [activation_case(*case) for case in cases]


def loss_case(name, settings, loss, a, y):
    """The loss of one sample, and its gradient; y is a list as this project takes it."""
    a, y = torch.tensor(a, requires_grad=True), torch.tensor(y)
    value = loss(a, y)
    value.backward()
    values = {"a": a, "y": y, "value": value, "da": a.grad}
    return {"name": name, "settings": settings} | {k: numbers(v) for k, v in values.items()}


def of_class(loss):
    """A loss whose target is a list of one number, that of the class."""
    return lambda a, y: loss(a[None, :], y.long())


def losses():
    real, target = [0.5, -1.25, 2.0, 3.5, -0.75], [0.75, -1.0, 1.5, 0.0, -2.5]
    p, binary = [0.875, 0.0625, 0.3, 0.6, 0.98], [1.0, 0.0, 1.0, 0.25, 0.625]
    a, y = [0.0625, 0.125, 0.5, 0.25, 0.0625], [0.125, 0.5, 0.0625, 0.25, 0.0625]
    rate, count = [0.5, 1.75, 3.0, 0.0625, 6.0], [0.0, 2.0, 3.0, 1.0, 4.0]
    score, sign = [0.5, -0.25, 2.0, -3.0, 0.75], [1.0, 1.0, 1.0, -1.0, -1.0]
    z, large = [-1.0, 0.5, 2.0, 0.0, -3.0], [12.0, -8.0, 0.25, 9.5, 1.5]
    bce, kl = F.binary_cross_entropy, F.kl_div
    mse, bce_logits = F.mse_loss, F.binary_cross_entropy_with_logits
    logits = {"from_logits": 1}
    zero, margin = torch.zeros(5), F.margin_ranking_loss
    poisson = {"log_input": False, "eps": 1e-7}
    cases = [
        ("mean_squared_error", {}, mse, real, target),
        ("quadratic", {}, lambda a, y: 0.5 * mse(a, y, reduction="sum"), real, target),
        ("mean_absolute_error", {}, F.l1_loss, real, target),
        ("binary_crossentropy", {}, bce, p, binary),
        ("binary_crossentropy", logits, bce_logits, z, binary),
        ("binary_crossentropy", logits, bce_logits, large, binary),
        ("kl_divergence", {}, lambda a, y: kl(a.log(), y, reduction="sum"), a, y),
        ("poisson", {}, lambda a, y: F.poisson_nll_loss(a, y, **poisson), rate, count),
        ("hinge", {}, lambda a, y: margin(a, zero, y, margin=1.0), score, sign),
        ("sparse_categorical_crossentropy", {}, of_class(lambda a, y: F.nll_loss(a.log(), y)), a, [3.0]),
    ]
    for delta in (0.5, 1.0, 2.25):
        huber = lambda a, y, delta=delta: F.huber_loss(a, y, delta=delta)  # noqa: E731
        cases.append(("huber", {"delta": delta}, huber, real, target))
    for smoothing in (0.0, 0.1, 0.5):
        settings = logits | {"label_smoothing": smoothing}
        entropy = lambda a, y, s=smoothing: F.cross_entropy(a, y, label_smoothing=s)  # noqa: E731
        for given in (z, large):
            cases.append(("categorical_crossentropy", settings, entropy, given, y))
            cases.append(("sparse_categorical_crossentropy", settings, of_class(entropy), given, [2.0]))
    return [loss_case(*case) for case in cases]


def optimizer(name, settings, w):
    """PyTorch's optimizer for a rule and its settings."""
    s = dict(settings)
    lr = s.pop("learning_rate")
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
    given = {}
    if "beta_1" in s:
        given["betas"] = (s.pop("beta_1"), s.pop("beta_2"))
    if "epsilon" in s:
        given["eps"] = s.pop("epsilon")
    if name == "rmsprop":
        given["alpha"] = s.pop("rho")
    if name == "nadam":
        given["momentum_decay"] = 1.0
    switches = {k: bool(s.pop(k)) for k in ("nesterov", "centered", "amsgrad") if k in s}
    return optimizers[name]([w], lr=lr, **given, **switches, **s)


def optimizer_case(name, settings):
    """The weights after each of ten steps with given gradients."""
    random = torch.Generator().manual_seed(1)
    # One weight never has a gradient; another's is as small as Keras' epsilon.
    scale = torch.tensor([1.0, 0.1, 0.0, 1e-3, 1e-6, 30.0])
    w = 2.0 * torch.rand(6, generator=random) - 1.0
    gradients = (2.0 * torch.rand(10, 6, generator=random) - 1.0) * scale
    given = {"w0": numbers(w), "gradients": numbers(gradients)}
    w.requires_grad_()
    rule = optimizer(name, settings, w)
    steps = []
    for gradient in gradients:
        w.grad = gradient.clone()
        rule.step()
        steps.append(numbers(w))
    return {"name": name, "settings": settings, **given, "w": steps}


def optimizers():
    adam = {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": EPSILON}
    other = {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": EPSILON}
    momentum = {"learning_rate": 0.01, "momentum": 0.9, "nesterov": 0}
    other_momentum = {"learning_rate": 0.2, "momentum": 0.75, "nesterov": 0}
    adagrad = {"initial_accumulator_value": 0.1, "epsilon": EPSILON}
    rmsprop = {"rho": 0.9, "momentum": 0.0, "epsilon": EPSILON, "centered": 0}
    other_rmsprop = {"rho": 0.8, "momentum": 0.75, "epsilon": EPSILON, "centered": 1}
    cases = [
        ("sgd", {"learning_rate": 0.1}),
        ("sgd", {"learning_rate": 3.0}),
        ("sgd", momentum),
        ("sgd", other_momentum),
        ("sgd", momentum | {"nesterov": 1}),
        ("sgd", other_momentum | {"nesterov": 1}),
        ("adagrad", adagrad | {"learning_rate": 0.001}),
        ("adagrad", adagrad | {"learning_rate": 0.05, "initial_accumulator_value": 0.01}),
        ("rmsprop", rmsprop | {"learning_rate": 0.001}),
        ("rmsprop", other_rmsprop | {"learning_rate": 0.01}),
        ("adadelta", {"learning_rate": 0.001, "rho": 0.95, "epsilon": 1e-7}),
        ("adadelta", {"learning_rate": 1.0, "rho": 0.9, "epsilon": 1e-6}),
    ]
    for name in ("adam", "adamax", "nadam"):
        cases += [(name, adam), (name, other)]
    cases += [("adam", adam | {"amsgrad": 1}), ("adam", other | {"amsgrad": 1})]
    cases += [("adamw", adam | {"weight_decay": 0.004}), ("adamw", other | {"weight_decay": 0.25})]
    return [optimizer_case(*case) for case in cases]


def initializer_case(name, settings, fill, is_bounded):
    """Mean, standard deviation and, of those that are cut off, range of a large kernel."""
    torch.manual_seed(1)
    fan_in, fan_out = 300, 200
    w = torch.empty(fan_out, fan_in)  # as PyTorch has it: its fan_in is the second size
    fill(w)
    w = w.double()
    case = {"name": name, "settings": settings, "shape": [fan_in, fan_out]}
    # Rounded, because a mean near 0 is made of rounding errors.
    case |= {"mean": round(w.mean().item(), 6), "stddev": round(w.std(correction=0).item(), 6)}
    return case | ({"least": w.min().item(), "most": w.max().item()} if is_bounded else {})


def initializers():
    init = torch.nn.init
    kaiming_uniform, kaiming_normal = init.kaiming_uniform_, init.kaiming_normal_
    cut_off = lambda w: init.trunc_normal_(w, 0.5, 2.0, -3.5, 4.5)  # noqa: E731
    cases = [
        ("zeros", {}, init.zeros_, True),
        ("ones", {}, init.ones_, True),
        ("constant", {"value": -0.25}, lambda w: init.constant_(w, -0.25), True),
        ("identity", {}, init.eye_, True),
        ("random_uniform", {"minval": -1.0, "maxval": 3.0}, lambda w: init.uniform_(w, -1.0, 3.0), True),
        ("random_normal", {"mean": 0.5, "stddev": 2.0}, lambda w: init.normal_(w, 0.5, 2.0), False),
        ("truncated_normal", {"mean": 0.5, "stddev": 2.0}, cut_off, True),
        ("glorot_uniform", {}, init.xavier_uniform_, True),
        ("glorot_normal", {}, init.xavier_normal_, False),
        ("he_uniform", {}, lambda w: kaiming_uniform(w, nonlinearity="relu"), True),
        ("he_normal", {}, lambda w: kaiming_normal(w, nonlinearity="relu"), False),
        ("lecun_uniform", {}, lambda w: kaiming_uniform(w, nonlinearity="linear"), True),
        ("lecun_normal", {}, lambda w: kaiming_normal(w, nonlinearity="linear"), False),
        ("orthogonal", {}, init.orthogonal_, False),
        ("orthogonal", {"gain": 3.0}, lambda w: init.orthogonal_(w, 3.0), False),
    ]
    return [initializer_case(*case) for case in cases]


def reference():
    torch.set_num_threads(1)
    return {
        "torch_version": torch.__version__.split("+")[0],
        "activations": activations(),
        "losses": losses(),
        "optimizers": optimizers(),
        "initializers": initializers(),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, do not write")
    return write_or_check(OUTPUT, reference(), parser.parse_args().check)


if __name__ == "__main__":
    sys.exit(main())
