//! Rankings: all scores of an output with their truth, from which the areas under curves follow exactly, ties included.

use super::{Average, Batch, Mean, Sample};

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
/// use nn_host::metric::{Batch, Ranking};
/// let steps = Ranking::of(Batch::new(1, &[0.9, 0.2, 0.9], &[1.0, 0.0, 0.0])).steps(0).unwrap();
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
    /// That of these samples.
    #[must_use]
    pub fn of(batch: Batch<'_>) -> Self {
        let mut ranking = Self::default();
        batch.samples().for_each(|sample| ranking.add(sample));
        ranking
    }

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

/// Makes a metric that is an area under a curve of rankings, from its name and the area of an output's steps.
macro_rules! ranked {
    ($(#[$attribute:meta])* $kind:ident, $name:literal, $area:expr) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $kind {
            average: $crate::metric::Average,
        }

        #[doc = concat!("[`", stringify!($kind), "`](struct@", stringify!($kind), ") averaged over the outputs.")]
        #[expect(non_upper_case_globals, reason = "the name of a kind stands for its defaults")]
        pub const $kind: $kind = $kind { average: $crate::metric::Average::Auto };

        impl $kind {
            /// For one class, or averaged otherwise.
            #[must_use]
            pub const fn averaged(self, average: $crate::metric::Average) -> Self {
                Self { average }
            }

            pub(super) fn given(given: &$crate::metric::settings::Given<'_>) -> Result<Self, $crate::metric::NameError> {
                given.average().map(|average| Self { average })
            }
        }

        impl $crate::metric::Metric for $kind {
            type Tally = $crate::metric::Ranking;

            fn name(&self) -> String {
                $crate::metric::settings::named($name, &[$crate::metric::settings::Setting::average(self.average)])
            }

            fn add(&self, tally: &mut Self::Tally, sample: $crate::metric::Sample<'_>) {
                tally.add(sample);
            }

            fn value(&self, tally: &Self::Tally) -> f64 {
                tally.average(self.average, $area)
            }

            fn needs(&self) -> $crate::metric::Needs {
                $crate::metric::Needs::Binary
            }

            fn is_cheap(&self) -> bool {
                false
            }
        }
    };
}

pub(super) use ranked;
