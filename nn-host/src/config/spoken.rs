//! What can be chosen by its name in Keras and told settings by theirs.

use core::str::FromStr;

use nn_core::SettingError;
use nn_core::activation::AnyActivation;
use nn_core::constraint::AnyConstraint;
use nn_core::init::AnyInitializer;
use nn_core::loss::AnyLoss;
use nn_core::optimizer::{AnyAdjustment, AnyOptimizer, HyperparameterError, Penalty};

use super::words::{WordError, Words};
use crate::optimizer::{self, Optimizer};
use crate::schedule::Schedule;

/// What words can say.
pub(super) trait Spoken: Sized {
    /// What the words say.
    fn hear(words: &Words) -> Result<Self, WordError>;
}

/// Something that is chosen with its settings, as text: `NAME[,key=value…]`.
///
/// An activation, an initializer, a loss, a constraint, an optimizer, a schedule of the learning rate, a penalty
/// (`l2=0.01`), early stopping or the reduction of the learning rate (`monitor=val_loss,patience=3`).
///
/// ```
/// use nn_core::init::{AnyInitializer, Constant};
/// use nn_host::config::Chosen;
/// let Chosen(initializer) = "constant,value=0.1".parse::<Chosen<AnyInitializer>>()?;
/// assert_eq!(initializer, Constant.with("value", 0.1)?.into());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chosen<T>(pub T);

impl<T: Spoken> FromStr for Chosen<T> {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        T::hear(&text.parse()?).map(Self)
    }
}

/// Lets words choose among the kinds of a table of nn-core.
macro_rules! spoken {
    ($any:ident, $what:literal) => {
        impl Spoken for $any {
            fn hear(words: &Words) -> Result<Self, WordError> {
                let name = &*words.name;
                let kind = Self::from_name(name).ok_or_else(|| WordError::unknown($what, name, Self::NAMES))?;
                let mut settings = words.numbers();
                settings.try_fold(kind, |kind, setting| {
                    let (number, key, value) = setting?;
                    kind.with(key, value).map_err(|error| refused(words, number, error))
                })
            }
        }
    };
}

spoken!(AnyActivation, "activation");
spoken!(AnyLoss, "loss");
spoken!(AnyInitializer, "initializer");
spoken!(AnyConstraint, "constraint");

/// An error of a setting of something of nn-core.
fn refused(words: &Words, number: usize, error: SettingError) -> WordError {
    match error {
        SettingError::Unknown { known, .. } => unknown_setting(words, number, known),
        error => words.wrong(number, error),
    }
}

fn unknown_setting(words: &Words, number: usize, known: &[&str]) -> WordError {
    let key = words.settings.get(number).map_or("", |(key, _)| key);
    match known {
        [] => words.wrong(number, format_args!("{} has none", words.name)),
        known => WordError::unknown(&format!("setting of {}", words.name), key, known).at(number),
    }
}

impl Spoken for Optimizer {
    fn hear(words: &Words) -> Result<Self, WordError> {
        let name = &*words.name;
        let unknown = || WordError::unknown("optimizer", name, AnyOptimizer::NAMES);
        let mut settings = words.numbers();
        settings.try_fold(Self::from_name(name).ok_or_else(unknown)?, |optimizer, setting| {
            let (number, key, value) = setting?;
            optimizer.with(key, value).map_err(|error| match error {
                optimizer::SettingError::Unknown(HyperparameterError::Unknown { known, .. }) => {
                    let known = [known, AnyAdjustment::NAMES, optimizer::EMA_NAMES].concat();
                    unknown_setting(words, number, &known)
                }
                error => words.wrong(number, error),
            })
        })
    }
}

impl Spoken for Schedule {
    fn hear(words: &Words) -> Result<Self, WordError> {
        let name = &*words.name;
        let unknown = || WordError::unknown("schedule", name, Self::NAMES);
        let mut settings = words.numbers();
        settings.try_fold(Self::from_name(name).ok_or_else(unknown)?, |schedule, setting| {
            let (number, key, value) = setting?;
            schedule.with(key, value).map_err(|error| refused(words, number, error))
        })
    }
}

/// `l1=X,l2=Y`, or by their names in Keras with its 0.01: `l1`, `l2`, `l1_l2`.
impl Spoken for Penalty {
    fn hear(words: &Words) -> Result<Self, WordError> {
        /// The default of Keras.
        const USUAL: f32 = 0.01;
        let (mut l1, mut l2) = match &*words.name {
            "" => (0.0, 0.0),
            "l1" => (USUAL, 0.0),
            "l2" => (0.0, USUAL),
            "l1_l2" => (USUAL, USUAL),
            name => return Err(WordError::unknown("regularizer", name, &["l1", "l2", "l1_l2"])),
        };
        if words.name.is_empty() && words.settings.is_empty() {
            return Err(WordError::new("a regularizer is l1=X, l2=X or both"));
        }
        for setting in words.numbers() {
            match setting? {
                (_, "l1", value) => l1 = value,
                (_, "l2", value) => l2 = value,
                (number, key, _) => return Err(WordError::unknown("regularizer", key, &["l1", "l2"]).at(number)),
            }
        }
        Self::l1_l2(l1, l2).map_err(|error| WordError::new(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::Chosen;
    use crate::optimizer::Optimizer;
    use crate::prelude::{Adam, Adjust};
    use crate::schedule::{CosineDecay, PiecewiseConstant, Schedule};
    use nn_core::constraint::{AnyConstraint, MaxNorm};
    use nn_core::init::{AnyInitializer, Constant};
    use nn_core::loss::{AnyLoss, BinaryFocalCrossentropy};
    use nn_core::optimizer::Penalty;

    fn error<T>(text: &str) -> String
    where
        Chosen<T>: core::str::FromStr<Err = super::WordError>,
    {
        text.parse::<Chosen<T>>().err().unwrap().to_string()
    }

    #[test]
    fn losses_initializers_and_constraints_take_settings() {
        let loss: Chosen<AnyLoss> = "binary_focal_crossentropy,gamma=1.5,from_logits=1".parse().unwrap();
        let expected = BinaryFocalCrossentropy::from_logits().with("gamma", 1.5).unwrap();
        assert_eq!(loss.0, expected.into());
        assert_eq!(loss.0.to_string().parse(), Ok(loss), "the text of a kind is what one types");
        assert_eq!("binary_focal_crossentropy,gamma=1.5,from_logits=true".parse(), Ok(loss));
        let initializer: Chosen<AnyInitializer> = "constant,value=0.1".parse().unwrap();
        assert_eq!(initializer.0, Constant.with("value", 0.1).unwrap().into());
        let constraint: Chosen<AnyConstraint> = "max_norm,max_value=3".parse().unwrap();
        assert_eq!(constraint.0, MaxNorm.with("max_value", 3.0).unwrap().into());
    }

    #[test]
    fn wrong_settings_are_named_with_the_nearest() {
        let error = error::<AnyLoss>;
        assert_eq!(error("hubber"), r#"unknown loss "hubber"; did you mean huber?"#);
        assert_eq!(error("huber,detla=2"), r#"unknown setting of huber "detla"; did you mean delta?"#);
        assert_eq!(error("huber,delta=0"), r#"setting "delta=0": delta is 0, it must be above 0 and finite"#);
        assert_eq!(error("huber,delta=two"), r#"setting "delta=two": the value is no number"#);
        assert_eq!(error("huber,"), r#"setting "": a setting is key=value"#);
        assert_eq!(error("hinge,delta=2"), r#"setting "delta=2": hinge has none"#);
        assert!(error("binary_crossentropy,x=1").ends_with("there is from_logits, label_smoothing"));
    }

    #[test]
    fn optimizers_take_settings() {
        let optimizer: Chosen<Optimizer> = "adam,learning_rate=0.01,clipnorm=2,beta_1=0.5".parse().unwrap();
        let expected = Adam::new(0.01).unwrap().with("beta_1", 0.5).unwrap().clipped_by_norm(2.0).unwrap();
        assert_eq!(optimizer.0, expected.into());
        let error = error::<Optimizer>;
        assert!(error("adm").contains("did you mean adam?"));
        assert!(error("adam,beta3=1").contains("did you mean beta_"));
        assert!(error("adam,xyz=1").contains("there is learning_rate, beta_1, beta_2, epsilon, clipvalue"));
        assert!(error("sgd,learning_rate=fast").contains("no number"));
    }

    #[test]
    fn schedules_take_settings() {
        let schedule = |text: &str| text.parse::<Chosen<Schedule>>().unwrap().0;
        let cosine = CosineDecay::default().with("warmup_epochs", 1.0).unwrap().with("alpha", 0.01).unwrap();
        assert_eq!(schedule("cosine_decay,warmup_epochs=1,alpha=0.01"), cosine.into());
        let rates = PiecewiseConstant::default().after_step(1000, 0.01).unwrap().after_epochs(8, 0.001).unwrap();
        assert_eq!(schedule("piecewise_constant,step_1000=0.01,epoch_8=0.001"), rates.into());
        assert_eq!(schedule("constant"), Schedule::Constant);
        let error = error::<Schedule>;
        assert_eq!(error("cosine_deca"), r#"unknown schedule "cosine_deca"; did you mean cosine_decay?"#);
        assert_eq!(error("cosine_decay,alfa=1"), r#"unknown setting of cosine_decay "alfa"; did you mean alpha?"#);
        assert_eq!(error("cosine_decay,alpha=2"), r#"setting "alpha=2": alpha is 2, it must be from 0 to 1"#);
        assert_eq!(error("constant,alpha=2"), r#"setting "alpha=2": constant has none"#);
        assert!(error("piecewise_constant,10=0.1").ends_with("there is step_N, epoch_N"));
    }

    #[test]
    fn penalties_have_one_or_two_factors() {
        let penalty = |text: &str| text.parse::<Chosen<Penalty>>().unwrap().0;
        assert_eq!(penalty("l2=1e-4"), Penalty::l2(1e-4).unwrap());
        assert_eq!(penalty("l1=0.5,l2=1"), Penalty::l1_l2(0.5, 1.0).unwrap());
        assert_eq!(penalty("l1_l2,l2=1"), Penalty::l1_l2(0.01, 1.0).unwrap());
        assert_eq!(error::<Penalty>("l3=1"), r#"unknown regularizer "l3"; there is l1, l2"#);
        assert!(error::<Penalty>("l2=-1").contains("l2 is -1"));
        assert!(error::<Penalty>("").contains("l1=X"));
    }
}
