//! A network of three inputs does not take four values.

use nn_core::activation::Identity;
use nn_core::layer::{Dense, Layer};

fn main() {
    let network = Dense::new([[0.0; 2]; 3], [0.0; 2], Identity);
    let _output = network.predict(&[1.0, 2.0, 3.0, 4.0]);
}
