"""The network and the optimizer in PyTorch, which its peers train each in its own way."""

import torch
from torch import nn

ACTIVATIONS = {"sigmoid": nn.Sigmoid, "relu": nn.ReLU}

OPTIMIZERS = {
    "sgd": lambda weights, rate: torch.optim.SGD(weights, rate, fused=True),
    "rmsprop": lambda weights, rate: torch.optim.RMSprop(weights, rate, alpha=0.9, eps=1e-7),
    "adam": lambda weights, rate: torch.optim.Adam(weights, rate, fused=True),
}


def network(workload):
    layers = []
    for inputs, outputs in workload.shapes:
        layers.append(nn.Linear(inputs, outputs))
        if outputs != workload.units[-1]:
            layers.append(ACTIVATIONS[workload.activation]())
            layers += [nn.Dropout(workload.dropout)] * (workload.dropout > 0)
    return nn.Sequential(*layers)


class Peer:
    """Trains on tensors in memory; what it calls for a batch is `step`."""

    def __init__(self, workload, x, y, threads, seed):
        torch.set_num_threads(threads)
        torch.manual_seed(seed)
        self.batch_size = workload.batch_size
        self.x, self.y = torch.from_numpy(x), torch.from_numpy(y)
        self.network = network(workload)
        self.loss = nn.CrossEntropyLoss()
        self.optimizer = OPTIMIZERS[workload.optimizer](self.network.parameters(), workload.learning_rate)

    def train(self, epochs, epoch_ends):
        for _ in range(epochs):
            self.network.train()
            for batch in torch.randperm(len(self.x)).split(self.batch_size):
                self.step(self.x[batch], self.y[batch])
            if epoch_ends():
                break

    def step(self, x, y):
        self.optimizer.zero_grad()
        self.loss(self.network(x), y).backward()
        self.optimizer.step()

    @torch.no_grad()
    def accuracy(self, x, y):
        self.network.eval()
        answer = self.network(torch.from_numpy(x)).argmax(dim=1)
        return (answer == torch.from_numpy(y)).double().mean()
