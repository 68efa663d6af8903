//! The table of all metrics: names as in Keras and scikit-learn, settings, and what each needs.

use core::str::FromStr;

use nn_core::loss::AnyLoss;

use super::settings::Given;
use super::{
    Accuracy, AnyMetric, Auc, AveragePrecision, BalancedAccuracy, BinaryAccuracy, BrierScore, CohenKappa,
    ConcordanceCorrelation, ConcordanceIndex, ExpectedCalibrationError, ExplainedVariance, FBeta, LogLoss,
    MatthewsCorrelation, MeanAbsolutePercentageError, NameError, Needs, PearsonCorrelation, Precision, R2Score, Recall,
    RootMeanSquaredError, Specificity, TopKCategoricalAccuracy,
};

/// A metric that can be chosen by its name.
///
/// ```
/// use nn_host::metric::MetricKind;
/// let kind = MetricKind::ALL.iter().find(|kind| kind.name == "fbeta_score").unwrap();
/// assert_eq!(kind.settings, ["beta", "average", "class", "threshold"]);
/// assert_eq!(kind.needs().to_string(), "one class a sample");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct MetricKind {
    /// Its name.
    pub name: &'static str,
    /// Other names of it.
    pub aliases: &'static [&'static str],
    /// The names of its settings.
    pub settings: &'static [&'static str],
    make: fn(&Given<'_>) -> Result<AnyMetric, NameError>,
}

/// The settings of a ratio of classes.
const RATIO: &[&str] = &["average", "class", "threshold"];

/// The settings of an area under a curve.
const AREA: &[&str] = &["average", "class"];

/// A row for each metric: name, other names, settings, and how settings make it.
macro_rules! kinds {
    ($($name:literal, [$($alias:literal)*], $settings:expr, $make:expr;)+) => {
        &[$(MetricKind { name: $name, aliases: &[$($alias),*], settings: $settings, make: $make }),+]
    };
}

impl MetricKind {
    /// Every metric that is not a loss. The losses of nn-core are metrics, too, by their names.
    pub const ALL: &'static [Self] = kinds! {
        "accuracy", ["acc" "categorical_accuracy" "sparse_categorical_accuracy"], &[], |_| Ok(Accuracy.into());
        "binary_accuracy", [], &["threshold"], |given| {
            let threshold = given.number("threshold", 0.5)?;
            given.checked(BinaryAccuracy::with_threshold(threshold)).map(Into::into)
        };
        "top_k_categorical_accuracy", ["top_k" "sparse_top_k_categorical_accuracy"], &["k"], |given| {
            given.checked(TopKCategoricalAccuracy::new(given.count("k", 5)?)).map(Into::into)
        };
        "balanced_accuracy", [], &[], |_| Ok(BalancedAccuracy.into());
        "precision", [], RATIO, |given| Precision::given(given).map(Into::into);
        "recall", ["sensitivity"], RATIO, |given| Recall::given(given).map(Into::into);
        "specificity", [], RATIO, |given| Specificity::given(given).map(Into::into);
        "f1_score", ["f1"], RATIO, |given| FBeta::given(given).map(Into::into);
        "fbeta_score", ["f_beta"], &["beta", "average", "class", "threshold"], |given| FBeta::given(given).map(Into::into);
        "matthews_corrcoef", ["mcc"], &[], |_| Ok(MatthewsCorrelation.into());
        "cohen_kappa_score", ["cohen_kappa"], &[], |_| Ok(CohenKappa.into());
        "auc", ["roc_auc" "roc_auc_score"], AREA, |given| Auc::given(given).map(Into::into);
        "average_precision", ["pr_auc" "average_precision_score"], AREA, |given| {
            AveragePrecision::given(given).map(Into::into)
        };
        "log_loss", [], &[], |_| Ok(LogLoss.into());
        "brier_score_loss", ["brier_score" "brier"], &[], |_| Ok(BrierScore.into());
        "expected_calibration_error", ["ece" "calibration_error"], &["bins"], |given| {
            given.checked(ExpectedCalibrationError::new(given.count("bins", 15)?)).map(Into::into)
        };
        "root_mean_squared_error", ["rmse"], &[], |_| Ok(RootMeanSquaredError.into());
        "mean_absolute_percentage_error", ["mape"], &[], |_| Ok(MeanAbsolutePercentageError.into());
        "r2_score", ["r2"], &[], |_| Ok(R2Score.into());
        "explained_variance_score", ["explained_variance"], &[], |_| Ok(ExplainedVariance.into());
        "pearson_correlation", ["pearson"], &[], |_| Ok(PearsonCorrelation.into());
        "concordance_correlation", ["ccc"], &[], |_| Ok(ConcordanceCorrelation.into());
        "concordance_index", ["c_index"], &[], |_| Ok(ConcordanceIndex.into());
    };

    /// The metric with its default settings.
    ///
    /// # Errors
    /// None of the kinds in [`ALL`](Self::ALL) gives one.
    pub fn metric(&self) -> Result<AnyMetric, NameError> {
        self.with([].into_iter())
    }

    /// What targets must be for it.
    #[must_use]
    pub fn needs(&self) -> Needs {
        self.metric().map_or(Needs::Numbers, |metric| metric.needs())
    }

    fn with<'t>(&self, words: impl Iterator<Item = &'t str>) -> Result<AnyMetric, NameError> {
        (self.make)(&Given::read(self.name, self.settings, words)?)
    }

    fn has_name(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}

/// Short names of losses, as in Keras.
const LOSS_ALIASES: [(&str, &str); 2] = [("mse", "mean_squared_error"), ("mae", "mean_absolute_error")];

impl AnyMetric {
    /// The names of all metrics and losses.
    pub fn names() -> impl Iterator<Item = &'static str> {
        MetricKind::ALL.iter().map(|kind| kind.name).chain(AnyLoss::NAMES.iter().copied())
    }
}

/// `NAME[,setting=value…]`, with a name of the table, of a loss, or a usual short form.
impl FromStr for AnyMetric {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let mut words = text.split(',');
        let name = words.next().unwrap_or_default();
        match MetricKind::ALL.iter().find(|kind| kind.has_name(name)) {
            Some(kind) => kind.with(words),
            None => loss(name, words),
        }
    }
}

/// The metric that is the mean of a loss.
fn loss<'t>(name: &str, words: impl Iterator<Item = &'t str>) -> Result<AnyMetric, NameError> {
    let name = LOSS_ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| name);
    let loss = AnyLoss::from_name(name).ok_or_else(|| NameError::Unknown { name: name.to_owned() })?;
    let given = Given::read(loss.name(), loss.setting_names(), words)?;
    let told = loss.setting_names().iter().try_fold(loss, |loss, key| match loss.setting(key) {
        Some(default) => given.checked(loss.with(key, given.number(key, default)?)),
        None => Ok(loss),
    });
    told.map(Into::into)
}
