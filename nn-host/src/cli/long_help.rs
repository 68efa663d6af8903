//! What `--help` says at length.

use nn_core::loss::AnyLoss;
use nn_host::metric::{MetricKind, Needs};

/// What LAYERS can be.
pub(super) const LAYERS: &str = "Hidden layers with spaces between; the output layer follows from the data. A dense layer is \
    UNITS[:ACTIVATION], such as 100:relu; besides the settings of its activation it takes l1, l2, max_norm, kernel_initializer, \
    bias_initializer, kernel_constraint, use_bias and seed, such as 100:relu,l2=1e-4,max_norm=3,use_bias=0. Others are \
    activation:ACTIVATION, dropout:RATE, alpha_dropout:RATE, gaussian_noise:STDDEV, batch_normalization, layer_normalization, \
    p_re_lu and residual(LAYERS), with projection=1 where the last of its layers has another number of units than the block has \
    inputs. Every layer takes trainable=0 and learning_rate=FACTOR. Example: \"100:relu dropout:0.3 residual(64:tanh 100)\"";

/// What a metric can be, at length.
pub(super) fn metrics_help() -> String {
    let of = |needs| {
        let kinds = MetricKind::ALL.iter().filter(|kind| kind.needs() == needs).map(|kind| kind.name);
        format!("\n\nFor {needs}: {}", kinds.collect::<Vec<_>>().join(", "))
    };
    "Metrics with their settings: M[,key=value…],…, such as accuracy,f_beta,beta=0.5 [default: accuracy for classes, \
     none for values]. Usual short forms, such as f1, mae or ece, are known. Metrics of single classes take average=macro, \
     micro or weighted, or class=N, and of a single output threshold=X."
        .to_owned()
        + &[Needs::Classes, Needs::Binary, Needs::Numbers].map(of).concat()
        + "\n\nAny loss is a metric, too: "
        + &AnyLoss::NAMES.join(", ")
}

/// What LIST can be.
pub(super) const AUGMENT: &str = "How samples are distorted: distortions with commas between, each with its default or as name=value. \
    Images are moved by rotation (degrees), translation (pixels), skew, zoom (shares), elastic (the factor, then sigma=pixels); \
    values are changed by noise, scale, shift, time_warp; mixup (alpha) mixes samples and targets. Square images are known by the \
    number of inputs, others by image=HEIGHTxWIDTH. Example: rotation=10,translation=2,elastic=34,sigma=4";
