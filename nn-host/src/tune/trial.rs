//! A trial of a search: what was tried, and what came of it; a line of JSON in the journal.

use serde_json::{Map, Value as Json, json};
use toml::Value;

/// How a trial has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrialState {
    /// After its last epoch.
    Complete,
    /// Early, because it was worse than others.
    Pruned,
    /// Its loss or a weight became infinite or not a number.
    Diverged,
}

/// A trial that has ended.
///
/// ```
/// use nn_host::tune::{Trial, TrialState};
/// let values = vec![("fit.batch_size".to_owned(), 16.into())];
/// let curves = vec![vec![0.5, 0.25]];
/// let trial = Trial { number: 0, values, state: TrialState::Complete, objective: Some(0.25), curves };
/// assert_eq!(trial.json()["values"]["fit.batch_size"], 16);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Its number, from 0.
    pub number: u32,
    /// The keys and the values that were tried.
    pub values: Vec<(String, Value)>,
    /// How it has ended.
    pub state: TrialState,
    /// The best value of each fold, their mean; of a trial that was pruned so far, of one that has diverged none.
    pub objective: Option<f32>,
    /// The objective after each epoch, for each fold.
    pub curves: Vec<Vec<f32>>,
}

impl TrialState {
    const ALL: [Self; 3] = [Self::Complete, Self::Pruned, Self::Diverged];

    /// `complete`, `pruned` or `diverged`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Pruned => "pruned",
            Self::Diverged => "diverged",
        }
    }
}

impl Trial {
    /// The trial as an object of JSON.
    #[must_use]
    pub fn json(&self) -> Json {
        let values: Map<String, Json> = self.values.iter().map(|(key, value)| (key.clone(), plain(value))).collect();
        let curves: Vec<Vec<Json>> =
            self.curves.iter().map(|curve| curve.iter().map(|&value| number(value)).collect()).collect();
        json!({
            "trial": self.number,
            "state": self.state.name(),
            "objective": self.objective.map(number),
            "values": values,
            "curves": curves,
        })
    }

    /// A trial from its object; `None` if it is none.
    pub(super) fn from_json(json: &Json) -> Option<Self> {
        let state = TrialState::ALL.into_iter().find(|state| json["state"] == state.name())?;
        let values = json["values"].as_object()?.iter().map(|(key, value)| Some((key.clone(), typed(value)?)));
        let curve = |curve: &Json| curve.as_array()?.iter().map(float).collect::<Option<Vec<f32>>>();
        Some(Self {
            number: json["trial"].as_u64()?.try_into().ok()?,
            values: values.collect::<Option<_>>()?,
            state,
            objective: if json["objective"].is_null() { None } else { Some(float(&json["objective"])?) },
            curves: json["curves"].as_array()?.iter().map(curve).collect::<Option<_>>()?,
        })
    }
}

/// A number with the digits of an f32; none where it is not finite.
fn number(value: f32) -> Json {
    let digits = value.to_string().parse::<f64>().ok().and_then(serde_json::Number::from_f64);
    digits.map_or(Json::Null, Json::Number)
}

/// Back to the f32; what is not finite is not a number.
#[expect(clippy::cast_possible_truncation, reason = "it has the digits of an f32")]
fn float(json: &Json) -> Option<f32> {
    if json.is_null() { Some(f32::NAN) } else { json.as_f64().map(|value| value as f32) }
}

/// A value of TOML in JSON.
fn plain(value: &Value) -> Json {
    match value {
        Value::Integer(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::Boolean(flag) => json!(flag),
        Value::String(text) => json!(text),
        other => json!(other.to_string()),
    }
}

/// A value of JSON in TOML.
fn typed(json: &Json) -> Option<Value> {
    match json {
        Json::String(text) => Some(Value::String(text.clone())),
        Json::Bool(flag) => Some(Value::Boolean(*flag)),
        Json::Number(number) => number.as_i64().map(Value::Integer).or_else(|| number.as_f64().map(Value::Float)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Trial, TrialState, Value};

    #[test]
    fn a_trial_comes_back_from_its_line() {
        let values = [
            ("a.b", Value::Float(0.003_162_277_6)),
            ("c", Value::Integer(-3)),
            ("d", Value::String("x\n\"y".into())),
            ("e", Value::Boolean(true)),
        ];
        let trial = Trial {
            number: 7,
            values: values.map(|(key, value)| (key.to_owned(), value)).to_vec(),
            state: TrialState::Pruned,
            objective: Some(0.1 + 0.2),
            curves: vec![vec![1.0 / 3.0, 1e-38], Vec::new()],
        };
        let line = trial.json().to_string();
        assert!(!line.contains('\n'), "{line}");
        assert_eq!(Trial::from_json(&serde_json::from_str(&line).unwrap()), Some(trial));
    }

    #[test]
    fn what_is_no_trial_is_refused() {
        for text in ["{}", "3", r#"{"trial":-1}"#, r#"{"trial":0,"state":"done","values":{},"curves":[]}"#] {
            assert_eq!(Trial::from_json(&serde_json::from_str(text).unwrap()), None, "{text}");
        }
    }
}
