//! Arguments that change a training as it goes: a schedule of the learning rate, and callbacks.

use core::str::FromStr;

use clap::Args;
use nn_host::callback::{Callback, EarlyStopping, Mode, Monitor, ReduceLrOnPlateau};
use nn_host::schedule::Schedule;

use super::specification::{SpecificationError, refused, setting, unknown};

/// How a training changes as it goes.
#[derive(Args, Debug)]
pub(super) struct CallbackArguments {
    /// How the learning rate changes from step to step: S[,key=value…], such as cosine_decay,warmup_epochs=1,alpha=0.01
    /// or piecewise_constant,epoch_5=0.01,epoch_8=0.001
    #[arg(long, value_name = "S", default_value = "constant")]
    lr_schedule: ScheduleSettings,

    /// End when a value gets no better: key=value[,…] of monitor, patience, min_delta, mode (auto, min, max), baseline,
    /// start_from_epoch, restore_best_weights
    #[arg(long, value_name = "KEY=VALUE…")]
    early_stopping: Option<Stopping>,

    /// Multiply the learning rate when a value gets no better: key=value[,…] of monitor, factor, patience, min_delta,
    /// mode (auto, min, max), cooldown, min_lr
    #[arg(long, value_name = "KEY=VALUE…")]
    reduce_lr_on_plateau: Option<Reducing>,
}

impl CallbackArguments {
    /// The schedule.
    pub(super) fn schedule(&self) -> Schedule {
        self.lr_schedule.0.clone()
    }

    /// The callbacks, each with its state before a training.
    pub(super) fn callbacks(&self) -> Vec<Box<dyn Callback>> {
        let stopping = self.early_stopping.iter().map(|stopping| Box::new(stopping.callback.clone()) as Box<_>);
        let reducing = self.reduce_lr_on_plateau.iter().map(|reducing| Box::new(reducing.callback.clone()) as Box<_>);
        stopping.chain(reducing).collect()
    }

    /// The names of the values that are watched, each after its option.
    pub(super) fn monitored(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let stopping = self.early_stopping.iter().map(|stopping| ("--early-stopping", &*stopping.monitor));
        let reducing = self.reduce_lr_on_plateau.iter().map(|reducing| ("--reduce-lr-on-plateau", &*reducing.monitor));
        stopping.chain(reducing)
    }
}

/// A schedule with its settings: `NAME[,key=value…]`.
#[derive(Clone, Debug, PartialEq)]
struct ScheduleSettings(Schedule);

impl FromStr for ScheduleSettings {
    type Err = SpecificationError;

    fn from_str(text: &str) -> Result<Self, SpecificationError> {
        let mut words = text.split(',');
        let name = words.next().unwrap_or_default();
        let schedule = Schedule::from_name(name).ok_or_else(|| unknown("schedule", name, Schedule::NAMES))?;
        words.try_fold(schedule, |schedule, word| told(schedule, name, word)).map(Self)
    }
}

/// The schedule of this name with one more setting.
fn told(schedule: Schedule, name: &str, word: &str) -> Result<Schedule, SpecificationError> {
    let (key, value) = setting(word)?;
    schedule.with(key, value).map_err(|error| refused(&error, name, word, key))
}

/// Settings of a callback: `key=value[,…]`, of which each is taken once.
struct Words<'t>(Vec<(&'t str, &'t str)>);

impl<'t> Words<'t> {
    fn of(text: &'t str, known: &[&str]) -> Result<Self, SpecificationError> {
        let words = text.split(',').map(|word| match word.split_once('=') {
            Some((key, value)) if known.contains(&key) => Ok((key, value)),
            Some((key, _)) => Err(unknown("setting", key, known)),
            None => Err(SpecificationError(format!("setting {word:?}: a setting is key=value"))),
        });
        words.collect::<Result<_, _>>().map(Self)
    }

    /// The last value of a key.
    fn text(&self, name: &str) -> Option<&'t str> {
        self.0.iter().rev().find(|(key, _)| *key == name).map(|&(_, value)| value)
    }

    /// The same, as what it should be.
    fn value<V: FromStr>(&self, name: &str, what: &str) -> Result<Option<V>, SpecificationError> {
        let wrong = |text| SpecificationError(format!("setting {name}={text}: the value is no {what}"));
        self.text(name).map(|text| text.parse().map_err(|_| wrong(text))).transpose()
    }

    /// A number that is one.
    fn number(&self, name: &str) -> Result<Option<f32>, SpecificationError> {
        let number = self.value(name, "number")?;
        match number.filter(|number: &f32| !number.is_finite()) {
            Some(number) => Err(SpecificationError(format!("setting {name}={number}: the value must be finite"))),
            None => Ok(number),
        }
    }

    fn count(&self, name: &str) -> Result<Option<u32>, SpecificationError> {
        self.value(name, "whole number from 0 on")
    }

    /// What is watched, otherwise as `default`.
    fn monitor(&self, default: Monitor) -> Result<Monitor, SpecificationError> {
        let mode = match self.text("mode") {
            None | Some("auto") => Mode::Auto,
            Some("min") => Mode::Min,
            Some("max") => Mode::Max,
            Some(other) => return Err(unknown("mode", other, &["auto", "min", "max"])),
        };
        let name = self.text("monitor").map_or(default.name, str::to_owned);
        let min_delta = self.number("min_delta")?.unwrap_or(default.min_delta);
        if min_delta < 0.0 {
            return Err(SpecificationError(format!("setting min_delta={min_delta}: the value must be at least 0")));
        }
        Ok(Monitor { name, mode, min_delta })
    }
}

/// When to stop early.
#[derive(Clone, Debug, PartialEq)]
struct Stopping {
    monitor: String,
    callback: EarlyStopping,
}

impl FromStr for Stopping {
    type Err = SpecificationError;

    fn from_str(text: &str) -> Result<Self, SpecificationError> {
        let known =
            ["monitor", "patience", "min_delta", "mode", "baseline", "start_from_epoch", "restore_best_weights"];
        let words = Words::of(text, &known)?;
        let monitor = words.monitor(Monitor::default())?;
        let mut callback = EarlyStopping::of(monitor.clone())
            .patience(words.count("patience")?.unwrap_or_default())
            .start_from_epoch(words.count("start_from_epoch")?.unwrap_or_default());
        if let Some(baseline) = words.number("baseline")? {
            callback = callback.baseline(baseline);
        }
        if words.value("restore_best_weights", "true or false")? == Some(true) {
            callback = callback.restoring_best_weights();
        }
        Ok(Self { monitor: monitor.name, callback })
    }
}

/// When to reduce the learning rate.
#[derive(Clone, Debug, PartialEq)]
struct Reducing {
    monitor: String,
    callback: ReduceLrOnPlateau,
}

impl FromStr for Reducing {
    type Err = SpecificationError;

    fn from_str(text: &str) -> Result<Self, SpecificationError> {
        let words = Words::of(text, &["monitor", "factor", "patience", "min_delta", "mode", "cooldown", "min_lr"])?;
        let monitor = words.monitor(Monitor { min_delta: 1e-4, ..Monitor::default() })?;
        let mut callback = ReduceLrOnPlateau::of(monitor.clone())
            .cooldown(words.count("cooldown")?.unwrap_or_default())
            .min_lr(words.number("min_lr")?.unwrap_or_default());
        if let Some(patience) = words.count("patience")? {
            callback = callback.patience(patience);
        }
        if let Some(factor) = words.number("factor")? {
            callback = callback.factor(factor).map_err(|error| SpecificationError(error.to_string()))?;
        }
        Ok(Self { monitor: monitor.name, callback })
    }
}

#[cfg(test)]
mod tests {
    use super::{Reducing, ScheduleSettings, Stopping};
    use nn_host::callback::{EarlyStopping, Mode, Monitor, ReduceLrOnPlateau};
    use nn_host::schedule::{CosineDecay, PiecewiseConstant, Schedule};

    #[test]
    fn schedules_take_settings() {
        let schedule = |text: &str| text.parse::<ScheduleSettings>().unwrap().0;
        let cosine = CosineDecay::default().with("warmup_epochs", 1.0).unwrap().with("alpha", 0.01).unwrap();
        assert_eq!(schedule("cosine_decay,warmup_epochs=1,alpha=0.01"), cosine.into());
        let rates = PiecewiseConstant::default().after_step(1000, 0.01).unwrap().after_epochs(8, 0.001).unwrap();
        assert_eq!(schedule("piecewise_constant,step_1000=0.01,epoch_8=0.001"), rates.into());
        assert_eq!(schedule("constant"), Schedule::Constant);
    }

    #[test]
    fn wrong_schedules_are_named_with_what_would_be_right() {
        let error = |text: &str| text.parse::<ScheduleSettings>().unwrap_err().to_string();
        assert_eq!(error("cosine_deca"), r#"unknown schedule "cosine_deca"; did you mean cosine_decay?"#);
        assert_eq!(error("cosine_decay,alfa=1"), r#"unknown setting of cosine_decay "alfa"; did you mean alpha?"#);
        assert_eq!(error("cosine_decay,alpha=2"), r#"setting "alpha=2": alpha is 2, it must be from 0 to 1"#);
        assert_eq!(error("constant,alpha=2"), r#"setting "alpha=2": constant has none"#);
        assert!(error("piecewise_constant,10=0.1").ends_with("there is step_N, epoch_N"));
    }

    #[test]
    fn callbacks_take_settings() {
        let text = "monitor=val_accuracy,patience=10,restore_best_weights=true,min_delta=0.01,mode=max,baseline=0.5,\
            start_from_epoch=3";
        let monitor = Monitor { mode: Mode::Max, min_delta: 0.01, ..Monitor::of("val_accuracy") };
        let expected = EarlyStopping::of(monitor).patience(10).baseline(0.5).start_from_epoch(3);
        let found: Stopping = text.parse().unwrap();
        assert_eq!((found.callback, &*found.monitor), (expected.restoring_best_weights(), "val_accuracy"));
        let found: Reducing = "factor=0.5,patience=2,cooldown=1,min_lr=0.001".parse().unwrap();
        let expected = ReduceLrOnPlateau::default().factor(0.5).unwrap().patience(2).cooldown(1).min_lr(0.001);
        assert_eq!((found.callback, &*found.monitor), (expected, "val_loss"));
    }

    #[test]
    fn wrong_callbacks_are_named_with_what_would_be_right() {
        let error = |text: &str| text.parse::<Stopping>().unwrap_err().to_string();
        assert_eq!(error("patence=3"), r#"unknown setting "patence"; did you mean patience?"#);
        assert_eq!(error("patience"), r#"setting "patience": a setting is key=value"#);
        assert_eq!(error("patience=-1"), "setting patience=-1: the value is no whole number from 0 on");
        assert_eq!(error("mode=up"), r#"unknown mode "up"; there is auto, min, max"#);
        assert_eq!(error("min_delta=-1"), "setting min_delta=-1: the value must be at least 0");
        assert_eq!(error("baseline=NaN"), "setting baseline=NaN: the value must be finite");
        let error = "factor=1".parse::<Reducing>().unwrap_err().to_string();
        assert_eq!(error, "factor is 1, it must be at least 0 and below 1");
    }
}
