"""Keras with `fit`; the backend is what `KERAS_BACKEND` says."""

import keras
import numpy as np

from measure import main

OPTIMIZERS = {"sgd": keras.optimizers.SGD, "rmsprop": keras.optimizers.RMSprop, "adam": keras.optimizers.Adam}


class AfterEpoch(keras.callbacks.Callback):
    def __init__(self, epoch_ends):
        super().__init__()
        self.epoch_ends = epoch_ends

    def on_epoch_end(self, epoch, logs=None):
        if self.epoch_ends():
            self.model.stop_training = True


class Network:
    def __init__(self, workload, x, y, _, seed):
        keras.utils.set_random_seed(seed)
        self.x, self.y, self.batch_size = x, y, workload.batch_size
        self.model = keras.Sequential([keras.Input((workload.units[0],))])
        for units in workload.units[1:-1]:
            self.model.add(keras.layers.Dense(units, workload.activation))
            if workload.dropout > 0:
                self.model.add(keras.layers.Dropout(workload.dropout))
        self.model.add(keras.layers.Dense(workload.units[-1], "softmax"))
        optimizer = OPTIMIZERS[workload.optimizer](workload.learning_rate)
        self.model.compile(optimizer, "sparse_categorical_crossentropy")

    def warm_up(self):
        """Compiles for whole batches and for the last one of an epoch, then takes back what that has learned."""
        weights = self.model.get_weights()
        some = 2 * self.batch_size + len(self.x) % self.batch_size
        self.model.fit(self.x[:some], self.y[:some], batch_size=self.batch_size, verbose=0)
        self.model.set_weights(weights)
        for variable in self.model.optimizer.variables:
            if variable.path.split("/")[-1] not in ("learning_rate", "iteration"):
                variable.assign(np.zeros(variable.shape, variable.dtype))

    def train(self, epochs, epoch_ends):
        callbacks = [AfterEpoch(epoch_ends)]
        self.model.fit(self.x, self.y, self.batch_size, epochs, verbose=0, callbacks=callbacks)

    def accuracy(self, x, y):
        return np.mean(self.model.predict(x, 1000, verbose=0).argmax(axis=1) == y)


if __name__ == "__main__":
    main(Network)
