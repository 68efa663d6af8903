//! Weights behind a reference cannot be trained.

use nn_core::activation::Identity;
use nn_core::layer::Dense;
use nn_core::loss::MeanSquaredError;
use nn_core::optimizer::Sgd;
use nn_core::train::OnlineTrainer;

static KERNEL: [[f32; 1]; 1] = [[1.0]];
static BIAS: [f32; 1] = [0.0];

fn main() {
    let frozen = Dense::borrowed(&KERNEL, &BIAS, Identity);
    let _trainer = OnlineTrainer::new(frozen, MeanSquaredError, Sgd::default());
}
