"""JAX with one compiled step, called for each batch."""

import jax
import numpy as np

from jax_network import Peer
from measure import main


class Steps(Peer):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.compiled = jax.jit(self.counted_step, donate_argnums=(0, 1))

    def counted_step(self, weights, state, batch, x, y, key, count):
        return self.step(weights, state, batch, x, y, jax.random.fold_in(key, count))

    def warm_up(self):
        """Compiles for whole batches and for the last one of an epoch, and learns nothing."""
        for size in {self.workload.batch_size, len(self.x) % self.workload.batch_size} - {0}:
            copies = jax.tree.map(lambda array: array.copy(), (self.weights, self.state))
            batch = np.arange(size, dtype=np.int32)
            jax.block_until_ready(self.compiled(*copies, batch, self.x, self.y, self.key, 0))

    def train(self, epochs, epoch_ends):
        count, size = 0, self.workload.batch_size
        for _ in range(epochs):
            order = self.random.permutation(len(self.x)).astype(np.int32)
            for first in range(0, len(order), size):
                batch = order[first : first + size]
                self.weights, self.state = self.compiled(
                    self.weights, self.state, batch, self.x, self.y, self.key, count
                )
                count += 1
            jax.block_until_ready(self.weights)
            if epoch_ends():
                break


if __name__ == "__main__":
    main(Steps)
