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
//!
//! # A tour
//!
//! **Data** come from IDX files, NumPy's arrays, or tables. What a table's columns become is learned from training rows
//! alone, and the model keeps it: [`data`].
//!
//! ```
//! use nn_host::data::{Preprocessing, Table, TableOptions};
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("trees.csv");
//!
//! std::fs::write(&path, "height,leaf,tree\n21,lobed,oak\n18,jagged,elm\n30,lobed,oak\n")?;
//! let table = Table::read(&path, &TableOptions::default())?;
//! let trees = Preprocessing::fit(&table, &[0, 1])?.apply(&table)?;
//! assert_eq!((trees.inputs(), trees.outputs()), (3, 2)); // height, lobed or jagged; elm or oak
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Layers** are planned with what their weights start from, are punished for and may be, then compiled to a
//! [`model`]: [`layer`].
//!
//! ```
//! use nn_host::layer::{batch_normalization, dense};
//! use nn_host::prelude::*;
//!
//! let model = Sequential::new(4)
//!     .layer(dense(8, Relu).kernel_regularizer(Penalty::l2(1e-4)?).kernel_constraint(NonNegative))
//!     .layer(batch_normalization())
//!     .layer(dense(3, Softmax).without_bias())
//!     .compile(CategoricalCrossentropy, Adam::default(), [Accuracy])?;
//! assert_eq!(model.parameters(), (4 * 8 + 8) + 4 * 8 + 8 * 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Samples are distorted** anew each time they are seen: [`augment`].
//!
//! ```
//! use nn_host::prelude::*;
//!
//! let augment: Augment = "rotation=10,translation=2,elastic=34,sigma=4".parse()?;
//! let options = FitOptions { epochs: 20, augment: Some(&augment), ..Default::default() };
//! # Ok::<(), nn_host::augment::AugmentError>(())
//! ```
//!
//! **A training** follows a [`schedule`], listens to callbacks ([`callback`]), and is saved after each epoch, so that one
//! that was killed goes on to the same bits: [`train`].
//!
//! ```
//! use nn_host::prelude::*;
//! use nn_host::schedule::CosineDecay;
//! # use nalgebra::DMatrix;
//! # use nn_host::data::{Features, Targets};
//! # let x = DMatrix::from_fn(1, 32, |_, sample| sample as f32 / 32.0);
//! # let line = Dataset::new(Features::Floats(x.clone()), Targets::Values(2.0 * x))?;
//! # let folder = tempfile::tempdir()?;
//!
//! let fit = || {
//!     let mut model = Sequential::new(1).dense(1, Identity).compile(MeanSquaredError, Sgd::new(0.1)?, [])?;
//!     let options = FitOptions {
//!         epochs: 50,
//!         schedule: CosineDecay::default().into(),
//!         callbacks: vec![Box::new(EarlyStopping::of(Monitor::of("loss")).patience(3))],
//!         checkpoint: Some(Checkpoint::new(folder.path()).resuming()),
//!         ..Default::default()
//!     };
//!     model.fit(&line, options)?;
//!     Ok::<_, Box<dyn std::error::Error>>(model)
//! };
//! let model = fit()?;
//! assert_eq!(fit()?.weights_sha256(), model.weights_sha256()); // from the checkpoint
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **Metrics** say what people want to know of a model; one of your own is a type with a tally and a value:
//! [`metric`].
//!
//! ```
//! use nn_host::metric::{Batch, Columns, Moments, Sample};
//! use nn_host::prelude::*;
//!
//! /// The correlation of Pearson, Σ (a − ā)(y − ȳ) / √(Σ (a − ā)² · Σ (y − ȳ)²), averaged over the outputs.
//! #[derive(Debug, PartialEq)]
//! struct Pearson;
//!
//! impl Metric for Pearson {
//!     type Tally = Columns<Moments>;
//!     fn name(&self) -> String {
//!         "pearson".into()
//!     }
//!     fn add(&self, tally: &mut Self::Tally, sample: Sample<'_>) {
//!         tally.add(sample);
//!     }
//!     fn value(&self, tally: &Self::Tally) -> f64 {
//!         tally.mean(|of| of.covariation() / (of.variation_of_a() * of.variation_of_y()).sqrt())
//!     }
//! }
//!
//! assert_eq!(Pearson.measure(Batch::new(1, &[1.0, 2.0, 3.0], &[6.0, 4.0, 2.0])), -1.0);
//! ```
//!
//! **A file** can say all of this, and what to search for in it: [`config`], [`tune`].
//!
//! ```
//! use nn_host::config::Config;
//!
//! let config = Config::parse("model.layers = '16:relu'\n[compile]\noptimizer = 'sgd'\n[fit]\nepochs = 20")?;
//! assert_eq!((config.model.layers.len(), config.fit.epochs), (1, 20));
//! # Ok::<(), nn_host::config::ConfigError>(())
//! ```
//!
//! **What came of it** is drawn by [`plot`], and runs on an emulated chip by [`device`].

pub mod data;

pub mod layer;
pub mod model;

pub mod augment;

pub mod gemm;
pub mod optimizer;

pub mod callback;
pub mod schedule;
pub mod train;

pub mod second_order;

pub mod metric;
pub mod plot;

pub mod quantize;

pub mod exchange;

pub mod config;
pub mod tune;

pub mod device;

/// What a program that trains a model needs.
pub mod prelude {
    pub use nn_core::activation::{Gelu, Identity, LeakyRelu, Relu, Sigmoid, Silu, Softmax, Softplus, Tanh};
    pub use nn_core::constraint::{MaxNorm, MinMaxNorm, NonNegative, UnitNorm};
    pub use nn_core::loss::{
        BinaryCrossentropy, CategoricalCrossentropy, Huber, MeanAbsoluteError, MeanSquaredError,
        SparseCategoricalCrossentropy,
    };
    pub use nn_core::optimizer::{Adagrad, Adam, AdamW, Adjust, Momentum, Penalty, Rmsprop, Sgd};

    pub use crate::augment::Augment;
    pub use crate::callback::{CsvLogger, EarlyStopping, Monitor, ReduceLrOnPlateau};
    pub use crate::data::{self, Dataset};
    pub use crate::metric::{
        Accuracy, Auc, AveragePrecision, BalancedAccuracy, BinaryAccuracy, BrierScore, CohenKappa,
        ConcordanceCorrelation, ConcordanceIndex, ExpectedCalibrationError, ExplainedVariance, FBeta, LogLoss,
        MatthewsCorrelation, MeanAbsolutePercentageError, Metric, PearsonCorrelation, Precision, R2Score, Recall,
        RootMeanSquaredError, Specificity, TopKCategoricalAccuracy,
    };
    pub use crate::model::{Model, Sequential};
    pub use crate::optimizer::Optimizer;
    pub use crate::train::{Checkpoint, ClassWeight, FitOptions, History, Validation};
}
