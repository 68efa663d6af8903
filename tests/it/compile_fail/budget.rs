//! A network that takes more than there is; the compiler says by how many bytes.

use nn_core::activation::{Relu, Softmax};
use nn_core::layer::{Borrowed, Chain, Dense};
use nn_core::optimizer::Adam;

type Network = Chain<Dense<100, 20, Relu, Borrowed<'static>>, Dense<20, 10, Softmax>>;

nn_core::budget!(Network, flash = 8K, ram = 4K); // both are kept
nn_core::budget!(Network, flash = 8_000, ram = 4K); // 80 bytes of flash too many
nn_core::budget!(Network, flash = 8K, ram = 2K, train = Adam);

fn main() {}
