//! Metrics chosen at run time: one type for all of them, and the lists that `compile` takes.

use core::any::Any;
use core::fmt;
use std::sync::Arc;

use super::{Batch, Metric, Needs};

/// Any metric, behind a pointer that is cheap to clone.
///
/// ```
/// use nn_host::metric::AnyMetric;
/// use nn_host::prelude::*;
/// let chosen: AnyMetric = "fbeta_score,beta=2".parse()?;
/// assert_eq!(chosen, FBeta::new(2.0)?.into());
/// assert_eq!(chosen.to_string(), "fbeta_score,beta=2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct AnyMetric(Arc<dyn Erased>);

impl AnyMetric {
    /// The name in histories, tables and JSON.
    #[must_use]
    pub fn name(&self) -> String {
        self.0.erased_name()
    }

    /// What targets must be for this metric.
    #[must_use]
    pub fn needs(&self) -> Needs {
        self.0.erased_needs()
    }

    /// Whether the value can be shown after every batch.
    #[must_use]
    pub fn is_cheap(&self) -> bool {
        self.0.is_erased_cheap()
    }

    /// A tally of no samples.
    #[must_use]
    pub fn tally(&self) -> Tally {
        Tally(Arc::clone(&self.0).start())
    }

    /// The value for these samples alone.
    #[must_use]
    pub fn measure(&self, batch: Batch<'_>) -> f64 {
        let mut tally = self.tally();
        tally.add(batch);
        tally.value()
    }
}

impl<M: Metric> From<M> for AnyMetric {
    fn from(metric: M) -> Self {
        Self(Arc::new(metric))
    }
}

impl PartialEq for AnyMetric {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(&*other.0)
    }
}

impl fmt::Debug for AnyMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for AnyMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

/// A metric with what it has seen so far.
///
/// ```
/// use nn_host::metric::{AnyMetric, Batch};
/// use nn_host::prelude::*;
/// let mut tally = AnyMetric::from(Accuracy).tally();
/// tally.add(Batch::new(1, &[0.9], &[1.0]));
/// tally.add(Batch::new(1, &[0.9, 0.1, 0.3], &[0.0, 0.0, 0.0]));
/// assert_eq!(tally.value(), 0.75);
/// ```
#[derive(Debug)]
pub struct Tally(Box<dyn Tallying>);

impl Tally {
    /// Takes the next samples.
    pub fn add(&mut self, batch: Batch<'_>) {
        self.0.add(batch);
    }

    /// The value for the samples so far; NaN where it is not defined.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.0.value()
    }
}

impl Clone for Tally {
    fn clone(&self) -> Self {
        Self(self.0.boxed())
    }
}

/// A metric without its type.
trait Erased: Any + fmt::Debug + Send + Sync {
    fn erased_name(&self) -> String;
    fn erased_needs(&self) -> Needs;
    fn is_erased_cheap(&self) -> bool;
    fn equals(&self, other: &dyn Any) -> bool;
    fn start(self: Arc<Self>) -> Box<dyn Tallying>;
}

impl<M: Metric> Erased for M {
    fn erased_name(&self) -> String {
        self.name()
    }

    fn erased_needs(&self) -> Needs {
        self.needs()
    }

    fn is_erased_cheap(&self) -> bool {
        self.is_cheap()
    }

    fn equals(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<M>().is_some_and(|other| self == other)
    }

    fn start(self: Arc<Self>) -> Box<dyn Tallying> {
        Box::new(Tallied { metric: self, tally: M::Tally::default() })
    }
}

/// A tally without its type.
trait Tallying: fmt::Debug + Send + Sync {
    fn add(&mut self, batch: Batch<'_>);
    fn value(&self) -> f64;
    fn boxed(&self) -> Box<dyn Tallying>;
}

#[derive(Debug)]
struct Tallied<M: Metric> {
    metric: Arc<M>,
    tally: M::Tally,
}

impl<M: Metric> Tallying for Tallied<M> {
    fn add(&mut self, batch: Batch<'_>) {
        batch.samples().for_each(|sample| self.metric.add(&mut self.tally, sample));
    }

    fn value(&self) -> f64 {
        self.metric.value(&self.tally)
    }

    fn boxed(&self) -> Box<dyn Tallying> {
        Box::new(Self { metric: Arc::clone(&self.metric), tally: self.tally.clone() })
    }
}

/// What `compile` takes as metrics: an array of one kind, a tuple of several kinds, or a `Vec` made at run time.
///
/// ```
/// use nn_host::metric::{AnyMetric, IntoMetrics};
/// use nn_host::prelude::*;
/// let names = |metrics: Vec<AnyMetric>| metrics.iter().map(AnyMetric::name).collect::<Vec<_>>().join(" ");
/// assert_eq!(names([Accuracy].into_metrics()), "accuracy");
/// assert_eq!(names((Accuracy, FBeta::new(0.5)?).into_metrics()), "accuracy fbeta_score,beta=0.5");
/// assert_eq!(names([].into_metrics()), "");
/// # Ok::<(), nn_core::SettingError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of metrics",
    note = "write `[Accuracy]` for one metric, `(Accuracy, Auc)` for two to eight, `Vec<AnyMetric>` for any number"
)]
pub trait IntoMetrics {
    /// The metrics, in their order.
    fn into_metrics(self) -> Vec<AnyMetric>;
}

impl IntoMetrics for Vec<AnyMetric> {
    fn into_metrics(self) -> Vec<AnyMetric> {
        self
    }
}

/// The one empty array there is, so that `[]` needs no type.
impl IntoMetrics for [AnyMetric; 0] {
    fn into_metrics(self) -> Vec<AnyMetric> {
        Vec::new()
    }
}

macro_rules! arrays {
    ($($length:literal)+) => {
        $(impl<M: Into<AnyMetric>> IntoMetrics for [M; $length] {
            fn into_metrics(self) -> Vec<AnyMetric> {
                self.into_iter().map(Into::into).collect()
            }
        })+
    };
}

arrays!(1 2 3 4 5 6 7 8);

macro_rules! tuples {
    ($($M:ident)+) => {
        impl<$($M: Into<AnyMetric>),+> IntoMetrics for ($($M,)+) {
            #[expect(non_snake_case, reason = "the names of the types name the values, too")]
            fn into_metrics(self) -> Vec<AnyMetric> {
                let ($($M,)+) = self;
                vec![$($M.into()),+]
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
