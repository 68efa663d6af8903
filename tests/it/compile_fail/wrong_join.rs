//! 30 outputs do not go into 20 inputs.

use nn_core::activation::{Relu, Softmax};
use nn_core::layer::{Dense, Layer};

fn main() {
    let hidden = Dense::new([[0.0; 30]; 784], [0.0; 30], Relu);
    let output = Dense::new([[0.0; 10]; 20], [0.0; 10], Softmax);
    let _network = hidden.then(output);
}
