//! Whole configurations: every key has its effect, and every mistake its place.

use nalgebra::DMatrix;
use nn_core::constraint::{MaxNorm, NonNegative};
use nn_core::format::KernelForm;
use nn_core::init::{HeNormal, Ones};
use nn_core::int8::Rounding;
use nn_core::optimizer::Penalty;

use super::{Config, QuantizeConfig, Scaling, Window};
use crate::callback::{EarlyStopping, Mode, Monitor, ReduceLrOnPlateau};
use crate::data::{Dataset, Features, HoldOut, Missing, ScaleMethod, TableOptions, Targets, Task};
use crate::layer;
use crate::optimizer::Optimizer;
use crate::prelude::{Accuracy, Adam, Huber, Identity, LeakyRelu, Recall, Relu, Tanh};
use crate::quantize::{Calibration, Granularity, Percentile, WeightWidth};
use crate::schedule::CosineDecay;
use crate::train::{Checkpoint, ClassWeight};

fn read(text: &str) -> Config {
    Config::parse(text).unwrap()
}

fn error(text: &str) -> String {
    Config::parse(text).unwrap_err().to_string()
}

#[test]
fn nothing_is_keras_defaults() {
    assert_eq!(read(""), Config::default());
    assert_eq!(read("[data]\n[model]\n[compile]\n[fit]\n[callbacks]\n[quantize]\n"), Config::default());
}

#[test]
fn every_setting_of_a_layer_has_its_effect() {
    let config = read(
        r#"
        [[model.layers]]
        type = "dense"
        name = "first"
        units = 8
        activation = { leaky_relu = { negative_slope = 0.5 } }
        kernel_initializer = "he_normal"
        bias_initializer = "ones"
        kernel_regularizer = { l2 = 1e-4 }
        bias_regularizer = { l1 = 0.5, l2 = 1 }
        activity_regularizer = "l2"
        kernel_constraint = { max_norm = { max_value = 3 } }
        bias_constraint = "non_neg"
        trainable = false
        learning_rate = 0.5
        seed = 7
        [[model.layers]]
        type = "dense"
        units = 4
        use_bias = false
        "#,
    );
    let first = layer::dense(8, LeakyRelu::new(0.5).unwrap())
        .name("first")
        .kernel_initializer(HeNormal)
        .bias_initializer(Ones)
        .kernel_regularizer(Penalty::l2(1e-4).unwrap())
        .bias_regularizer(Penalty::l1_l2(0.5, 1.0).unwrap())
        .activity_regularizer(Penalty::l2(0.01).unwrap())
        .kernel_constraint(MaxNorm.with("max_value", 3.0).unwrap())
        .bias_constraint(NonNegative)
        .frozen()
        .learning_rate(0.5)
        .seed(7);
    assert_eq!(config.model.layers, [first, layer::dense(4, Identity).without_bias()]);
}

#[test]
fn every_type_of_layer_is_read() {
    let config = read(
        r#"
        [model]
        layers = [
            { type = "dropout", rate = 0.25 },
            { type = "alpha_dropout", rate = 0.5 },
            { type = "gaussian_noise", stddev = 0.1 },
            { type = "batch_normalization", trainable = false },
            { type = "layer_normalization" },
            { type = "activation", activation = "tanh" },
            { type = "p_re_lu" },
            { type = "residual", projection = true, kernel_initializer = "ones", layers = [
                { type = "dense", units = 5, activation = "relu" },
                { type = "residual", layers = [{ type = "dense", units = 5 }] },
            ] },
        ]
        "#,
    );
    let inner = layer::residual([layer::dense(5, Identity)]);
    let expected = [
        layer::dropout(0.25),
        layer::alpha_dropout(0.5),
        layer::gaussian_noise(0.1),
        layer::batch_normalization().frozen(),
        layer::layer_normalization(),
        layer::activation(Tanh),
        layer::prelu(),
        layer::residual_projected([layer::dense(5, Relu), inner]).kernel_initializer(Ones),
    ];
    assert_eq!(config.model.layers, expected);
    assert_eq!(read("model.layers = '5:relu dropout:0.5'").model.layers, [layer::dense(5, Relu), layer::dropout(0.5)]);
}

#[test]
fn what_is_chosen_can_be_told_in_four_ways() {
    let huber = Huber.with("delta", 2.0).unwrap();
    for loss in [
        "loss = 'huber,delta=2'",
        "loss = { huber = { delta = 2 } }",
        "loss = { name = 'huber', delta = 2.0 }",
        "[compile.loss]\nname = 'huber'\ndelta = 2",
    ] {
        assert_eq!(read(&format!("[compile]\n{loss}")).compile.loss, Some(huber.into()), "{loss}");
    }
    let metrics = [Accuracy.into(), Recall.into()];
    for text in ["'accuracy,recall'", "['accuracy', 'recall']"] {
        assert_eq!(read(&format!("compile.metrics = {text}")).compile.metrics.unwrap(), metrics);
    }
}

#[test]
fn data_fit_and_callbacks_are_read() {
    let config = read(
        r#"
        seed = 0x2a
        [data]
        path = "a.csv"
        delimiter = ";"
        target = ["x", "y"]
        ignore = "id"
        task = "regression"
        missing = "drop"
        [compile]
        optimizer = { adam = { learning_rate = 0.01, clipnorm = 1 } }
        lr_schedule = { cosine_decay = { alpha = 0.1 } }
        [fit]
        epochs = 1_000
        batch_size = 16
        shuffle = false
        validation_split = 0.25
        validation_mode = "last"
        class_weight = [1, 2.5]
        augment = "noise=0.1"
        [callbacks.early_stopping]
        monitor = "val_accuracy"
        patience = 10
        restore_best_weights = true
        [callbacks.reduce_lr_on_plateau]
        factor = 0.5
        "#,
    );
    assert_eq!(config.seed, 42);
    let table = TableOptions {
        delimiter: Some(b';'),
        target: ["x", "y"].map(String::from).to_vec(),
        ignore: vec!["id".to_owned()],
        task: Task::Regression,
        missing: Missing::Drop,
        ..TableOptions::default()
    };
    assert_eq!((config.data.path.as_deref(), &config.data.table), (Some("a.csv"), &table));
    let adam = Optimizer::from(Adam::new(0.01).unwrap()).with("clipnorm", 1.0).unwrap();
    assert_eq!(config.compile.optimizer, adam);
    assert_eq!(config.compile.lr_schedule, CosineDecay::default().with("alpha", 0.1).unwrap().into());
    let fit = &config.fit;
    assert_eq!((fit.epochs, fit.batch_size, fit.shuffle, fit.validation_split), (1000, 16, false, Some(0.25)));
    assert_eq!((fit.validation_mode, &fit.class_weight), (HoldOut::Last, &ClassWeight::Given(vec![1.0, 2.5])));
    assert_eq!(fit.augment.as_ref().unwrap().to_string(), "noise=0.1");
    let stopping = EarlyStopping::of(Monitor::of("val_accuracy")).patience(10).restoring_best_weights();
    assert_eq!(config.callbacks.early_stopping, Some(stopping));
    assert_eq!(config.callbacks.reduce_lr_on_plateau, Some(ReduceLrOnPlateau::default().factor(0.5).unwrap()));
    let options = config.fit_options(None);
    assert_eq!((options.epochs, options.batch_size, options.shuffle, options.callbacks.len()), (1000, 16, false, 2));
}

#[test]
fn unknown_keys_are_named_with_place_and_the_nearest() {
    let cases = [
        ("sed = 1", "line 1, column 1: unknown key \"sed\" in the configuration; did you mean seed?"),
        (
            "[fit]\nepochs = 1\n  batchsize = 3",
            "line 3, column 3: unknown key \"batchsize\" in fit; did you mean batch_size?",
        ),
        (
            "[compil]\nloss = 'mse'",
            "line 1, column 2: unknown key \"compil\" in the configuration; did you mean compile?",
        ),
        (
            "[[model.layers]]\ntype = 'dense'\nunits = 3\nkernel_initialiser = 'ones'",
            "line 4, column 1: unknown key \"kernel_initialiser\" in model.layers.0; did you mean kernel_initializer?",
        ),
        ("[[model.layers]]\ntype = 'dropout'\nrate = 0.1\nunits = 3", "line 4, column 1: unknown key \"units\""),
        (
            "[compile.optimizer]\nname = 'adam'\nlearning_rat = 0.1",
            "line 3, column 16: compile.optimizer: unknown setting of adam \"learning_rat\"; did you mean learning_rate?",
        ),
        (
            "[callbacks.early_stopping]\npatiense = 1",
            "column 12: callbacks.early_stopping: unknown setting of early_stopping \"patiense\"; did you mean patience?",
        ),
    ];
    for (text, expected) in cases {
        assert!(error(text).contains(expected), "{}", error(text));
    }
}

#[test]
fn wrong_values_of_model_compile_and_fit_are_named_with_their_place() {
    let cases = [
        (
            "[fit]\nepochs = 'ten'",
            "line 2, column 10: fit.epochs is \"ten\", it must be a whole number from 0 to 4294967295",
        ),
        ("[fit]\nbatch_size = 0", "line 2, column 14: fit.batch_size is 0, it must be a whole number from 1"),
        ("fit.validation_split = 1.5", "fit.validation_split is 1.5, it must be a number above 0 and below 1"),
        ("[[model.layers]]\ntype = 'dense'", "line 1, column 1: model.layers.0.units is missing"),
        ("[[model.layers]]\nunits = 3", "model.layers.0.type is missing"),
        (
            "[[model.layers]]\ntype = 'dens'",
            "line 2, column 8: model.layers.0.type: unknown layer \"dens\"; did you mean dense?",
        ),
        ("model.layers = [{ type = 'dropout', rate = 1.5 }]", "column 44: model.layers.0.rate: dropout rate is 1.5"),
        ("model.layers = 3", "model.layers is 3, it must be an array"),
        ("model.layers = '5:rellu'", "did you mean relu?"),
        ("[compile]\nloss = 'mse'\noptimizer = 'adm'", "line 2, column 8: compile.loss: unknown loss \"mse\""),
        (
            "compile.optimizer = { adam = { beta_1 = 1.5 } }",
            "column 41: compile.optimizer: setting \"beta_1=1.5\": beta_1 is 1.5",
        ),
        (
            "compile.metrics = ['acuracy']",
            "column 20: compile.metrics.0: unknown metric \"acuracy\"; did you mean accuracy?",
        ),
        ("fit.shuffle = 1", "fit.shuffle is 1, it must be true or false"),
        ("fit.class_weight = 'balance'", "must be \"balanced\" or an array"),
        ("fit.validation_mode = 'first'", "unknown mode \"first\"; there is stratified, last"),
        ("data.delimiter = 'ab'", "data.delimiter is \"ab\", it must be one character"),
    ];
    for (text, expected) in cases {
        assert!(error(text).contains(expected), "{text}: {}", error(text));
    }
}

#[test]
fn wrong_values_of_data_callbacks_and_solvers_are_named_with_their_place() {
    let cases = [
        ("seed = -1", "seed is -1, it must be a whole number from 0"),
        ("data = 3", "data is 3, it must be a table"),
        ("'é' = 1", "line 1, column 1: unknown key \"é\""),
        ("seed = 1 # é\nx = ", "line 2, column 5: "),
        ("[data]\nscale = 'minimax'", "line 2, column 9: data.scale: unknown method \"minimax\"; did you mean minmax?"),
        ("data.stream = 'all'", "data.stream is \"all\", it must be true, false or a number of rows"),
        ("data.stream = 0", "data.stream is 0, it must be a whole number from 1"),
        (
            "[data]\nstream = true\n[fit]\nvalidation_split = 0.1",
            "line 4, column 20: fit.validation_split: it needs all rows at once; with data.stream",
        ),
        ("[callbacks.checkpoint]\nresume = true", "line 1, column 1: callbacks.checkpoint.folder is missing"),
        (
            "[callbacks.checkpoint]\nfolder = 'a'\nmonitr = 'loss'",
            "line 3, column 1: unknown key \"monitr\" in callbacks.checkpoint; did you mean monitor?",
        ),
        (
            "callbacks.checkpoint = { folder = 'a', min_delta = -1 }",
            "callbacks.checkpoint.min_delta is -1, it must be a number from 0 on",
        ),
        ("callbacks.csv_logger = 3", "callbacks.csv_logger is 3, it must be a table"),
        ("compile.optimizer = 'lbgfs'", "compile.optimizer: unknown optimizer \"lbgfs\"; did you mean lbfgs?"),
        (
            "[compile.optimizer]\nname = 'lbfgs'\nhistroy = 3",
            "line 3, column 11: compile.optimizer: unknown setting of lbfgs \"histroy\"; did you mean history?",
        ),
        (
            "[compile]\noptimizer = 'lbfgs'\n[fit]\nbatch_size = 8",
            "line 4, column 14: fit.batch_size: lbfgs takes all samples at once and has no use for it",
        ),
        (
            "compile = { optimizer = 'lbfgs', lr_schedule = 'cosine_decay' }",
            "column 48: compile.lr_schedule: lbfgs takes all samples at once",
        ),
        ("fit = { validation_split = 0.1, validation_data = 'a.csv' }", "one of them is enough"),
    ];
    for (text, expected) in cases {
        assert!(error(text).contains(expected), "{text}: {}", error(text));
    }
}

#[test]
fn scales_and_windows_are_read() {
    let scale = |name: &str| read(&format!("data.scale = '{name}'")).data.scale;
    assert_eq!(["standard", "minmax"].map(scale), [ScaleMethod::Standard, ScaleMethod::MinMax].map(Scaling::By));
    assert_eq!((scale("none"), read("").data.scale), (Scaling::None, Scaling::Usual));
    let methods = |scale: Scaling| [true, false].map(|is_table| scale.method(is_table));
    assert_eq!(methods(Scaling::Usual), [Some(ScaleMethod::Standard), None]);
    assert_eq!(methods(Scaling::None), [None, None]);
    assert_eq!(methods(Scaling::By(ScaleMethod::MinMax)), [Some(ScaleMethod::MinMax); 2]);
    let stream = |value: &str| read(&format!("data.stream = {value}")).data.stream;
    assert_eq!(["true", "false", "64"].map(stream), [Some(Window::Usual), None, Some(Window::Rows(64))]);
}

#[test]
fn checkpoints_and_loggers_are_read() {
    let checkpoint = |text: &str| read(&format!("callbacks.checkpoint = {text}")).callbacks.checkpoint.unwrap();
    assert_eq!(checkpoint("'run'"), Checkpoint::new("run"));
    let monitor = Monitor { mode: Mode::Max, min_delta: 0.5, ..Monitor::of("loss") };
    assert_eq!(
        checkpoint("{ folder = 'run', resume = true, monitor = 'loss', mode = 'max', min_delta = 0.5 }"),
        Checkpoint::new("run").monitor(monitor).resuming()
    );
    for text in ["'a.csv'", "{ filename = 'a.csv' }"] {
        let config = read(&format!("callbacks.csv_logger = {text}"));
        assert_eq!(config.callbacks.csv_logger.as_deref(), Some(std::path::Path::new("a.csv")));
        assert_eq!(config.callbacks.callbacks().len(), 1);
    }
}

#[test]
fn a_solver_is_told_as_the_optimizer_and_has_no_use_for_batches() {
    let config = read("compile.optimizer = { lbfgs = { history = 5 } }\nfit.epochs = 9\nfit.validation_split = 0.1");
    assert_eq!(config.compile.solver.as_ref().map(|solver| solver.name()), Some("lbfgs"));
    assert_eq!(config.compile.optimizer, Optimizer::from(Adam::default()), "in case that it is trained on in batches");
    for key in [
        "fit.initial_epoch = 1",
        "fit.gradient_accumulation_steps = 2",
        "fit.steps_per_epoch = 3",
        "fit.shuffle = false",
        "fit.augment = 'noise=0.1'",
        "callbacks.checkpoint = 'a'",
        "data.stream = true",
    ] {
        let error = error(&format!("compile.optimizer = 'levenberg_marquardt'\n{key}"));
        assert!(error.contains("line 2") && error.contains("levenberg_marquardt takes all samples at once"), "{error}");
    }
}

#[test]
fn a_model_scales_what_it_is_made_for() {
    let x = DMatrix::from_row_slice(1, 4, &[0.0, 2.0, 4.0, 8.0]);
    let data = Dataset::new(Features::Floats(x.clone()), Targets::Values(x)).unwrap();
    let kinds = |text: &str| {
        let model = read(text).model(&data).unwrap();
        model.summary().rows.len()
    };
    assert_eq!((kinds(""), kinds("data.scale = 'minmax'")), (1, 2));
}

#[test]
fn paths_are_relative_to_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.toml");
    let of = |name: &str| {
        std::fs::write(&path, format!("data.path = '{name}'")).unwrap();
        Config::read(&path).unwrap().data.path.unwrap()
    };
    let inside = |name: &str| folder.path().join(name).display().to_string();
    assert_eq!(of("b.csv"), inside("b.csv"));
    assert_eq!(of("x.npy,y.npy"), format!("{},{}", inside("x.npy"), inside("y.npy")));
    assert_eq!([of("mnist"), of("/a/b.csv")], ["mnist", "/a/b.csv"]);
    let text = "callbacks = { checkpoint.folder = 'run', csv_logger = 'a.csv' }\nmodel.init_weights = 'b.npz'";
    std::fs::write(&path, text).unwrap();
    let config = Config::read(&path).unwrap();
    assert_eq!(config.callbacks.checkpoint, Some(Checkpoint::new(folder.path().join("run"))));
    assert_eq!(config.callbacks.csv_logger, Some(folder.path().join("a.csv")));
    assert_eq!(config.model.init_weights, Some(folder.path().join("b.npz")));
    std::fs::write(&path, "fit.epoch = 1").unwrap();
    let error = Config::read(&path).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{}: line 1, column 5: unknown key", path.display())), "{error}");
    assert!(Config::read(&folder.path().join("none.toml")).unwrap_err().to_string().contains("none.toml"));
}

#[test]
fn every_setting_of_quantization_has_its_effect() {
    let settings = read(
        r#"
        [quantize]
        calibration_data = "mnist:train"
        validation_data = "mnist:test"
        limit = 2000
        weights = "int4"
        granularity = "per-tensor"
        calibration = "percentile=99.9"
        rounding = "litert"
        bias_correction = true
        kernel = "packed"
        max_drop = 0.5
        "#,
    )
    .quantize;
    let percentile = Calibration::Percentile(Percentile::new(99.9).unwrap());
    let expected = QuantizeConfig {
        calibration_data: Some("mnist:train".into()),
        validation_data: Some("mnist:test".into()),
        limit: Some(2000),
        weights: Some(WeightWidth::Int4),
        flash_budget: None,
        granularity: Granularity::Tensor,
        calibration: percentile,
        rounding: Rounding::Litert,
        bias_correction: true,
        kernel: KernelForm::Packed,
        max_drop: Some(0.5),
    };
    assert_eq!(settings, expected);
    assert_eq!(settings.options(None).weights, WeightWidth::Int4);
    assert_eq!(QuantizeConfig::default().options(Some(WeightWidth::Int4)).weights, WeightWidth::Int4);
    let budget = |text| read(text).quantize.flash_budget;
    assert_eq!(budget("quantize.flash_budget = '48KB'"), budget("quantize.flash_budget = 49_152"));
}

#[test]
fn mistakes_of_quantization_have_their_place() {
    for (text, expected) in [
        ("[quantize]\nweight = 'int8'", "line 2, column 1: unknown key \"weight\" in quantize; did you mean weights?"),
        (
            "quantize.weights = 'int44'",
            "line 1, column 20: quantize.weights: unknown width \"int44\"; did you mean int4?",
        ),
        (
            "quantize.limit = 0",
            "line 1, column 18: quantize.limit is 0, it must be a whole number from 1 to 4294967295",
        ),
        ("quantize.max_drop = -1", "line 1, column 21: quantize.max_drop is -1, it must be a number from 0 on"),
        (
            "[quantize]\nflash_budget = '48KB'\nkernel = 'packed'",
            "line 3, column 10: quantize.kernel: there is flash_budget, too, which chooses itself",
        ),
    ] {
        assert_eq!(error(text), expected);
    }
    assert!(error("quantize.calibration = 'max'").contains("calibration is min-max, percentile[=P]"));
    assert!(error("quantize.flash_budget = '48 kilo'").contains("a size is a number of bytes"));
}
