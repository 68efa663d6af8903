"""Plain NumPy: the formulas, written down."""

import numpy as np

from measure import main


def sgd(rate):
    def update(weight, gradient, _):
        weight -= rate * gradient

    return update


def rmsprop(rate, decay=0.9, epsilon=1e-7):
    def update(weight, gradient, memory):
        square = memory.setdefault("square", np.zeros_like(weight))
        square += (1 - decay) * (gradient * gradient - square)
        weight -= rate * gradient / (np.sqrt(square) + epsilon)

    return update


def adam(rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    def update(weight, gradient, memory):
        mean = memory.setdefault("mean", np.zeros_like(weight))
        square = memory.setdefault("square", np.zeros_like(weight))
        step = memory["step"] = memory.get("step", 0) + 1
        mean += (1 - beta_1) * (gradient - mean)
        square += (1 - beta_2) * (gradient * gradient - square)
        corrected = rate * np.sqrt(1 - beta_2**step) / (1 - beta_1**step)
        weight -= np.float32(corrected) * mean / (np.sqrt(square) + epsilon)

    return update


OPTIMIZERS = {"sgd": sgd, "rmsprop": rmsprop, "adam": adam}

# An activation, and its derivative from its value.
ACTIVATIONS = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
    "relu": (lambda z: np.maximum(z, 0), lambda a: a > 0),
    "linear": (lambda z: z, np.ones_like),
}


class Network:
    def __init__(self, workload, x, y, _, seed):
        self.workload, self.x, self.y = workload, x, y
        self.random = np.random.default_rng(seed)
        self.activate, self.slope = ACTIVATIONS[workload.activation]
        self.update = OPTIMIZERS[workload.optimizer](workload.learning_rate)
        self.weights = []
        for inputs, outputs in workload.shapes:
            limit = (6 / (inputs + outputs)) ** 0.5
            kernel = self.random.uniform(-limit, limit, (inputs, outputs)).astype(np.float32)
            self.weights.append((kernel, np.zeros(outputs, np.float32)))
        self.memories = [({}, {}) for _ in self.weights]

    def train(self, epochs, epoch_ends):
        size = self.workload.batch_size
        for _ in range(epochs):
            order = self.random.permutation(len(self.x))
            for first in range(0, len(order), size):
                batch = order[first : first + size]
                self.step(self.x[batch], self.y[batch])
            if epoch_ends():
                break

    def step(self, x, y):
        inputs, slopes = [x], []
        for kernel, bias in self.weights[:-1]:
            a = self.activate(inputs[-1] @ kernel + bias)
            slope = self.slope(a)
            if self.workload.dropout > 0:
                mask = self.mask(a.shape)
                a, slope = a * mask, slope * mask
            inputs.append(a)
            slopes.append(slope)
        error = self.softmax(inputs[-1])
        error[np.arange(len(y)), y] -= 1
        error /= len(y)
        for layer in reversed(range(len(self.weights))):
            kernel, bias = self.weights[layer]
            gradients = inputs[layer].T @ error, error.sum(axis=0)
            if layer > 0:
                error = (error @ kernel.T) * slopes[layer - 1]
            for weight, gradient, memory in zip((kernel, bias), gradients, self.memories[layer]):
                self.update(weight, gradient, memory)

    def mask(self, shape):
        """Zeros for the units that are switched off, and what makes up for them for the others."""
        keep = 1 - self.workload.dropout
        return (self.random.random(shape, np.float32) < keep) * np.float32(1 / keep)

    def softmax(self, a):
        z = a @ self.weights[-1][0] + self.weights[-1][1]
        exponentials = np.exp(z - z.max(axis=1, keepdims=True))
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    def accuracy(self, x, y):
        for kernel, bias in self.weights[:-1]:
            x = self.activate(x @ kernel + bias)
        return np.mean(self.softmax(x).argmax(axis=1) == y)


if __name__ == "__main__":
    main(Network)
