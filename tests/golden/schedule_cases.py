"""The schedules that this project shares with Keras and PyTorch, each as this project has it and as they make it.

schedules.py asks them for rates, training.py and training_torch.py train with
them: 100 steps in 10 epochs. Who calls sets Keras' environment first.
"""

STEPS_PER_EPOCH = 10
STEPS = 100


def keras_schedules():
    """Name, settings, the optimizer's own rate, and the schedule by Keras."""
    from keras.optimizers import schedules

    for decay_rate in (0.5, 3.0):
        for staircase in (False, True):
            settings = {"decay_rate": decay_rate, "staircase": int(staircase)}
            given = {"decay_rate": decay_rate, "staircase": staircase}
            inverse = schedules.InverseTimeDecay(0.1, 20, **given)
            yield "inverse_time_decay", settings | {"decay_steps": 20}, 0.1, inverse
            # A rate that grows ends 243 times as high.
            rate = 0.1 if decay_rate < 1 else 0.001
            exponential = schedules.ExponentialDecay(rate, 20, **given)
            yield "exponential_decay", settings | {"decay_epochs": 2}, rate, exponential
    yield "time_based_decay", {"decay_rate": 0.01}, 0.1, schedules.InverseTimeDecay(0.1, 1, 0.01)
    piecewise = schedules.PiecewiseConstantDecay([10, 30, 70], [0.1, 0.05, 0.01, 0.001])
    yield "piecewise_constant", {"step_10": 0.05, "step_30": 0.01, "step_70": 0.001}, 0.1, piecewise
    for cycle in (False, True):
        for power, end in ((1.0, 0.0001), (2.0, 0.01), (0.5, 0.0)):
            settings = {"power": power, "end_learning_rate": end, "cycle": int(cycle), "decay_steps": 50}
            yield "polynomial_decay", settings, 0.1, schedules.PolynomialDecay(0.1, 50, end, power, cycle)
    for alpha in (0.0, 0.1):
        yield "cosine_decay", {"alpha": alpha}, 0.1, schedules.CosineDecay(0.1, STEPS, alpha)
        settings = {"alpha": alpha, "decay_steps": 60, "warmup_target": 0.2, "warmup_steps": 20}
        warm = schedules.CosineDecay(0.01, 60, alpha, warmup_target=0.2, warmup_steps=20)
        yield "cosine_decay", settings, 0.01, warm
        # Without a target, this project's warm-up begins at 0 and ends at the optimizer's rate.
        warm = schedules.CosineDecay(0.0, STEPS - 20, alpha, warmup_target=0.1, warmup_steps=20)
        yield "cosine_decay", {"alpha": alpha, "warmup_epochs": 2}, 0.1, warm
    for t_mul, m_mul, alpha in ((2.0, 1.0, 0.0), (2.0, 0.5, 0.1), (1.0, 0.9, 0.0), (1.5, 0.8, 0.05)):
        settings = {"t_mul": t_mul, "m_mul": m_mul, "alpha": alpha}
        yield "cosine_decay_restarts", settings, 0.1, schedules.CosineDecayRestarts(0.1, 10, t_mul, m_mul, alpha)


def torch_schedules():
    """Those that Keras does not have: name, settings, the optimizer's own rate, and what makes it for an optimizer."""
    from torch.optim.lr_scheduler import OneCycleLR, StepLR

    for size, gamma in ((10, 0.5), (30, 0.1)):
        settings = {"decay_steps": size, "factor": gamma}
        yield "step_decay", settings, 0.1, lambda o, size=size, gamma=gamma: StepLR(o, size, gamma)
    low = {"pct_start": 0.5, "div_factor": 10.0, "final_div_factor": 100.0}
    high = {"pct_start": 0.4, "div_factor": 4.0, "final_div_factor": 2.0}
    for settings in ({}, low, {"pct_start": 0.1}, high):
        # Momentum stays as it is.
        make = lambda o, s=settings: OneCycleLR(o, 0.1, total_steps=STEPS, cycle_momentum=False, **s)  # noqa: E731
        yield "one_cycle", settings, 0.1, make
