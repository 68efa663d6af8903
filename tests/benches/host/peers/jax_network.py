"""The network and its step in JAX with optax, which its peers run one by one or a whole epoch at once."""

import functools

import jax
import numpy as np
import optax
from jax import numpy as jnp

ACTIVATIONS = {"sigmoid": jax.nn.sigmoid, "relu": jax.nn.relu}

OPTIMIZERS = {
    "sgd": optax.sgd,
    "rmsprop": functools.partial(optax.rmsprop, decay=0.9, eps=1e-7),
    "adam": functools.partial(optax.adam, eps=1e-7),
}

# The generator for dropout that its makers recommend where speed counts.
jax.config.update("jax_default_prng_impl", "rbg")


class Peer:
    """Keeps weights and data, and defines a step; peers say how an epoch is made of steps."""

    def __init__(self, workload, x, y, _, seed):
        self.workload = workload
        self.x, self.y = jnp.asarray(x), jnp.asarray(y, jnp.int32)
        self.random = np.random.default_rng(seed)
        self.key = jax.random.key(seed)
        initializer = jax.nn.initializers.glorot_uniform()
        keys = jax.random.split(jax.random.key(seed), len(workload.shapes))
        self.weights = [(initializer(key, shape), jnp.zeros(shape[1])) for key, shape in zip(keys, workload.shapes)]
        self.optimizer = OPTIMIZERS[workload.optimizer](workload.learning_rate)
        self.state = self.optimizer.init(self.weights)

    def logits(self, weights, x, key=None):
        for kernel, bias in weights[:-1]:
            x = ACTIVATIONS[self.workload.activation](x @ kernel + bias)
            if key is not None and self.workload.dropout > 0:
                key, own = jax.random.split(key)
                keep = 1 - self.workload.dropout
                x = jnp.where(jax.random.bernoulli(own, keep, x.shape), x / keep, 0)
        return x @ weights[-1][0] + weights[-1][1]

    def loss(self, weights, batch, x, y, key):
        logits = self.logits(weights, x[batch], key)
        return optax.losses.softmax_cross_entropy_with_integer_labels(logits, y[batch]).mean()

    def step(self, weights, state, batch, x, y, key):
        """One step with the samples whose numbers are in `batch`."""
        gradients = jax.grad(self.loss)(weights, batch, x, y, key)
        updates, state = self.optimizer.update(gradients, state)
        return optax.apply_updates(weights, updates), state

    def accuracy(self, x, y):
        return np.mean(self.logits(self.weights, x).argmax(axis=1) == y)
