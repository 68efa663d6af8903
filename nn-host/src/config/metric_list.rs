//! Metrics as one types them: `accuracy,f_beta,beta=0.5`.

use core::str::FromStr;

use super::words::WordError;
use crate::metric::{AnyMetric, NameError};

/// Metrics with commas between, each with its settings: `NAME[,key=value…][,NAME…]`.
///
/// ```
/// use nn_host::config::MetricList;
/// use nn_host::prelude::*;
/// let MetricList(metrics) = "accuracy,f_beta,beta=0.5".parse()?;
/// assert_eq!(metrics, [Accuracy.into(), FBeta::new(0.5)?.into()]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricList(pub Vec<AnyMetric>);

impl FromStr for MetricList {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let mut metrics: Vec<String> = Vec::new();
        for word in text.split(',').filter(|_| !text.is_empty()) {
            match metrics.last_mut() {
                Some(metric) if word.contains('=') => metric.extend([",", word]),
                _ => metrics.push(word.to_owned()),
            }
        }
        metrics.iter().map(|metric| metric.parse().map_err(wrong_metric)).collect::<Result<_, _>>().map(Self)
    }
}

fn wrong_metric(error: NameError) -> WordError {
    match error {
        NameError::Unknown { name } => WordError::unknown("metric", &name, &AnyMetric::names().collect::<Vec<_>>()),
        NameError::UnknownSetting { metric, setting, known } if !known.is_empty() => {
            WordError::unknown(&format!("setting of {metric}"), &setting, known)
        }
        error => WordError::new(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::MetricList;
    use crate::prelude::{Accuracy, FBeta, Recall};

    #[test]
    fn metrics_take_the_settings_that_follow_them() {
        let metrics: MetricList = "accuracy,f_beta,beta=0.5,threshold=0.25,recall".parse().unwrap();
        let beta = FBeta::new(0.5).unwrap().with_threshold(0.25).unwrap();
        assert_eq!(metrics.0, [Accuracy.into(), beta.into(), Recall.into()]);
        assert_eq!("".parse(), Ok(MetricList::default()));
        let error = |text: &str| text.parse::<MetricList>().unwrap_err().to_string();
        assert_eq!(error("acuracy"), r#"unknown metric "acuracy"; did you mean accuracy?"#);
        assert_eq!(error("auc,f1,avrage=macro"), r#"unknown setting of f1_score "avrage"; did you mean average?"#);
        assert_eq!(error("accuracy,k=5"), r#"accuracy has no setting "k"; it has none"#);
        assert!(error("auc,").contains("there is accuracy, binary_accuracy"));
    }
}
