//! How a search chooses: at random, every point of a grid, or by a tree-structured Parzen estimator (Bergstra et al. 2011).

use core::convert::Infallible;

use nn_core::random::{Purpose, Stream};
use rand_core::TryRng;
use toml::Value;
use tpe::TpeOptimizer;

use super::{Domain, Space};

/// How a search chooses.
///
/// ```
/// use nn_host::tune::{Method, Tuning};
/// let tuning = Tuning::parse("tune.search = 'grid'\ntune.space.seed = { low = 1, high = 9 }")?;
/// assert_eq!(tuning.method, Method::Grid);
/// # Ok::<(), nn_host::config::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Each value at random, independent of what was tried.
    #[default]
    Random,
    /// Every combination, the last parameter first.
    Grid,
    /// Values that are likelier among the good trials than among the others; the first ten trials are random.
    Tpe,
}

/// Trials that are random before an estimator has seen enough.
const STARTUP: u32 = 10;

/// A search under way, which depends on nothing but its seed and what it is told.
#[derive(Debug)]
pub(super) enum Sampler<'s> {
    Random { space: &'s Space, seed: u64 },
    Grid(Vec<Vec<Value>>),
    Tpe { space: &'s Space, seed: u64, estimators: Vec<Estimator> },
}

impl<'s> Sampler<'s> {
    /// A search that has seen nothing; `None` for a grid over a range without points.
    pub(super) fn new(method: Method, space: &'s Space, seed: u64) -> Option<Self> {
        let parameters = space.parameters();
        match method {
            Method::Random => Some(Self::Random { space, seed }),
            Method::Grid => {
                parameters.iter().map(|parameter| parameter.domain.grid()).collect::<Option<_>>().map(Self::Grid)
            }
            Method::Tpe => {
                let estimators = parameters.iter().filter_map(|parameter| Estimator::new(&parameter.domain));
                Some(Self::Tpe { space, seed, estimators: estimators.collect() })
            }
        }
    }

    /// How many trials there are at most.
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Grid(grid) => grid.iter().fold(1, |size, values| size.saturating_mul(values.len() as u64)),
            Self::Random { .. } | Self::Tpe { .. } => u64::MAX,
        }
    }

    /// The values of a trial.
    pub(super) fn values(&mut self, trial: u32) -> Vec<Value> {
        let domains = |space: &'s Space| (0..).zip(space.parameters().iter().map(|parameter| &parameter.domain));
        match self {
            Self::Random { space, seed } => {
                let value = |(number, domain): (u32, &Domain)| domain.at(uniform(*seed, trial, number));
                domains(space).map(value).collect()
            }
            Self::Grid(grid) => nth(grid, trial.into()),
            Self::Tpe { space, seed, estimators } => {
                let values = domains(space).zip(estimators).map(|((number, domain), estimator)| {
                    domain.at(estimator.ask(trial, &mut Words(Stream::new(*seed, Purpose::Search, trial, number))))
                });
                values.collect()
            }
        }
    }

    /// Learns how a trial has ended, by what is to become small.
    pub(super) fn observe(&mut self, cost: f64) {
        if let Self::Tpe { estimators, .. } = self {
            estimators.iter_mut().for_each(|estimator| estimator.tell(cost));
        }
    }
}

fn uniform(seed: u64, trial: u32, parameter: u32) -> f64 {
    f64::from(Stream::new(seed, Purpose::Search, trial, parameter).uniform())
}

/// The combination with this number; the last parameter changes fastest.
fn nth(grid: &[Vec<Value>], number: u64) -> Vec<Value> {
    let mut rest = number;
    let mut values: Vec<Value> = grid
        .iter()
        .rev()
        .filter_map(|values| {
            let count = values.len().max(1) as u64;
            let value = usize::try_from(rest % count).ok().and_then(|index| values.get(index));
            rest /= count;
            value.cloned()
        })
        .collect();
    values.reverse();
    values
}

/// An estimator for one parameter, which knows its values as places from 0 to `scale`.
#[derive(Debug)]
pub(super) struct Estimator {
    optimizer: TpeOptimizer,
    scale: f64,
    /// The place that was asked for last.
    asked: f64,
}

impl Estimator {
    #[expect(clippy::cast_precision_loss, reason = "nobody writes 2⁵³ choices")]
    fn new(domain: &Domain) -> Option<Self> {
        let (estimator, scale) = match domain {
            Domain::Range(_) => (tpe::parzen_estimator(), 1.0),
            Domain::Choices(choices) => (tpe::histogram_estimator(), choices.len() as f64),
        };
        let range = tpe::range(0.0, scale).ok()?;
        Some(Self { optimizer: TpeOptimizer::new(estimator, range), scale, asked: 0.0 })
    }

    /// A place from 0 to 1.
    fn ask(&mut self, trial: u32, words: &mut Words) -> f64 {
        let random = f64::from(words.0.uniform()) * self.scale;
        let place = if trial < STARTUP { Ok(random) } else { self.optimizer.ask(words) };
        self.asked = place.unwrap_or(random);
        self.asked / self.scale
    }

    fn tell(&mut self, cost: f64) {
        // The estimator refuses costs that are no numbers and places that are not its own; neither comes here.
        let _ = self.optimizer.tell(self.asked, cost);
    }
}

/// A stream as a generator for other crates.
struct Words(Stream);

impl TryRng for Words {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.0.word())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from(self.0.word()) | (u64::from(self.0.word()) << 32))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for part in bytes.chunks_mut(4) {
            part.iter_mut().zip(self.0.word().to_le_bytes()).for_each(|(byte, word)| *byte = word);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Method, Sampler, Value};
    use crate::tune::Tuning;

    const SPACE: &str = "model.layers = '8:relu'\n[tune.space]\n\
        'compile.optimizer' = { choices = ['sgd', 'adam', 'rmsprop'] }\n\
        'model.layers' = { choices = ['4', '8'] }\n\
        'fit.batch_size' = { low = 10, high = 30, step = 10 }\n";

    fn tuning() -> Tuning {
        Tuning::parse(SPACE).unwrap()
    }

    #[test]
    fn a_grid_has_every_combination_once() {
        let tuning = tuning();
        let mut grid = Sampler::new(Method::Grid, tuning.space(), 0).unwrap();
        assert_eq!(grid.size(), 18);
        let all: Vec<String> = (0..18).map(|trial| format!("{:?}", grid.values(trial))).collect();
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), 18);
        assert_eq!(grid.values(1)[2], Value::Integer(20), "the last parameter changes first");
    }

    #[test]
    fn random_values_follow_from_seed_and_trial() {
        let tuning = tuning();
        let values = |seed, trial| Sampler::new(Method::Random, tuning.space(), seed).unwrap().values(trial);
        assert_eq!(values(1, 5), values(1, 5));
        assert!((0..20).any(|trial| values(1, trial) != values(2, trial)));
        assert!((0..20).any(|trial| values(1, trial) != values(1, 0)));
    }

    /// The costs of a search for the lowest (log₁₀ x + 3)².
    fn costs(method: Method, trials: u32, seed: u64) -> Vec<f64> {
        let text = "compile.optimizer = 'sgd'\n[tune.space]\n\
            'compile.optimizer.learning_rate' = { low = 1e-7, high = 1.0, log = true }";
        let tuning = Tuning::parse(text).unwrap();
        let mut sampler = Sampler::new(method, tuning.space(), seed).unwrap();
        let cost = |trial| {
            let value = sampler.values(trial)[0].as_float().unwrap().log10() + 3.0;
            sampler.observe(value * value);
            value * value
        };
        (0..trials).map(cost).collect()
    }

    #[test]
    fn an_estimator_looks_where_trials_were_good() {
        let late = |method, seed| costs(method, 60, seed)[30..].iter().sum::<f64>();
        let better = (0..5).filter(|&seed| late(Method::Tpe, seed) < 0.5 * late(Method::Random, seed)).count();
        assert_eq!(better, 5);
        assert_eq!(costs(Method::Tpe, 30, 1), costs(Method::Tpe, 60, 1)[..30]);
    }
}
