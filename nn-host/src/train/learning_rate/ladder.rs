//! A ladder of learning rates, each tried for a few epochs from the same weights (Nielsen 2015, chapter 3).

use nalgebra::DMatrix;

use super::{FitError, LearningRateOptions, at_rate, unless_diverged};
use crate::data::{Dataset, Features, Order, Targets};
use crate::model::Model;
use crate::train::{FitOptions, Validation};

/// What one learning rate has done.
///
/// ```
/// use nn_host::train::Trial;
/// let trial = Trial { learning_rate: 0.1, costs: vec![2.5, 1.5, 1.75], epochs: 2 };
/// assert!(!trial.falls());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// The rate.
    pub learning_rate: f32,
    /// The cost before the training and after each epoch; fewer if it has diverged.
    pub costs: Vec<f32>,
    /// Epochs asked for.
    pub epochs: u32,
}

impl Trial {
    /// Whether the cost has fallen in every epoch.
    #[must_use]
    pub fn falls(&self) -> bool {
        self.costs.len() > self.epochs as usize && self.costs.is_sorted_by(|before, after| after < before)
    }
}

/// The trials from the lowest rate up to the first with which the cost falls no more.
pub(super) fn climb(model: &Model, data: &Dataset, options: &LearningRateOptions) -> Result<Vec<Trial>, FitError> {
    if options.trial_epochs == 0 {
        return Ok(Vec::new());
    }
    let data = some_of(model, data, options.batch_size.saturating_mul(options.trial_steps))?;
    let mut trials: Vec<Trial> = Vec::new();
    for rate in rungs(options.from, options.to) {
        let has_fallen = trials.last().is_some_and(Trial::falls);
        let trial = trial(model, &data, options, rate)?;
        let ends = has_fallen && !trial.falls();
        trials.push(trial);
        if ends {
            break;
        }
    }
    Ok(trials)
}

/// 1, 2 and 5 times each power of ten in the range.
fn rungs(from: f32, to: f32) -> impl Iterator<Item = f32> {
    // Parsed from their digits, so that each is the nearest f32.
    let rungs = (-45..39).flat_map(|power| [1, 2, 5].map(|digit| format!("{digit}e{power}").parse().unwrap_or(0.0)));
    rungs.filter(move |rate| (from..=to).contains(rate))
}

fn trial(model: &Model, data: &Dataset, options: &LearningRateOptions, learning_rate: f32) -> Result<Trial, FitError> {
    let LearningRateOptions { trial_epochs: epochs, batch_size, .. } = *options;
    let mut copy = at_rate(model, learning_rate);
    copy.scaling = data.scaling();
    let mut costs = vec![copy.evaluate(data).map_err(FitError::Training)?.loss];
    let options = FitOptions { epochs, batch_size, validation: Validation::Data(data), ..FitOptions::default() };
    if let Some(history) = unless_diverged(copy.fit(data, options))? {
        costs.extend(history.get("val_loss"));
    }
    Ok(Trial { learning_rate, costs, epochs })
}

/// The first samples of the model's next epoch, as the network sees them.
fn some_of(model: &Model, data: &Dataset, count: usize) -> Result<Dataset, FitError> {
    model.check_inputs(data).and_then(|()| model.check_targets(data)).map_err(FitError::Training)?;
    let order = Order::Shuffled { seed: model.seed, epoch: model.epochs };
    let mut samples = order.places(data.len(), 0);
    samples.truncate(count);
    let mut x = DMatrix::zeros(data.inputs(), samples.len());
    data.gather_inputs(&samples, data.scaling(), &mut x);
    let targets = match data.targets() {
        Targets::Classes { classes, names } => {
            let classes = samples.iter().filter_map(|&sample| classes.get(sample).copied()).collect();
            Targets::Classes { classes, names: names.clone() }
        }
        Targets::Values(values) => Targets::Values(values.select_columns(&samples)),
    };
    Dataset::new(Features::Floats(x), targets).map_err(|_| FitError::Zero { what: "the number of samples of a trial" })
}

#[cfg(test)]
mod tests {
    use super::{Trial, rungs};

    #[test]
    fn the_ladder_has_three_rungs_a_decade_with_both_ends() {
        assert_eq!(rungs(0.01, 1.0).collect::<Vec<_>>(), [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]);
        assert_eq!(rungs(1e-7, 10.0).count(), 25);
    }

    #[test]
    fn a_cost_falls_if_it_does_so_in_every_epoch() {
        let falls = |costs: &[f32]| Trial { learning_rate: 0.1, costs: costs.to_vec(), epochs: 2 }.falls();
        assert!(falls(&[3.0, 2.0, 1.0]));
        assert!(!falls(&[3.0, 2.0, 2.0]) && !falls(&[3.0, 4.0, 1.0]) && !falls(&[3.0, 2.0]) && !falls(&[]));
    }
}
