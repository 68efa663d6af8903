//! What moves a model's weights: an optimizer in batches, or a second-order solver on all samples at once.

use nn_core::optimizer::AnyOptimizer;

use super::spoken::Spoken;
use super::words::{WordError, Words};
use crate::data::Dataset;
use crate::model::Model;
use crate::optimizer::Optimizer;
use crate::second_order::{LbfgsOptions, LevenbergMarquardtOptions, SecondOrderError};
use crate::train::{FitOptions, History};

/// An optimizer or a solver, by its name with its settings.
///
/// ```
/// use nn_host::config::{Chosen, TrainingMethod};
/// let Chosen(method) = "lbfgs,history=5".parse::<Chosen<TrainingMethod>>()?;
/// assert!(matches!(method, TrainingMethod::Solver(solver) if solver.name() == "lbfgs"));
/// # Ok::<(), nn_host::config::WordError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum TrainingMethod {
    /// Steps batch by batch.
    Optimizer(Optimizer),
    /// Steps on all samples at once.
    Solver(Solver),
}

/// A second-order solver with the settings that are not the defaults.
///
/// ```
/// use nn_host::config::Config;
/// let config = Config::parse("compile.optimizer = { levenberg_marquardt = { damping = 0.1 } }")?;
/// assert_eq!(config.compile.solver.map(|solver| solver.name()), Some("levenberg_marquardt"));
/// # Ok::<(), nn_host::config::ConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Solver {
    kind: Kind,
    settings: Vec<(String, f32)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Lbfgs,
    LevenbergMarquardt,
}

impl Kind {
    /// The names of all.
    const NAMES: [&'static str; 2] = ["lbfgs", "levenberg_marquardt"];

    fn from_name(name: &str) -> Option<Self> {
        [Self::Lbfgs, Self::LevenbergMarquardt].into_iter().find(|kind| kind.name() == name)
    }

    const fn name(self) -> &'static str {
        let [lbfgs, levenberg_marquardt] = Self::NAMES;
        match self {
            Self::Lbfgs => lbfgs,
            Self::LevenbergMarquardt => levenberg_marquardt,
        }
    }

    const fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Lbfgs => &["history", "tolerance_gradient", "tolerance_change"],
            Self::LevenbergMarquardt => {
                &["damping", "damping_increase", "damping_decrease", "tolerance_gradient", "tolerance_change"]
            }
        }
    }
}

impl Spoken for TrainingMethod {
    fn hear(words: &Words) -> Result<Self, WordError> {
        let name = &*words.name;
        match Kind::from_name(name) {
            Some(kind) => Solver::told(kind, words).map(Self::Solver),
            None if Optimizer::from_name(name).is_none() => {
                Err(WordError::unknown("optimizer", name, &[AnyOptimizer::NAMES, &Kind::NAMES].concat()))
            }
            None => Optimizer::hear(words).map(Self::Optimizer),
        }
    }
}

impl Solver {
    /// The solver with all settings that words tell. Other ranges than that of `history` are checked before the training.
    fn told(kind: Kind, words: &Words) -> Result<Self, WordError> {
        let setting = |setting: Result<(usize, &str, f32), WordError>| match setting? {
            (number, key, _) if !kind.settings().contains(&key) => {
                Err(WordError::unknown(&format!("setting of {}", kind.name()), key, kind.settings()).at(number))
            }
            (number, "history", value) if !(value.fract() == 0.0 && (1.0..=1000.0).contains(&value)) => {
                Err(words.wrong(number, "it must be a whole number from 1 to 1000"))
            }
            (_, key, value) => Ok((key.to_owned(), value)),
        };
        Ok(Self { kind, settings: words.numbers().map(setting).collect::<Result<_, _>>()? })
    }

    /// `lbfgs` or `levenberg_marquardt`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.kind.name()
    }

    /// Fits the model with what of the options is for solvers, too.
    ///
    /// # Errors
    /// [`SecondOrderError`] if the solver cannot train such a model, or the training fails.
    pub fn fit(&self, model: &mut Model, data: &Dataset, options: FitOptions<'_>) -> Result<History, SecondOrderError> {
        match self.kind {
            Kind::Lbfgs => model.fit_lbfgs(data, self.lbfgs(options)),
            Kind::LevenbergMarquardt => model.fit_levenberg_marquardt(data, self.levenberg_marquardt(options)),
        }
    }

    /// The value of a setting, or what it is by default.
    fn get(&self, name: &str, default: f32) -> f32 {
        self.settings.iter().rfind(|(key, _)| key == name).map_or(default, |&(_, value)| value)
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number from 1 to 1000")]
    fn lbfgs<'o>(&self, options: FitOptions<'o>) -> LbfgsOptions<'o> {
        let FitOptions { epochs, validation, class_weight, sample_weight, callbacks, .. } = options;
        let usual = LbfgsOptions::default();
        LbfgsOptions {
            epochs,
            history: self.get("history", 10.0) as usize,
            tolerance_gradient: self.get("tolerance_gradient", usual.tolerance_gradient),
            tolerance_change: self.get("tolerance_change", usual.tolerance_change),
            validation,
            class_weight,
            sample_weight,
            callbacks,
        }
    }

    fn levenberg_marquardt<'o>(&self, options: FitOptions<'o>) -> LevenbergMarquardtOptions<'o> {
        let FitOptions { epochs, validation, sample_weight, callbacks, .. } = options;
        let usual = LevenbergMarquardtOptions::default();
        LevenbergMarquardtOptions {
            epochs,
            damping: self.get("damping", usual.damping),
            damping_increase: self.get("damping_increase", usual.damping_increase),
            damping_decrease: self.get("damping_decrease", usual.damping_decrease),
            tolerance_gradient: self.get("tolerance_gradient", usual.tolerance_gradient),
            tolerance_change: self.get("tolerance_change", usual.tolerance_change),
            validation,
            sample_weight,
            callbacks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FitOptions, Solver, TrainingMethod};
    use crate::config::Chosen;

    fn solver(text: &str) -> Solver {
        match text.parse() {
            Ok(Chosen(TrainingMethod::Solver(solver))) => solver,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn solvers_take_settings_of_their_own() {
        let options = FitOptions { epochs: 7, ..FitOptions::default() };
        let options = solver("lbfgs,history=5,tolerance_change=0").lbfgs(options);
        assert_eq!((options.epochs, options.history, options.tolerance_change), (7, 5, 0.0));
        let options = solver("levenberg_marquardt,damping=0.5").levenberg_marquardt(FitOptions::default());
        assert_eq!((options.damping, options.damping_increase), (0.5, 3.0));
        let Chosen(method) = "adam,learning_rate=0.5".parse().unwrap();
        assert!(matches!(method, TrainingMethod::Optimizer(_)));
    }

    #[test]
    fn wrong_names_and_settings_are_named_with_the_nearest() {
        let error = |text: &str| text.parse::<Chosen<TrainingMethod>>().unwrap_err().to_string();
        assert_eq!(error("lbgfs"), r#"unknown optimizer "lbgfs"; did you mean lbfgs?"#);
        assert_eq!(error("lbfgs,histroy=3"), r#"unknown setting of lbfgs "histroy"; did you mean history?"#);
        assert_eq!(error("lbfgs,history=2.5"), r#"setting "history=2.5": it must be a whole number from 1 to 1000"#);
        assert_eq!(error("lbfgs,history"), r#"setting "history": a setting is key=value"#);
        assert!(error("levenberg_marquardt,x=3").ends_with("tolerance_gradient, tolerance_change"));
    }
}
