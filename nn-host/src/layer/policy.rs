//! How a layer is trained: whether at all, how fast, and what keeps its weights small.

use nn_core::constraint::AnyConstraint;
use nn_core::optimizer::Penalty;

/// What a layer is told about its training.
///
/// ```
/// use nn_host::layer::Policy;
/// assert!(Policy::default().trainable);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Whether the weights learn (yes). Frozen ones have neither gradients nor optimizer state, and a frozen batch
    /// normalization keeps its statistics and works as at inference.
    pub trainable: bool,
    /// What the learning rate is multiplied by for this layer (1).
    pub learning_rate: f32,
    /// A penalty for the kernel.
    pub kernel_regularizer: Option<Penalty>,
    /// A penalty for the bias.
    pub bias_regularizer: Option<Penalty>,
    /// A penalty for the activations, a mean over the samples of a batch.
    pub activity_regularizer: Option<Penalty>,
    /// What the kernel is kept to after each step.
    pub kernel_constraint: Option<AnyConstraint>,
    /// What the bias is kept to after each step.
    pub bias_constraint: Option<AnyConstraint>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            trainable: true,
            learning_rate: 1.0,
            kernel_regularizer: None,
            bias_regularizer: None,
            activity_regularizer: None,
            kernel_constraint: None,
            bias_constraint: None,
        }
    }
}
