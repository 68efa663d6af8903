"""PyTorch, eager, with a DataLoader, as its tutorials have it."""

from torch.utils.data import DataLoader, TensorDataset

from measure import main
from torch_network import Peer


class Loader(Peer):
    def train(self, epochs, epoch_ends):
        loader = DataLoader(TensorDataset(self.x, self.y), self.batch_size, shuffle=True)
        for _ in range(epochs):
            self.network.train()
            for x, y in loader:
                self.step(x, y)
            if epoch_ends():
                break


if __name__ == "__main__":
    main(Loader)
