//! How `nn train` trains: by an optimizer in batches, or by a second-order solver on all samples at once.

use core::str::FromStr;

use nn_host::data::Dataset;
use nn_host::model::Model;
use nn_host::second_order::{LbfgsOptions, LevenbergMarquardtOptions, SecondOrderError};
use nn_host::train::{FitOptions, History};

use super::specification::{OptimizerSettings, SpecificationError, setting, unknown};

/// An optimizer or a solver, with settings: `NAME[,key=value…]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Method {
    Optimizer(OptimizerSettings),
    SecondOrder(SecondOrder),
}

/// A second-order solver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Solver {
    Lbfgs,
    LevenbergMarquardt,
}

/// A second-order solver with the settings that are not the defaults.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SecondOrder {
    solver: Solver,
    settings: Vec<(String, f32)>,
}

impl Method {
    /// The solver, if it is one.
    pub(super) const fn second_order(&self) -> Option<&SecondOrder> {
        match self {
            Self::Optimizer(_) => None,
            Self::SecondOrder(solver) => Some(solver),
        }
    }
}

impl Solver {
    /// The names of all.
    pub(super) const NAMES: [&'static str; 2] = ["lbfgs", "levenberg_marquardt"];

    fn from_name(name: &str) -> Option<Self> {
        [Self::Lbfgs, Self::LevenbergMarquardt].into_iter().find(|solver| solver.name() == name)
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

impl FromStr for Method {
    type Err = SpecificationError;

    fn from_str(text: &str) -> Result<Self, SpecificationError> {
        let mut words = text.split(',');
        match words.next().and_then(Solver::from_name) {
            Some(solver) => {
                let settings = words.map(|word| setting_of(solver, word)).collect::<Result<_, _>>()?;
                Ok(Self::SecondOrder(SecondOrder { solver, settings }))
            }
            None => text.parse().map(Self::Optimizer),
        }
    }
}

/// One setting of a solver. Its range is checked before the training.
fn setting_of(solver: Solver, word: &str) -> Result<(String, f32), SpecificationError> {
    let (key, value) = setting(word)?;
    if !solver.settings().contains(&key) {
        return Err(unknown(&format!("setting of {}", solver.name()), key, solver.settings()));
    }
    if key == "history" && !(value.fract() == 0.0 && (1.0..=1000.0).contains(&value)) {
        return Err(SpecificationError(format!("setting {word:?}: it must be a whole number from 1 to 1000")));
    }
    Ok((key.to_owned(), value))
}

impl SecondOrder {
    pub(super) const fn name(&self) -> &'static str {
        self.solver.name()
    }

    /// Fits the model with what of the options is for solvers, too.
    pub(super) fn fit(
        &self,
        model: &mut Model,
        data: &Dataset,
        options: FitOptions<'_>,
    ) -> Result<History, SecondOrderError> {
        match self.solver {
            Solver::Lbfgs => model.fit_lbfgs(data, self.lbfgs(options)),
            Solver::LevenbergMarquardt => model.fit_levenberg_marquardt(data, self.levenberg_marquardt(options)),
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
    use super::{FitOptions, Method};

    #[test]
    fn solvers_take_settings_of_their_own() {
        let method: Method = "lbfgs,history=5,tolerance_change=0".parse().unwrap();
        let options = method.second_order().unwrap().lbfgs(FitOptions { epochs: 7, ..FitOptions::default() });
        assert_eq!((options.epochs, options.history, options.tolerance_change), (7, 5, 0.0));
        let method: Method = "levenberg_marquardt,damping=0.5".parse().unwrap();
        let options = method.second_order().unwrap().levenberg_marquardt(FitOptions::default());
        assert_eq!((options.damping, options.damping_increase), (0.5, 3.0));
        let method: Method = "adam,learning_rate=0.5".parse().unwrap();
        assert!(method.second_order().is_none());
    }

    #[test]
    fn wrong_names_and_settings_are_named_with_the_nearest() {
        let error = |text: &str| text.parse::<Method>().unwrap_err().to_string();
        assert_eq!(error("lbgfs"), r#"unknown optimizer "lbgfs"; did you mean lbfgs?"#);
        assert_eq!(error("lbfgs,histroy=3"), r#"unknown setting of lbfgs "histroy"; did you mean history?"#);
        assert_eq!(error("lbfgs,history=2.5"), r#"setting "history=2.5": it must be a whole number from 1 to 1000"#);
        assert_eq!(error("lbfgs,history"), r#"setting "history": a setting is key=value"#);
        assert!(error("levenberg_marquardt,x=3").ends_with("tolerance_gradient, tolerance_change"));
    }
}
