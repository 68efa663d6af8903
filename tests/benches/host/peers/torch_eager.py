"""PyTorch, eager, on tensors in memory."""

from measure import main
from torch_network import Peer

if __name__ == "__main__":
    main(Peer)
