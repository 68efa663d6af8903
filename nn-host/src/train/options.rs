//! How a model is fitted: Keras' arguments of `fit`.

use core::fmt;

use super::Checkpoint;
use crate::augment::Augment;
use crate::callback::Callback;
use crate::data::Dataset;
use crate::gemm::InstructionSet;
use crate::quantize::WeightWidth;
use crate::schedule::Schedule;

/// What a model is validated with after each epoch.
#[derive(Clone, Copy, Debug, Default)]
pub enum Validation<'a> {
    /// Nothing.
    #[default]
    None,
    /// A data set of its own.
    Data(&'a Dataset),
    /// This share of the samples, which are then not trained with: drawn by the model's seed, and from each class as many as
    /// is its share. (Keras takes the last ones: [`Last`](Self::Last).)
    Split(f64),
    /// This share of the samples, the last ones, which are then not trained with; Keras' `validation_split`.
    Last(f64),
}

/// How much the samples of each class count.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ClassWeight {
    /// All the same.
    #[default]
    None,
    /// Samples / (classes · samples of the class), so that each class counts the same.
    Balanced,
    /// One number a class.
    Given(Vec<f32>),
}

/// How to fit a model. The defaults are Keras'.
pub struct FitOptions<'a> {
    /// How often every sample is seen, less `initial_epoch` (1).
    pub epochs: u32,
    /// Epochs that count as done (0): the numbering begins behind them, as when a training is taken up again.
    pub initial_epoch: u32,
    /// Samples of a batch (32): 1 is online training, all of them batch gradient descent.
    pub batch_size: usize,
    /// Batches whose gradients make one step together (1). Schedules, averages and constraints count such steps as one, where
    /// Keras counts each batch for its schedules and averages; batches at the end of an epoch make a step even if they are fewer.
    pub gradient_accumulation_steps: usize,
    /// Batches of an epoch (as many as the samples make).
    pub steps_per_epoch: Option<usize>,
    /// What to validate with (nothing).
    pub validation: Validation<'a>,
    /// Epochs from one validation to the next (1).
    pub validation_freq: u32,
    /// Whether the samples come in another order each epoch (yes).
    pub shuffle: bool,
    /// How training samples are distorted, anew in every epoch (not at all).
    pub augment: Option<&'a Augment>,
    /// How much the samples of each class count (all the same).
    pub class_weight: ClassWeight,
    /// How much each sample counts (all the same).
    pub sample_weight: Option<&'a [f32]>,
    /// The width of the weights that the network is made ready for (none): quantization-aware training. Layers
    /// of [`FakeQuantizeLayer`](crate::layer::FakeQuantizeLayer) are put wherever [`Model::quantize`] makes bytes, their
    /// ranges start from those on the training data and learn, and weights are on the grid of their width.
    ///
    /// [`Model::quantize`]: crate::model::Model::quantize
    pub qat: Option<WeightWidth>,
    /// How the learning rate changes from step to step (not).
    pub schedule: Schedule,
    /// Where the training is saved after each epoch (nowhere).
    pub checkpoint: Option<Checkpoint>,
    /// What happens between batches and epochs (nothing).
    pub callbacks: Vec<Box<dyn Callback + 'a>>,
    /// The instruction set of the products (the best that the machine has); the result does not depend on it.
    pub instructions: InstructionSet,
}

impl Default for FitOptions<'_> {
    fn default() -> Self {
        Self {
            epochs: 1,
            initial_epoch: 0,
            batch_size: 32,
            gradient_accumulation_steps: 1,
            steps_per_epoch: None,
            validation: Validation::None,
            validation_freq: 1,
            shuffle: true,
            augment: None,
            class_weight: ClassWeight::None,
            sample_weight: None,
            qat: None,
            schedule: Schedule::Constant,
            checkpoint: None,
            callbacks: Vec::new(),
            instructions: InstructionSet::best(),
        }
    }
}

impl fmt::Debug for FitOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { epochs, batch_size, shuffle, .. } = self;
        write!(f, "FitOptions {{ epochs: {epochs}, batch_size: {batch_size}, shuffle: {shuffle}, .. }}")
    }
}
