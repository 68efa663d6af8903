"""scikit-learn's MLPClassifier. It has neither RMSprop, for which it gets Adam, nor dropout."""

import numpy as np
from sklearn.neural_network import MLPClassifier

from measure import main


ACTIVATIONS = {"sigmoid": "logistic", "linear": "identity", "relu": "relu"}


class Network:
    def __init__(self, workload, x, y, _, seed):
        self.x, self.y = x, y
        # A seed instead of a generator would shuffle every epoch alike.
        self.network = MLPClassifier(
            hidden_layer_sizes=workload.units[1:-1], activation=ACTIVATIONS[workload.activation],
            solver="sgd" if workload.optimizer == "sgd" else "adam", learning_rate_init=workload.learning_rate,
            batch_size=workload.batch_size, alpha=0.0, momentum=0.0, random_state=np.random.RandomState(seed),
        )

    def train(self, epochs, epoch_ends):
        classes = np.unique(self.y)
        for _ in range(epochs):
            self.network.partial_fit(self.x, self.y, classes=classes)
            if epoch_ends():
                break

    def accuracy(self, x, y):
        return self.network.score(x, y)


if __name__ == "__main__":
    main(Network)
