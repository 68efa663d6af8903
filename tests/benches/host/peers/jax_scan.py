"""JAX with a whole epoch in one compiled `lax.scan`."""

import jax
import numpy as np

from jax_network import Peer
from measure import main


class Scan(Peer):
    def epoch(self, weights, state, order, x, y, key):
        """Steps with whole batches, then one with what is left."""
        def step(carry, batch):
            weights, state, key = carry
            key, own = jax.random.split(key)
            return (*self.step(weights, state, batch, x, y, own), key), None

        size = self.workload.batch_size
        whole = len(order) // size * size
        (weights, state, key), _ = jax.lax.scan(step, (weights, state, key), order[:whole].reshape(-1, size))
        if whole < len(order):
            weights, state = self.step(weights, state, order[whole:], x, y, key)
        return weights, state

    def warm_up(self):
        order = np.arange(len(self.x), dtype=np.int32)
        epoch = jax.jit(self.epoch, donate_argnums=(0, 1))
        self.compiled = epoch.lower(self.weights, self.state, order, self.x, self.y, self.key).compile()
        jax.random.fold_in(self.key, 0)

    def train(self, epochs, epoch_ends):
        for epoch in range(epochs):
            order = self.random.permutation(len(self.x)).astype(np.int32)
            key = jax.random.fold_in(self.key, epoch)
            self.weights, self.state = self.compiled(self.weights, self.state, order, self.x, self.y, key)
            jax.block_until_ready(self.weights)
            if epoch_ends():
                break


if __name__ == "__main__":
    main(Scan)
