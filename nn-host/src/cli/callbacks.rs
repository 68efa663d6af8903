//! Arguments that change a training as it goes: a schedule of the learning rate, and callbacks.

use clap::Args;
use nn_host::callback::{EarlyStopping, ReduceLrOnPlateau};
use nn_host::config::{Chosen, Config};
use nn_host::schedule::Schedule;

/// How a training changes as it goes.
#[derive(Args, Debug)]
pub(super) struct CallbackArguments {
    /// How the learning rate changes from step to step: S[,key=value…], such as cosine_decay,warmup_epochs=1,alpha=0.01
    /// or piecewise_constant,epoch_5=0.01,epoch_8=0.001 [default: constant]
    #[arg(long, value_name = "S")]
    lr_schedule: Option<Chosen<Schedule>>,

    /// End when a value gets no better: key=value[,…] of monitor, patience, min_delta, mode (auto, min, max), baseline,
    /// start_from_epoch, restore_best_weights (true or 1, false or 0)
    #[arg(long, value_name = "KEY=VALUE…")]
    early_stopping: Option<Chosen<EarlyStopping>>,

    /// Multiply the learning rate when a value gets no better: key=value[,…] of monitor, factor, patience, min_delta,
    /// mode (auto, min, max), cooldown, min_lr
    #[arg(long, value_name = "KEY=VALUE…")]
    reduce_lr_on_plateau: Option<Chosen<ReduceLrOnPlateau>>,
}

impl CallbackArguments {
    /// The first argument that is given and has no meaning for training on all samples at once.
    pub(super) fn unused_by_solvers(&self) -> Option<&'static str> {
        matches!(&self.lr_schedule, Some(Chosen(schedule)) if *schedule != Schedule::Constant)
            .then_some("--lr-schedule")
    }

    /// Puts what is given into a configuration.
    pub(super) fn apply(&self, config: &mut Config) {
        if let Some(Chosen(schedule)) = &self.lr_schedule {
            config.compile.lr_schedule = schedule.clone();
        }
        if let Some(Chosen(stopping)) = &self.early_stopping {
            config.callbacks.early_stopping = Some(stopping.clone());
        }
        if let Some(Chosen(reducing)) = &self.reduce_lr_on_plateau {
            config.callbacks.reduce_lr_on_plateau = Some(reducing.clone());
        }
    }
}
