//! Networks before their training as constants, so that a static can be one and no stack has to hold it.

/// A layer whose parameters are what they are before training; kernels are zero until they are
/// [initialized](super::Trainable::initialize) in place.
///
/// ```
/// use nn_core::activation::{Relu, Softmax};
/// use nn_core::layer::{Chain, Dense, Untrained};
/// static NETWORK: Chain<Dense<784, 30, Relu>, Dense<30, 10, Softmax>> = Untrained::UNTRAINED; // zeros: no flash
/// assert_eq!(NETWORK.second().kernel(), &[[0.0; 10]; 30]);
/// ```
pub trait Untrained: Sized {
    /// The layer before training, with an activation's default settings.
    const UNTRAINED: Self;
}
