//! The model that arguments ask for, to train it or to look for its learning rate.

use clap::{Args, ValueEnum};
use nn_core::activation::AnyActivation;
use nn_core::init::AnyInitializer;
use nn_core::loss::AnyLoss;
use nn_core::optimizer::Penalty;
use nn_host::config::{Chosen, Config, LayerList, MetricList, Scaling, TrainingMethod};
use nn_host::data::ScaleMethod;

use super::long_help::{LAYERS, metrics_help};

/// What a new model is made of.
#[derive(Args, Debug)]
pub(super) struct ModelArguments {
    /// Hidden layers, such as "100:relu dropout:0.3"; the output layer follows from the data
    #[arg(long, value_name = "LAYERS", long_help = LAYERS)]
    layers: Option<LayerList>,

    /// Activation of the output layer with its settings: A[,key=value…] [default: softmax for classes, linear for
    /// values and before a loss from logits]
    #[arg(long, value_name = "A")]
    output_activation: Option<Chosen<AnyActivation>>,

    /// Loss with its settings: L[,key=value…], such as huber,delta=2 [default: categorical_crossentropy for classes,
    /// mean_squared_error for values]
    #[arg(long, value_name = "L")]
    loss: Option<Chosen<AnyLoss>>,

    /// Optimizer with its settings: O[,key=value…]; clipvalue, clipnorm, global_clipnorm and weight_decay are for all but
    /// lbfgs and levenberg_marquardt, which take all samples at once, for small data [default: adam]
    #[arg(long, value_name = "O")]
    optimizer: Option<Chosen<TrainingMethod>>,

    /// How features are scaled, by numbers fitted to the training data and kept in the model's first layer
    /// [default: standard for tables, else none]
    #[arg(long, value_name = "METHOD")]
    scale: Option<ScaleArgument>,

    /// How the kernels of dense layers start, with its settings: I[,key=value…] [default: glorot_uniform]
    #[arg(long, value_name = "I")]
    kernel_initializer: Option<Chosen<AnyInitializer>>,

    /// Penalty of the kernels of all dense layers that have none of their own: l1=X, l2=X or l1=X,l2=Y
    #[arg(long, value_name = "L=X")]
    kernel_regularizer: Option<Chosen<Penalty>>,

    /// Metrics with commas between, each with its settings: M[,key=value…] [default: accuracy for classes, none for values]
    #[arg(long, value_name = "M,…", long_help = metrics_help())]
    metrics: Option<MetricList>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ScaleArgument {
    Standard,
    Minmax,
    None,
}

impl ModelArguments {
    /// Puts what is given into a configuration.
    pub(super) fn apply(&self, config: &mut Config) {
        let (model, compile) = (&mut config.model, &mut config.compile);
        if let Some(LayerList(layers)) = &self.layers {
            model.layers.clone_from(layers);
        }
        if let Some(Chosen(initializer)) = self.kernel_initializer {
            model.kernel_initializer = initializer;
        }
        if let Some(Chosen(method)) = &self.optimizer {
            compile.train_by(method.clone());
        }
        if let Some(MetricList(metrics)) = &self.metrics {
            compile.metrics = Some(metrics.clone());
        }
        model.output_activation = self.output_activation.map(|chosen| chosen.0).or(model.output_activation);
        model.kernel_regularizer = self.kernel_regularizer.map(|chosen| chosen.0).or(model.kernel_regularizer);
        config.data.scale = match self.scale {
            None => config.data.scale,
            Some(ScaleArgument::Standard) => Scaling::By(ScaleMethod::Standard),
            Some(ScaleArgument::Minmax) => Scaling::By(ScaleMethod::MinMax),
            Some(ScaleArgument::None) => Scaling::None,
        };
        compile.loss = self.loss.map(|chosen| chosen.0).or(compile.loss);
    }
}
