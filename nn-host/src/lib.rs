//! Trains dense networks on the desktop for nn-core, and talks to the chips that run them.
//!
//! ```no_run
//! use nn_host::prelude::*;
//!
//! let mnist = data::mnist()?;
//! let mut model = Sequential::new(784)
//!     .dense(100, Relu)
//!     .dropout(0.3)
//!     .dense(10, Softmax)
//!     .compile(CategoricalCrossentropy, Adam::default(), [Accuracy])?;
//! let validation = Validation::Data(&mnist.test);
//! let history = model.fit(&mnist.train, FitOptions { epochs: 20, batch_size: 100, validation, ..Default::default() })?;
//! model.save("mnist.nn")?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Every formula is nn-core's; here are batches, data, files and devices. Matrices are nalgebra's, one sample a
//! column. The result of a training depends on its settings and seed, never on the number of threads: a caller who
//! wants fewer threads runs it in a rayon pool of that size.

pub mod data;
pub mod layer;
pub mod model;

pub mod augment;
pub mod callback;
pub mod gemm;
pub mod metric;
pub mod optimizer;
pub mod schedule;
pub mod train;

pub mod second_order;

pub mod plot;

pub mod device;

/// What a program that trains a model needs.
pub mod prelude {
    pub use nn_core::activation::{Gelu, Identity, LeakyRelu, Relu, Sigmoid, Silu, Softmax, Softplus, Tanh};
    pub use nn_core::loss::{
        BinaryCrossentropy, CategoricalCrossentropy, Huber, MeanAbsoluteError, MeanSquaredError,
        SparseCategoricalCrossentropy,
    };
    pub use nn_core::optimizer::{Adagrad, Adam, AdamW, Adjust, Momentum, Rmsprop, Sgd};

    pub use crate::augment::Augment;
    pub use crate::data::{self, Dataset};
    pub use crate::metric::{
        Accuracy, Auc, AveragePrecision, BalancedAccuracy, BinaryAccuracy, BrierScore, CohenKappa,
        ConcordanceCorrelation, ConcordanceIndex, ExpectedCalibrationError, ExplainedVariance, FBeta, LogLoss,
        MatthewsCorrelation, MeanAbsolutePercentageError, Metric, PearsonCorrelation, Precision, R2Score, Recall,
        RootMeanSquaredError, Specificity, TopKCategoricalAccuracy,
    };
    pub use crate::model::{Model, Sequential};
    pub use crate::optimizer::Optimizer;
    pub use crate::train::{ClassWeight, FitOptions, History, Validation};
}
