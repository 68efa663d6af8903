//! Small languages of the arguments: layers, optimizers, thresholds, places.

use core::fmt::Write as _;
use core::str::FromStr;

use nn_core::SettingError;
use nn_core::activation::AnyActivation;
use nn_core::init::AnyInitializer;
use nn_core::layer::DropoutRate;
use nn_core::loss::AnyLoss;
use nn_core::optimizer::AnyOptimizer;
use nn_host::augment::{Augment, AugmentError, Augmentation};
use nn_host::data::nearest;
use nn_host::metric::{AnyMetric, NameError};
use nn_host::optimizer::Optimizer;

use super::second_order::Solver;

/// What is wrong with an argument.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct SpecificationError(pub(super) String);

/// `unknown WHAT NAME; did you mean …?`, or all names where none is near.
pub(super) fn unknown(what: &str, name: &str, known: &[&str]) -> SpecificationError {
    let mut text = format!("unknown {what} {name:?}");
    // Writing to a string cannot fail.
    let _ = match nearest(name, known.iter().copied()) {
        Some(nearest) => write!(text, "; did you mean {nearest}?"),
        None => write!(text, "; there is {}", known.join(", ")),
    };
    SpecificationError(text)
}

/// What can be chosen by its name in Keras, and told settings by theirs.
pub(super) trait Choice: Copy {
    /// What it is, in words.
    const WHAT: &'static str;

    /// The names of all kinds.
    const NAMES: &'static [&'static str];

    fn from_name(name: &str) -> Option<Self>;

    fn with(self, name: &str, value: f32) -> Result<Self, SettingError>;
}

macro_rules! choice {
    ($any:ident, $what:literal) => {
        impl Choice for $any {
            const WHAT: &'static str = $what;
            const NAMES: &'static [&'static str] = Self::NAMES;

            fn from_name(name: &str) -> Option<Self> {
                Self::from_name(name)
            }

            fn with(self, name: &str, value: f32) -> Result<Self, SettingError> {
                self.with(name, value)
            }
        }
    };
}

choice!(AnyActivation, "activation");
choice!(AnyLoss, "loss");
choice!(AnyInitializer, "initializer");

/// A kind with its settings: `NAME[,key=value…]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Chosen<K>(pub(super) K);

impl<K: Choice> FromStr for Chosen<K> {
    type Err = SpecificationError;

    fn from_str(text: &str) -> Result<Self, SpecificationError> {
        let mut words = text.split(',');
        let name = words.next().unwrap_or_default();
        let kind = K::from_name(name).ok_or_else(|| unknown(K::WHAT, name, K::NAMES))?;
        words.try_fold(kind, |kind, word| told(kind, name, word)).map(Self)
    }
}

/// The kind of this name with one more setting.
fn told<K: Choice>(kind: K, name: &str, word: &str) -> Result<K, SpecificationError> {
    let (key, value) = setting(word)?;
    kind.with(key, value).map_err(|error| refused(&error, name, word, key))
}

/// Why the kind of this name does not take a `word`, which sets `key`.
pub(super) fn refused(error: &SettingError, name: &str, word: &str, key: &str) -> SpecificationError {
    match error {
        SettingError::Unknown { known: [], .. } => SpecificationError(format!("setting {word:?}: {name} has none")),
        SettingError::Unknown { known, .. } => unknown(&format!("setting of {name}"), key, known),
        error => SpecificationError(format!("setting {word:?}: {error}")),
    }
}

/// Name and value of `key=value`.
pub(super) fn setting(word: &str) -> Result<(&str, f32), SpecificationError> {
    let wrong = |reason| SpecificationError(format!("setting {word:?}: {reason}"));
    let (key, value) = word.split_once('=').ok_or_else(|| wrong("a setting is key=value"))?;
    Ok((key, value.parse().map_err(|_| wrong("the value is no number"))?))
}

/// A hidden layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum HiddenLayer {
    Dense { units: usize, activation: AnyActivation },
    Dropout { rate: f32 },
}

/// Hidden layers with spaces between: `UNITS:ACTIVATION[,key=value…]` or `dropout:RATE`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct LayerList(pub(super) Vec<HiddenLayer>);

impl FromStr for LayerList {
    type Err = SpecificationError;

    fn from_str(text: &str) -> Result<Self, SpecificationError> {
        text.split_whitespace().map(hidden_layer).collect::<Result<_, _>>().map(Self)
    }
}

fn hidden_layer(word: &str) -> Result<HiddenLayer, SpecificationError> {
    let wrong = |reason: &dyn core::fmt::Display| SpecificationError(format!("layer {word:?}: {reason}"));
    let (kind, setting) = word.split_once(':').unwrap_or((word, "linear"));
    if kind == "dropout" {
        let rate = setting.parse().map_err(|_| wrong(&"dropout needs a rate, such as dropout:0.3"))?;
        DropoutRate::new(rate).map_err(|error| wrong(&error))?;
        return Ok(HiddenLayer::Dropout { rate });
    }
    match kind.parse() {
        Ok(units @ 1..) => {
            let Chosen(activation) = setting.parse().map_err(|error| wrong(&error))?;
            Ok(HiddenLayer::Dense { units, activation })
        }
        Ok(_) => Err(wrong(&"a layer needs at least one unit")),
        Err(_) => Err(wrong(&"a layer is UNITS:ACTIVATION, such as 100:relu, or dropout:RATE")),
    }
}

/// An optimizer with its settings: `NAME[,key=value…]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OptimizerSettings(pub(super) Optimizer);

impl FromStr for OptimizerSettings {
    type Err = SpecificationError;

    fn from_str(text: &str) -> Result<Self, SpecificationError> {
        let mut words = text.split(',');
        let name = words.next().unwrap_or_default();
        let names = || [AnyOptimizer::NAMES, &Solver::NAMES].concat();
        let optimizer = Optimizer::from_name(name).ok_or_else(|| unknown("optimizer", name, &names()))?;
        words.try_fold(optimizer, told_optimizer).map(Self)
    }
}

/// The optimizer with one more setting.
fn told_optimizer(optimizer: Optimizer, word: &str) -> Result<Optimizer, SpecificationError> {
    let (key, value) = setting(word)?;
    optimizer.with(key, value).map_err(|error| SpecificationError(format!("setting {word:?}: {error}")))
}

/// Metrics with commas between, each with its settings: `NAME[,key=value…][,NAME…]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct MetricList(pub(super) Vec<AnyMetric>);

impl FromStr for MetricList {
    type Err = SpecificationError;

    fn from_str(text: &str) -> Result<Self, SpecificationError> {
        let mut metrics: Vec<String> = Vec::new();
        for word in text.split(',').filter(|_| !text.is_empty()) {
            match metrics.last_mut() {
                Some(metric) if word.contains('=') => metric.extend([",", word]),
                _ => metrics.push(word.to_owned()),
            }
        }
        metrics.iter().map(|metric| metric.parse().map_err(wrong_metric)).collect::<Result<_, _>>().map(Self)
    }
}

fn wrong_metric(error: NameError) -> SpecificationError {
    match error {
        NameError::Unknown { name } => unknown("metric", &name, &AnyMetric::names().collect::<Vec<_>>()),
        NameError::UnknownSetting { metric, setting, known } if !known.is_empty() => {
            unknown(&format!("setting of {metric}"), &setting, known)
        }
        error => SpecificationError(error.to_string()),
    }
}

/// Distortions: `NAME[=X][,key=value…][,NAME…]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AugmentList(pub(super) Augment);

impl FromStr for AugmentList {
    type Err = SpecificationError;

    fn from_str(text: &str) -> Result<Self, SpecificationError> {
        text.parse().map(Self).map_err(|error| match error {
            AugmentError::Unknown { name } => unknown("distortion", &name, &Augmentation::names()),
            error => SpecificationError(error.to_string()),
        })
    }
}

/// A threshold: `NAME=X`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Goal {
    /// What is measured.
    pub(super) name: String,
    /// The least that it should be.
    pub(super) least: f32,
}

impl Goal {
    /// The option, and the name of the value that it is about.
    pub(super) fn watched(&self) -> (&'static str, &str) {
        ("--fail-under", &self.name)
    }
}

impl FromStr for Goal {
    type Err = SpecificationError;

    fn from_str(text: &str) -> Result<Self, SpecificationError> {
        let wrong = || SpecificationError("a threshold is NAME=X, such as accuracy=0.97".to_owned());
        let (name, least) = text.rsplit_once('=').ok_or_else(wrong)?;
        let least: f32 = least.parse().map_err(|_| wrong())?;
        if least.is_nan() {
            return Err(wrong());
        }
        Ok(Self { name: name.to_owned(), least })
    }
}

/// Where a model is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Here.
    Host,
    /// On an emulated board.
    Qemu {
        /// The board's name.
        board: String,
    },
}

impl FromStr for Place {
    type Err = SpecificationError;

    fn from_str(text: &str) -> Result<Self, SpecificationError> {
        match text.split_once(':').unwrap_or((text, "mps2-an386")) {
            ("host", _) if text == "host" => Ok(Self::Host),
            ("qemu", board) => Ok(Self::Qemu { board: board.to_owned() }),
            _ => Err(unknown("place", text, &["host", "qemu", "qemu:BOARD"])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AugmentList, Chosen, Goal, HiddenLayer, LayerList, MetricList, OptimizerSettings, Place};
    use nn_core::activation::{Identity, LeakyRelu, Relu};
    use nn_core::init::{AnyInitializer, Constant};
    use nn_core::loss::{AnyLoss, BinaryFocalCrossentropy};
    use nn_host::prelude::{Accuracy, Adam, Adjust, FBeta, Recall};

    #[test]
    fn layers_are_read_in_order() {
        let dense = |units, activation| HiddenLayer::Dense { units, activation };
        let layers: LayerList = "100:relu dropout:0.3  7".parse().unwrap();
        let expected = [dense(100, Relu.into()), HiddenLayer::Dropout { rate: 0.3 }, dense(7, Identity.into())];
        assert_eq!(layers.0, expected);
        assert_eq!("".parse::<LayerList>().unwrap().0, []);
    }

    #[test]
    fn wrong_layers_are_named_with_what_would_be_right() {
        let error = |text: &str| text.parse::<LayerList>().unwrap_err().to_string();
        assert_eq!(error("10:relu 100:rellu"), r#"layer "100:rellu": unknown activation "rellu"; did you mean relu?"#);
        assert!(error("x:relu").contains("UNITS:ACTIVATION"));
        assert!(error("0:relu").contains("at least one unit"));
        assert!(error("dropout:1.5").contains("below 1"));
        assert!(error("5:qqq").contains("there is linear, relu"));
    }

    #[test]
    fn optimizers_take_settings() {
        let optimizer: OptimizerSettings = "adam,learning_rate=0.01,clipnorm=2,beta_1=0.5".parse().unwrap();
        let expected = Adam::new(0.01).unwrap().with("beta_1", 0.5).unwrap().clipped_by_norm(2.0).unwrap();
        assert_eq!(optimizer.0, expected.into());
        let error = |text: &str| text.parse::<OptimizerSettings>().unwrap_err().to_string();
        assert!(error("adm").contains("did you mean adam?"));
        assert!(error("adam,beta_3=1").contains("adam has learning_rate"));
        assert!(error("sgd,learning_rate=fast").contains("no number"));
    }

    #[test]
    fn losses_initializers_and_activations_take_settings() {
        let loss: Chosen<AnyLoss> = "binary_focal_crossentropy,gamma=1.5,from_logits=1".parse().unwrap();
        let expected = BinaryFocalCrossentropy::from_logits().with("gamma", 1.5).unwrap();
        assert_eq!(loss.0, expected.into());
        assert_eq!(loss.0.to_string().parse(), Ok(loss), "the text of a kind is what one types");
        let initializer: Chosen<AnyInitializer> = "constant,value=0.1".parse().unwrap();
        assert_eq!(initializer.0, Constant.with("value", 0.1).unwrap().into());
        let layers: LayerList = "9:leaky_relu,negative_slope=0.5".parse().unwrap();
        let activation = LeakyRelu::new(0.5).unwrap().into();
        assert_eq!(layers.0, [HiddenLayer::Dense { units: 9, activation }]);
    }

    #[test]
    fn wrong_settings_are_named_with_the_nearest() {
        let error = |text: &str| text.parse::<Chosen<AnyLoss>>().unwrap_err().to_string();
        assert_eq!(error("hubber"), r#"unknown loss "hubber"; did you mean huber?"#);
        assert_eq!(error("huber,detla=2"), r#"unknown setting of huber "detla"; did you mean delta?"#);
        assert_eq!(error("huber,delta=0"), r#"setting "delta=0": delta is 0, it must be above 0 and finite"#);
        assert_eq!(error("huber,delta=two"), r#"setting "delta=two": the value is no number"#);
        assert_eq!(error("huber,"), r#"setting "": a setting is key=value"#);
        assert_eq!(error("hinge,delta=2"), r#"setting "delta=2": hinge has none"#);
        assert!(error("binary_crossentropy,x=1").ends_with("there is from_logits, label_smoothing"));
    }

    #[test]
    fn metrics_take_the_settings_that_follow_them() {
        let metrics: MetricList = "accuracy,f_beta,beta=0.5,threshold=0.25,recall".parse().unwrap();
        let beta = FBeta::new(0.5).unwrap().with_threshold(0.25).unwrap();
        assert_eq!(metrics.0, [Accuracy.into(), beta.into(), Recall.into()]);
        assert_eq!("".parse(), Ok(MetricList::default()));
        let error = |text: &str| text.parse::<MetricList>().unwrap_err().to_string();
        assert_eq!(error("acuracy"), r#"unknown metric "acuracy"; did you mean accuracy?"#);
        assert_eq!(error("auc,f1,avrage=macro"), r#"unknown setting of f1_score "avrage"; did you mean average?"#);
        assert_eq!(error("accuracy,k=5"), r#"accuracy has no setting "k"; it has none"#);
        assert!(error("auc,").contains("there is accuracy, binary_accuracy"));
    }

    #[test]
    fn distortions_are_read_and_the_nearest_is_named() {
        let list: AugmentList = "rotation=15,elastic=20,sigma=6".parse().unwrap();
        assert_eq!(list.0.to_string(), "rotation=15,elastic=20,sigma=6");
        let error = |text: &str| text.parse::<AugmentList>().unwrap_err().to_string();
        assert_eq!(error("rotatoin=3"), r#"unknown distortion "rotatoin"; did you mean rotation?"#);
        assert!(error("qqq").contains("there is rotation, translation"));
        assert_eq!(error("zoom=2"), "zoom is 2, it must be from 0.0 to 0.9");
    }

    #[test]
    fn thresholds_and_places_are_read() {
        assert_eq!("accuracy=0.5".parse(), Ok(Goal { name: "accuracy".into(), least: 0.5 }));
        let goal = Goal { name: "f_beta,beta=2".into(), least: 0.5 };
        assert_eq!("f_beta,beta=2=0.5".parse(), Ok(goal), "a name may have settings");
        assert!("accuracy".parse::<Goal>().is_err());
        assert!("accuracy=NaN".parse::<Goal>().is_err());
        assert_eq!("host".parse(), Ok(Place::Host));
        assert_eq!("qemu".parse(), Ok(Place::Qemu { board: "mps2-an386".into() }));
        assert_eq!("qemu:microbit".parse(), Ok(Place::Qemu { board: "microbit".into() }));
        assert!("host:x".parse::<Place>().is_err());
    }
}
