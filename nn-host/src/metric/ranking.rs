//! Rankings: all scores of an output with their truth, from which the areas under curves follow exactly, ties included.

use super::{Average, Mean, Sample};

/// A score and whether it should be high.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ranked {
    score: f32,
    is_positive: bool,
    weight: f64,
}

/// The scores of every output, each against all other outputs: one versus rest.
///
/// ```
/// use nn_host::metric::{Average, Batch, Ranking};
/// let mut ranking = Ranking::default();
/// Batch::new(1, &[0.9, 0.2, 0.9], &[1.0, 0.0, 0.0]).samples().for_each(|sample| ranking.add(sample));
/// let steps = ranking.steps(0).unwrap();
/// assert_eq!(steps.iter().map(|step| step.threshold).collect::<Vec<_>>(), [0.9, 0.2]);
/// assert_eq!((steps[0].positives, steps[0].negatives, steps[1].negatives), (1.0, 1.0, 2.0));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking {
    columns: Vec<Vec<Ranked>>,
}

/// What exceeds a threshold or equals it; an example is at [`Ranking`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankingStep {
    /// The threshold: one of the scores.
    pub threshold: f32,
    /// The weight of the positive samples.
    pub positives: f64,
    /// The weight of the negative samples.
    pub negatives: f64,
}

impl Ranking {
    /// Adds each output of a sample to its column.
    pub fn add(&mut self, sample: Sample<'_>) {
        if self.columns.is_empty() {
            self.columns.resize(sample.a.len(), Vec::new());
        }
        for ((column, &a), &y) in self.columns.iter_mut().zip(sample.a).zip(sample.y) {
            column.push(Ranked { score: a, is_positive: y > 0.5, weight: sample.weight });
        }
    }

    /// The steps of an output, from its highest score down, one for all samples of equal score; `None` if there is no such
    /// output, or one of its scores is not a number.
    #[must_use]
    pub fn steps(&self, output: usize) -> Option<Vec<RankingStep>> {
        self.columns.get(output).and_then(|column| steps(column.clone()))
    }

    /// A value of the steps, as an average over the outputs. Outputs for which it is `None` do not count; if there is no
    /// other, or a score is not a number, the average is NaN.
    #[must_use]
    pub fn average(&self, average: Average, value: impl Fn(&[RankingStep]) -> Option<f64>) -> f64 {
        let of_column = |column: Vec<Ranked>| steps(column).map_or(Some(f64::NAN), |steps| value(&steps));
        let mut mean = Mean::default();
        match average {
            Average::Micro => return of_column(self.columns.concat()).unwrap_or(f64::NAN),
            Average::Class(class) => {
                return self.columns.get(class).cloned().and_then(of_column).unwrap_or(f64::NAN);
            }
            Average::Auto | Average::Macro | Average::Weighted => {
                for column in &self.columns {
                    let weight = if average == Average::Weighted { positive_weight(column) } else { 1.0 };
                    of_column(column.clone()).into_iter().for_each(|value| mean.add(value, weight));
                }
            }
        }
        mean.value()
    }
}

fn positive_weight(column: &[Ranked]) -> f64 {
    column.iter().filter(|ranked| ranked.is_positive).map(|ranked| ranked.weight).sum()
}

/// The steps of a column, or `None` if a score is not a number.
fn steps(mut column: Vec<Ranked>) -> Option<Vec<RankingStep>> {
    if column.iter().any(|ranked| ranked.score.is_nan()) {
        return None;
    }
    column.iter_mut().for_each(|ranked| ranked.score += 0.0); // −0 becomes 0, so that equal scores have equal bits
    column.sort_by(|one, other| other.score.total_cmp(&one.score));
    let (mut positives, mut negatives) = (0.0, 0.0);
    let ties = column.chunk_by(|one, other| one.score.to_bits() == other.score.to_bits());
    let step = |tied: &[Ranked]| {
        for ranked in tied {
            *(if ranked.is_positive { &mut positives } else { &mut negatives }) += ranked.weight;
        }
        RankingStep { threshold: tied.first().map_or(f32::NAN, |ranked| ranked.score), positives, negatives }
    };
    Some(ties.map(step).collect())
}
