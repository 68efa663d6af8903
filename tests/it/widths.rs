//! Networks whose weights have other widths than 8 bits: from a training to a file, to a type.

use std::sync::OnceLock;

use nn_core::format::{self, FormatError, LoadError, load};
use nn_core::int8::Softmax;
use nn_core::layer::{Chain, Layer, int8};
use nn_host::data::{Dataset, Split, mnist};
use nn_host::layer::ModelLayer;
use nn_host::prelude::{Accuracy, Adam, CategoricalCrossentropy, FitOptions, Model, Relu, Sequential};
use nn_host::quantize::{Granularity, QuantizeError, QuantizeOptions, WeightWidth};
use nn_tests::hostile::checksummed;
use nn_tests::{nn, small_data, small_model};

/// 784-30-10 with weights of 4 bits, then of 4 or 8.
type Digits<'m, Last> = Chain<
    Chain<Chain<Chain<int8::Quantize<784>, int8::Int4Dense<'m, 784, 30>>, Last>, int8::Mapped<10, Softmax>>,
    int8::Dequantize<10>,
>;

/// Calibration data, data to compare on, and a network that has learned digits.
fn digits() -> &'static (Dataset, Dataset, Model) {
    static DIGITS: OnceLock<(Dataset, Dataset, Model)> = OnceLock::new();
    DIGITS.get_or_init(|| {
        let Split { train, test } = mnist().unwrap();
        let layers = Sequential::new(784).dense(30, Relu).dense(10, nn_host::prelude::Softmax);
        let mut model = layers.compile(CategoricalCrossentropy, Adam::default(), [Accuracy]).unwrap();
        model.fit(&train, FitOptions { epochs: 2, batch_size: 100, ..Default::default() }).unwrap();
        (train.first(5000), test, model)
    })
}

fn accuracy(model: &Model, data: &Dataset) -> f32 {
    model.evaluate(data).unwrap().get("accuracy").unwrap()
}

const INT4: QuantizeOptions = QuantizeOptions {
    weights: WeightWidth::Int4,
    granularity: Granularity::Channel,
    calibration: nn_host::quantize::Calibration::MinMax,
    rounding: nn_core::int8::Rounding::Tflm,
    bias_correction: true,
};

/// Compares a type that borrows from the model's file with the host, bit for bit.
fn type_answers_as_the_host<'m, N: format::FromModel<'m> + Layer<Input = [f32; 784], Output = [f32; 10]>>(
    file: &format::Model<'m>,
    model: &Model,
    test: &Dataset,
) {
    let network: N = load(file).unwrap();
    let answers = model.predict(&test.first(300)).unwrap();
    for (sample, expected) in answers.column_iter().enumerate() {
        let mut x = [0.0; 784];
        assert!(file.scaling().apply(&test.raw(sample), &mut x));
        assert_eq!(network.predict(&x).map(f32::to_bits), *expected.map(f32::to_bits).as_slice(), "sample {sample}");
    }
}

fn kinds(model: &Model) -> Vec<String> {
    model.layers().iter().map(ModelLayer::description).collect()
}

#[test]
fn digits_in_four_bits_lose_a_point_at_most_and_have_the_bits_of_their_type() {
    let (calibration, test, model) = digits();
    let int8 = model.quantize(calibration, &QuantizeOptions::default()).unwrap().into_model();
    let int4 = model.quantize(calibration, &INT4).unwrap().into_model();
    let accuracies = [model, &int8, &int4].map(|model| accuracy(model, test));
    assert!(accuracies[2] > accuracies[0] - 0.01, "{accuracies:?}");
    let bytes = int4.to_bytes().unwrap();
    let file = format::Model::parse(bytes.as_bytes()).unwrap();
    assert_eq!(Model::from_bytes(bytes.as_bytes()).unwrap().layers(), int4.layers());
    type_answers_as_the_host::<Digits<'_, int8::Int4Dense<'_, 30, 10>>>(&file, &int4, test);
    let [smaller, larger] = [&int4, &int8].map(|model| model.summary().flash_bytes);
    assert_eq!(larger - smaller, 784 * 30 / 2 + 304 - 160); // 300 bytes fill 304, 150 fill 160
    let error = load::<Digits<'_, int8::Dense<'_, 30, 10>>>(&file).unwrap_err();
    assert!(matches!(error, LoadError::Kind { layer: 2, expected: "int8::Dense", .. }), "{error}");
}

#[test]
fn rows_that_start_in_the_middle_of_a_byte_are_read_as_they_were_written() {
    let layers = Sequential::new(6).dense(5, Relu).dense(3, nn_host::prelude::Tanh);
    let mut model = layers.compile(nn_host::prelude::MeanSquaredError, Adam::default(), []).unwrap();
    let data = small_data(200);
    model.fit(&data, FitOptions { epochs: 3, ..Default::default() }).unwrap();
    let int4 = model.quantize(&data, &INT4).unwrap().into_model();
    assert_eq!(kinds(&int4)[2], "Int4 dense linear, per channel");
    let bytes = int4.to_bytes().unwrap();
    let answers = int4.predict(&data).unwrap();
    assert_eq!(Model::from_bytes(bytes.as_bytes()).unwrap().predict(&data).unwrap(), answers);
    let file = format::Model::parse(bytes.as_bytes()).unwrap();
    let raw = data.raw(7);
    let found = nn_tests::interpreter::interpret(&file, &raw).unwrap();
    assert_eq!(found, answers.column(7).as_slice());
}

#[test]
fn a_file_with_a_kernel_cut_short_is_refused() {
    let int4 = small_model().quantize(&small_data(50), &INT4).unwrap().into_model();
    let bytes = int4.to_bytes().unwrap();
    let short = &bytes.as_bytes()[..bytes.as_bytes().len() - 16];
    let found = format::Model::parse(checksummed(short).as_bytes()).map(drop).unwrap_err();
    assert!(matches!(found, FormatError::Tensors { .. } | FormatError::Length { .. }), "{found}");
}

#[test]
fn a_budget_of_flash_is_kept_with_eight_bits_where_they_are_worth_it() {
    let (calibration, test, model) = digits();
    let options = QuantizeOptions::default();
    let within = |bytes| model.quantize_within(calibration, &options, bytes);
    let whole = within(usize::MAX).unwrap().into_model();
    assert_eq!(whole.layers(), model.quantize(calibration, &options).unwrap().model().layers());
    let size = whole.summary().flash_bytes;
    // In 4 bits the first layer saves 11,760 bytes, the last one 144: the first alone does for 1,000.
    for (missing, narrow) in [(1000, vec![1]), (11_904, vec![1, 2])] {
        let mixed = within(size - missing).unwrap().into_model();
        assert!(mixed.summary().flash_bytes <= size - missing);
        let found: Vec<_> = (1..=2).filter(|layer| kinds(&mixed)[*layer].starts_with("Int4")).collect();
        assert_eq!(found, narrow);
        assert!(accuracy(&mixed, test) > accuracy(model, test) - 0.02);
        let file = mixed.to_bytes().unwrap();
        assert_eq!(Model::from_bytes(file.as_bytes()).unwrap().layers(), mixed.layers());
    }
    let error = within(size - 11_905).unwrap_err();
    assert!(matches!(error, QuantizeError::Budget { least, .. } if least == size - 11_904), "{error}");
}

#[test]
fn a_first_layer_of_four_bits_and_a_last_of_eight_have_the_bits_of_their_type() {
    let (calibration, test, model) = digits();
    let options = QuantizeOptions::default();
    let size = model.quantize(calibration, &options).unwrap().model().summary().flash_bytes;
    let mixed = model.quantize_within(calibration, &options, size - 1000).unwrap().into_model();
    let bytes = mixed.to_bytes().unwrap();
    let file = format::Model::parse(bytes.as_bytes()).unwrap();
    type_answers_as_the_host::<Digits<'_, int8::Dense<'_, 30, 10>>>(&file, &mixed, test);
}

#[test]
fn a_budget_that_is_too_small_ends_with_its_exit_code_and_the_least_size() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| nn().current_dir(&folder).args(arguments).output().unwrap();
    let rows: String = (0..60).map(|k| format!("{},{},{}\n", k % 7, (k * k) % 11, ["a", "b"][k % 2])).collect();
    std::fs::write(folder.path().join("data.csv"), format!("u,v,class\n{rows}")).unwrap();
    assert!(run(&["train", "data.csv", "--layers", "32:relu", "--epochs", "2", "-o", "m.nn"]).status.success());
    let quantize = ["quantize", "m.nn", "--calibration-data", "data.csv", "-o", "small.nn"];
    let refused = run(&[&quantize[..], &["--flash-budget", "100"]].concat());
    assert_eq!(refused.status.code(), Some(4), "{refused:?}");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the model takes at least "), "{refused:?}");
    assert!(!folder.path().join("small.nn").exists());
    assert!(run(&[&quantize[..], &["--weights", "int4"]].concat()).status.success());
    let int4 = std::fs::metadata(folder.path().join("small.nn")).unwrap().len().to_string();
    let json = run(&[&quantize[..], &["--flash-budget", &int4, "--format", "json"]].concat());
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["int8"]["flash_bytes"].to_string(), int4);
    assert!(json["layers"][0]["type"].as_str().unwrap().starts_with("Int4 dense relu"), "{json}");
    let both = run(&[&quantize[..], &["--flash-budget", "1MB", "--weights", "int4"]].concat());
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn a_configuration_says_how_to_quantize_and_arguments_count_more() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| nn().current_dir(&folder).args(arguments).output().unwrap();
    let rows: String = (0..60).map(|k| format!("{};{};{}\n", k % 7, (k * k) % 11, ["a", "b"][k % 2])).collect();
    std::fs::write(folder.path().join("data.csv"), format!("u;v;class\n{rows}")).unwrap();
    let settings = "weights = \"int4\"\ncalibration = \"mse\"\nlimit = 40\nvalidation_data = \"data.csv\"";
    let toml = format!(
        "[data]\npath = \"data.csv\"\ndelimiter = \";\"\n[[model.layers]]\ntype = \"dense\"\nunits = 8\n[quantize]\n{settings}\n"
    );
    std::fs::write(folder.path().join("run.toml"), toml).unwrap();
    assert!(run(&["train", "run.toml", "-o", "m.nn"]).status.success());
    let json = |arguments: &[&str]| -> serde_json::Value {
        let quantize = ["quantize", "m.nn", "--calibration-data", "run.toml", "--format", "json"];
        let output = run(&[&quantize[..], arguments].concat());
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let first = |json: &serde_json::Value| json["layers"][0]["type"].as_str().unwrap().to_owned();
    let by_file = json(&[]);
    assert!(first(&by_file).starts_with("Int4 dense"), "{by_file}");
    assert_eq!(by_file["calibration"], "mse");
    let by_argument = json(&["--weights", "int8", "--calibration", "kl"]);
    assert!(first(&by_argument).starts_with("Int8 dense"), "{by_argument}");
    assert_eq!(by_argument["calibration"], "kl");
}
