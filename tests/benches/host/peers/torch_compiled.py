"""PyTorch with forward, loss and backward compiled; the optimizer is a fused kernel already."""

import torch

from measure import main
from torch_network import Peer


class Compiled(Peer):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.loss_of = torch.compile(lambda x, y: self.loss(self.network(x), y), dynamic=False)

    def warm_up(self):
        """Compiles for whole batches and for the last one of an epoch, and learns nothing."""
        self.network.train()
        for size in {self.batch_size, len(self.x) % self.batch_size} - {0}:
            self.loss_of(self.x[:size], self.y[:size]).backward()

    def step(self, x, y):
        self.optimizer.zero_grad()
        self.loss_of(x, y).backward()
        self.optimizer.step()


if __name__ == "__main__":
    main(Compiled)
