//! Whole searches: the same when resumed, pruned where they should be, and every mistake with its place.

use core::ops::ControlFlow;
use std::path::Path;

use nalgebra::DMatrix;
use nn_core::random::{Purpose, Stream};

use super::{JournalError, Trial, TrialState, TuneError, Tuning, Watcher};
use crate::callback::Progress;
use crate::data::{Dataset, Features, Partition, Split, Targets};

/// Points whose class is which side of a line they are on.
fn splits(folds: usize) -> Vec<Split> {
    let mut stream = Stream::new(3, Purpose::TestVector, 0, 0);
    let x = DMatrix::from_fn(2, 60, |_, _| 2.0 * stream.uniform() - 1.0);
    let classes = x.column_iter().map(|point| u32::from(point[0] > point[1])).collect();
    let targets = Targets::Classes { classes, names: ["under", "over"].map(String::from).to_vec() };
    let data = Dataset::new(Features::Floats(x), targets).unwrap();
    let folds = Partition::folds(data.targets(), folds, 0).unwrap();
    let split = |fold: &Partition| Split {
        train: data.select(&fold.training).unwrap(),
        test: data.select(&fold.validation).unwrap(),
    };
    folds.iter().map(split).collect()
}

fn tuning(tune: &str) -> Tuning {
    let text = format!(
        "seed = 5\nmodel.layers = '4:tanh'\nfit.epochs = 4\nfit.batch_size = 8\ncompile.optimizer = 'sgd'\n\
         [tune]\n{tune}\n[tune.space]\n'compile.optimizer.learning_rate' = {{ low = 1e-4, high = 1.0, log = true }}\n\
         'model.layers' = {{ choices = ['2:tanh', '4:tanh', '8:relu dropout:0.1'] }}\n"
    );
    Tuning::parse(&text).unwrap()
}

/// Ends a search within this batch.
struct Kill(usize);

impl Watcher for Kill {
    fn batch(&mut self, _: &Progress<'_>) -> ControlFlow<()> {
        self.0 = self.0.saturating_sub(1);
        if self.0 == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

fn run(tuning: &Tuning, folder: &Path, kill: usize) -> Result<Vec<Trial>, TuneError> {
    tuning.run(&splits(2), &folder.join("trials.jsonl"), &mut Kill(kill))
}

#[test]
fn a_search_that_was_interrupted_goes_on_as_if_it_never_was() {
    let grid = "seed = 5\nfit.epochs = 2\nmodel.layers = '4'\n[tune]\nsearch = 'grid'\n[tune.space]\n\
        'model.layers' = { choices = ['2', '3'] }\n'fit.batch_size' = { low = 8, high = 24, points = 3 }";
    let chosen = |method| tuning(&format!("search = '{method}'\ntrials = 14\npruning = true"));
    let searches = [("random", chosen("random")), ("tpe", chosen("tpe")), ("grid", Tuning::parse(grid).unwrap())];
    for (method, tuning) in searches {
        let whole = tempfile::tempdir().unwrap();
        let expected = run(&tuning, whole.path(), usize::MAX).unwrap();
        assert_eq!(expected.len(), if method == "grid" { 6 } else { 14 });
        let folder = tempfile::tempdir().unwrap();
        let mut interruptions = 0;
        let resumed = loop {
            match run(&tuning, folder.path(), 60) {
                Err(TuneError::Interrupted { .. }) => interruptions += 1,
                result => break result.unwrap(),
            }
        };
        assert!(interruptions > 0, "{method}");
        assert_eq!(resumed, expected, "{method}");
        let journal = |folder: &Path| std::fs::read_to_string(folder.join("trials.jsonl")).unwrap();
        assert_eq!(journal(folder.path()), journal(whole.path()), "{method}");
    }
}

#[test]
fn the_best_trial_makes_a_configuration_that_trains() {
    let tuning = tuning("objective = 'val_accuracy'\ntrials = 8");
    let folder = tempfile::tempdir().unwrap();
    let trials = run(&tuning, folder.path(), usize::MAX).unwrap();
    let ranking = tuning.ranking(&trials);
    assert_eq!(ranking.len(), 8);
    assert!(ranking.windows(2).all(|pair| pair[0].objective >= pair[1].objective), "accuracy goes up");
    let config = crate::config::Config::parse(&tuning.toml(ranking[0])).unwrap();
    assert_eq!(config.compile.optimizer.learning_rate().to_string(), ranking[0].values[0].1.to_string());
    let Split { train, test } = &splits(2)[0];
    let history = config.model(train).unwrap().fit(train, config.fit_options(Some(test))).unwrap();
    assert_eq!(history.get("val_accuracy"), ranking[0].curves[0]);
}

#[test]
fn bad_trials_end_early_and_diverging_ones_do_not_stop_the_search() {
    let folder = tempfile::tempdir().unwrap();
    let text = "search = 'random'\ntrials = 16\npruning = { warmup_epochs = 1, startup_trials = 3 }";
    let trials = run(&tuning(text), folder.path(), usize::MAX).unwrap();
    let pruned: Vec<_> = trials.iter().filter(|trial| trial.state == TrialState::Pruned).collect();
    assert!(!pruned.is_empty() && pruned.len() < 16);
    assert!(pruned.iter().all(|trial| trial.curves.last().unwrap().len() >= 2), "none ends while it warms up");
    let text = "compile.optimizer = 'sgd'\ncompile.loss = 'mean_squared_error'\nfit.epochs = 30\nmodel.layers = '8:relu'\n\
        model.output_activation = 'linear'\n\
        [tune]\nsearch = 'grid'\n[tune.space]\n'compile.optimizer.learning_rate' = { choices = [1e20, 0.01] }";
    let folder = tempfile::tempdir().unwrap();
    let trials = run(&Tuning::parse(text).unwrap(), folder.path(), usize::MAX).unwrap();
    assert_eq!([trials[0].state, trials[1].state], [TrialState::Diverged, TrialState::Complete]);
    assert_eq!(trials[0].objective, None);
}

#[test]
fn a_journal_is_not_taken_for_that_of_another_search_but_may_grow() {
    let folder = tempfile::tempdir().unwrap();
    let three = run(&tuning("trials = 3"), folder.path(), usize::MAX).unwrap();
    let five = run(&tuning("trials = 5"), folder.path(), usize::MAX).unwrap();
    assert_eq!(five[..3], three);
    let other = run(&tuning("trials = 5\nsearch = 'tpe'"), folder.path(), usize::MAX).unwrap_err();
    assert!(matches!(other, TuneError::Journal(JournalError::Other { .. })), "{other}");
}

#[test]
fn an_objective_that_is_not_there_is_named_with_those_that_are() {
    let folder = tempfile::tempdir().unwrap();
    let error = run(&tuning("objective = 'val_auc'"), folder.path(), usize::MAX).unwrap_err().to_string();
    assert_eq!(error, "the trainings have no val_auc; they have loss, accuracy, val_loss, val_accuracy");
}

#[test]
fn wrong_searches_are_named_with_their_place() {
    let cases = [
        ("fit.epochs = 1", "line 1, column 1: tune is missing"),
        ("[tune]\nseach = 'grid'", "unknown key \"seach\" in tune; did you mean search?"),
        ("[tune.space]", "there is nothing to search for"),
        ("[tune]\nsearch = 'bayes'\n[tune.space]\nseed = { choices = [1] }", "unknown search \"bayes\""),
        ("[tune.space]\n'fit.epochs' = { low = 5, high = 1 }", "low must be below high"),
        ("[tune.space]\n'fit.epochs' = { low = 0, high = 1, log = true }", "low must be above 0"),
        (
            "[tune.space]\n'fit.epochs' = { low = 1, hihg = 2 }",
            "unknown key \"hihg\" in tune.space.fit.epochs; did you mean high?",
        ),
        ("[tune.space]\n'fit.epochs' = { choices = [] }", "nothing to choose from"),
        (
            "[tune.space]\n'fit.epoch' = { low = 1, high = 2 }",
            "line 2, column 15: tune.space.fit.epoch: with 1, unknown key",
        ),
        ("[tune.space]\n'fit.batch_size' = { low = 0, high = 2 }", "with 0, fit.batch_size is 0"),
        (
            "model.layers = [{ type = 'p_re_lu' }]\n[tune.space]\n'model.layers.1.units' = { choices = [1] }",
            "the key leads nowhere",
        ),
        ("[tune.space]\n'data.path' = { choices = ['a.csv'] }", "data.path stays the same in all trials"),
        (
            "[tune]\nsearch = 'grid'\n[tune.space]\n'fit.validation_split' = { low = 0.1, high = 0.2 }",
            "stays the same in all trials",
        ),
        (
            "compile.optimizer = 'adam'\n[tune]\nsearch = 'grid'\n[tune.space]\ncompile.optimizer.beta_1 = { low = 0.1, high = 0.2 }",
            "a grid needs points = N or step = X here",
        ),
    ];
    for (text, expected) in cases {
        let error = Tuning::parse(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}
