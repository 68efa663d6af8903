//! Optimizers chosen at run time, and bound to the tensors of a whole network.

mod bound;
mod columns;
mod ema;
mod rule;
mod worker;

pub(crate) use bound::{Bound, Parameter};
pub(crate) use columns::ColumnSplit;
pub use ema::Ema;
pub(crate) use rule::{Rows, TensorSize};
pub(crate) use worker::{Block, Share, Worker};

use nn_core::optimizer::{AnyAdjustment, AnyOptimizer, Describe, HyperparameterError};

/// An optimizer as a model is compiled with: a rule of nn-core, and what is done to gradients and weights before its step.
///
/// Every optimizer of nn-core becomes one that trains with the same bits:
///
/// ```
/// use nn_host::prelude::*;
/// let adam = Adam::new(0.01)?.with_weight_decay(0.004)?.clipped_by_norm(1.0)?;
/// let named = Optimizer::from_name("adam").unwrap();
/// let named = named.with("learning_rate", 0.01)?.with("clipnorm", 1.0)?.with("weight_decay", 0.004)?;
/// assert_eq!(Optimizer::from(adam), named);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Optimizer {
    rule: AnyOptimizer,
    /// In the order in which a step makes them.
    adjustments: Vec<AnyAdjustment>,
    /// Whether weights are averaged.
    use_ema: bool,
    ema: Ema,
}

/// A setting that an optimizer does not have, or a value that it cannot have.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum SettingError {
    /// There is none of that name.
    #[error("{0}; every optimizer has {every}, {ema}", ema = EMA_NAMES.join(", "), every = AnyAdjustment::NAMES.join(", "))]
    Unknown(HyperparameterError),
    /// The value is not in its range.
    #[error(transparent)]
    Value(HyperparameterError),
}

/// The names of the settings of an average of weights.
pub(crate) const EMA_NAMES: &[&str] = &["use_ema", "ema_momentum", "ema_overwrite_frequency"];

impl Optimizer {
    /// The rule with this name in Keras, with its default settings.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        AnyOptimizer::from_name(name).map(Self::from)
    }

    /// The rule.
    #[must_use]
    pub const fn rule(&self) -> AnyOptimizer {
        self.rule
    }

    /// What is done before the rule's step, in that order.
    #[must_use]
    pub fn adjustments(&self) -> &[AnyAdjustment] {
        &self.adjustments
    }

    /// How weights are averaged, if they are.
    #[must_use]
    pub fn ema(&self) -> Option<Ema> {
        self.use_ema.then_some(self.ema)
    }

    /// With an average of the weights, which the training ends with.
    #[must_use]
    pub fn with_ema(self, ema: Ema) -> Self {
        Self { use_ema: true, ema, ..self }
    }

    /// With another setting of the average, which is made only with `use_ema`, as in Keras; `None` if it is none.
    fn with_ema_setting(&self, name: &str, value: f32) -> Option<Result<Self, SettingError>> {
        let ema = self.ema;
        let wrong = |name, range| SettingError::Value(HyperparameterError::OutOfRange { name, value, range });
        let ema = match name {
            "use_ema" if value == 0.0 || value.to_bits() == 1_f32.to_bits() => {
                return Some(Ok(Self { use_ema: value > 0.0, ..self.clone() }));
            }
            "use_ema" => Err(wrong("use_ema", "0 or 1")),
            "ema_momentum" if (0.0..=1.0).contains(&value) => Ok(Ema { momentum: value, ..ema }),
            "ema_momentum" => Err(wrong("ema_momentum", "from 0 to 1")),
            "ema_overwrite_frequency" => match whole(value) {
                Some(steps) => Ok(Ema { overwrite_frequency: Some(steps), ..ema }),
                None => Err(wrong("ema_overwrite_frequency", "a whole number from 1 to 16,777,216")),
            },
            _ => return None,
        };
        Some(ema.map(|ema| Self { ema, ..self.clone() }))
    }

    /// This optimizer with another value of one setting, by its name in Keras; 0 and 1 are no and yes.
    ///
    /// `clipvalue`, `clipnorm`, `global_clipnorm`, `weight_decay` and `use_ema` with its settings are for every rule. Keras takes one way of clipping;
    /// here several are made in this order.
    ///
    /// # Errors
    /// [`SettingError`] if it has none of that name, or the value is outside its range.
    pub fn with(self, name: &str, value: f32) -> Result<Self, SettingError> {
        if let Some(with) = self.with_ema_setting(name, value) {
            return with;
        }
        match self.rule.with(name, value) {
            Ok(rule) => Ok(Self { rule, ..self }),
            Err(unknown @ HyperparameterError::Unknown { .. }) => match AnyAdjustment::named(name, value) {
                Some(adjustment) => adjustment.map(|adjustment| self.adjusted(adjustment)).map_err(SettingError::Value),
                None => Err(SettingError::Unknown(unknown)),
            },
            Err(error) => Err(SettingError::Value(error)),
        }
    }

    /// With this adjustment, in its place among the others, instead of one of the same kind.
    fn adjusted(mut self, adjustment: AnyAdjustment) -> Self {
        self.adjustments.retain(|other| order(other) != order(&adjustment));
        let place = self.adjustments.partition_point(|other| order(other) < order(&adjustment));
        self.adjustments.insert(place, adjustment);
        self
    }

    /// The learning rate, before any decay.
    #[must_use]
    pub fn learning_rate(&self) -> f32 {
        self.rule.learning_rate()
    }
}

/// A number of steps.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number in this range")]
fn whole(value: f32) -> Option<u32> {
    (value.fract() == 0.0 && (1.0..=16_777_216.0).contains(&value)).then_some(value as u32)
}

/// The place of an adjustment in a step, as in Keras: the penalty is a part of the loss, and weights decay last.
const fn order(adjustment: &AnyAdjustment) -> u8 {
    match adjustment {
        AnyAdjustment::Penalty(_) => 0,
        AnyAdjustment::ClipValue(_) => 1,
        AnyAdjustment::ClipNorm(_) => 2,
        AnyAdjustment::GlobalClipNorm(_) => 3,
        AnyAdjustment::WeightDecay(_) => 4,
    }
}

impl<D: Describe> From<D> for Optimizer {
    fn from(optimizer: D) -> Self {
        let mut adjustments = Vec::new();
        let rule = optimizer.describe(&mut adjustments);
        Self { rule, adjustments, use_ema: false, ema: Ema::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ema, Optimizer};
    use crate::prelude::{Adam, AdamW, Adjust};

    #[test]
    fn settings_come_in_any_order_and_the_last_of_a_name_counts() {
        let adam = Optimizer::from(Adam::default());
        let settings = [("weight_decay", 0.5), ("clipvalue", 3.0), ("global_clipnorm", 1.0), ("clipvalue", 2.0)];
        let found = settings.iter().fold(adam, |optimizer, (name, value)| optimizer.with(name, *value).unwrap());
        let typed = Adam::default().with_weight_decay(0.5).unwrap().clipped_by_global_norm(1.0).unwrap();
        assert_eq!(found, typed.clipped_by_value(2.0).unwrap().into());
    }

    #[test]
    fn a_rule_that_has_the_setting_takes_it() {
        let adamw = Optimizer::from(AdamW::default()).with("weight_decay", 0.5).unwrap();
        assert_eq!(adamw, AdamW::default().with("weight_decay", 0.5).unwrap().into());
    }

    #[test]
    fn settings_of_an_average_make_none_in_any_order() {
        let with = |settings: &[(&str, f32)]| {
            let adam = Optimizer::from(Adam::default());
            settings.iter().fold(adam, |optimizer, (name, value)| optimizer.with(name, *value).unwrap()).ema()
        };
        let (on, off, momentum) = (("use_ema", 1.0), ("use_ema", 0.0), ("ema_momentum", 0.5));
        assert_eq!([with(&[momentum]), with(&[off, momentum]), with(&[on, momentum, off])], [None; 3]);
        let expected = Some(Ema { momentum: 0.5, overwrite_frequency: None });
        assert_eq!([with(&[on, momentum]), with(&[momentum, on])], [expected; 2]);
    }

    #[test]
    fn wrong_settings_are_named_with_what_there_is() {
        let error = |name, value| Optimizer::from(Adam::default()).with(name, value).unwrap_err().to_string();
        assert_eq!(error("clipnorm", 0.0), "clipnorm is 0, it must be above 0 and finite");
        assert_eq!(error("beta_1", 1.0), "beta_1 is 1, it must be at least 0 and below 1");
        let unknown = error("clip", 1.0);
        assert!(unknown.contains("adam has learning_rate, beta_1"), "{unknown}");
        assert!(
            unknown.ends_with(
                "every optimizer has clipvalue, clipnorm, global_clipnorm, weight_decay, use_ema, ema_momentum, \
                 ema_overwrite_frequency"
            ),
            "{unknown}"
        );
    }
}
