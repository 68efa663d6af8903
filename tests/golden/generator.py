"""A generator of bytes that Rust repeats: s = 1664525 · s + 1013904223 (Numerical Recipes), the highest eight bits of each s."""

import numpy as np


class Generator:
    """The generator of 32 bits."""

    def __init__(self, seed):
        self.state = seed

    def bytes(self, count):
        """The next bytes, as int8."""
        found, state = bytearray(count), self.state
        for index in range(count):
            state = (1664525 * state + 1013904223) & 0xFFFFFFFF
            found[index] = state >> 24
        self.state = state
        return np.frombuffer(bytes(found), dtype=np.int8)
