//! Networks in bytes: from a training to a file, to a type; what is refused.

use nalgebra::DMatrix;
use nn_core::format::{
    self, Channels, FormatError, Int8Dense, Int8Kernel, KernelForm, LoadError, Record, Writer, load,
};
use nn_core::int8::{Clamp, Quantization, Rounding, Softmax};
use nn_core::layer::{Chain, Layer, int8};
use nn_host::data::{Dataset, Features, Split, Targets, mnist};
use nn_host::layer::{LayerPlan, batch_normalization, layer_normalization, prelu, residual};
use nn_host::model::AlignedBytes;
use nn_host::prelude::{
    Accuracy, Adam, CategoricalCrossentropy, FitOptions, Identity, MeanSquaredError, Model, Relu, Sequential, Sgd, Tanh,
};
use nn_host::quantize::{Calibration, Granularity, Percentile, QuantizeError, QuantizeOptions, Quantized};
use nn_host::train::FitError;
use nn_tests::hostile::checksummed;
use nn_tests::{nn, small_data, small_model};

type Mnist<'m, const UNITS: usize> = Chain<
    Chain<Chain<Chain<int8::Quantize<784>, int8::Dense<'m, 784, UNITS>>, int8::Dense<'m, UNITS, 10>>, Probabilities>,
    int8::Dequantize<10>,
>;
type Probabilities = int8::Mapped<10, Softmax>;

fn digits(units: usize, Split { train, test }: &Split) -> (Model, Quantized) {
    let layers = Sequential::new(784).dense(units, Relu).dense(10, nn_host::prelude::Softmax);
    let mut model = layers.compile(CategoricalCrossentropy, Adam::default(), [Accuracy]).unwrap();
    model.fit(train, FitOptions { epochs: 2, batch_size: 100, ..Default::default() }).unwrap();
    let quantized = model.quantize(&train.first(10_000), &QuantizeOptions::default()).unwrap();
    let accuracies = [&model, quantized.model()].map(|model| model.evaluate(test).unwrap().get("accuracy").unwrap());
    assert!(accuracies[0] > 0.93 && accuracies[1] > accuracies[0] - 0.002, "{units}: {accuracies:?}");
    (model, quantized)
}

/// Compares a type that borrows from the model's file with the host, bit for bit.
fn types_answer_as_the_host<const UNITS: usize>(model: &Model, test: &Dataset) {
    let bytes = model.to_bytes().unwrap();
    let file = format::Model::parse(bytes.as_bytes()).unwrap();
    assert_eq!(Model::from_bytes(bytes.as_bytes()).unwrap().layers(), model.layers());
    let network: Mnist<'_, UNITS> = load(&file).unwrap();
    let answers = model.predict(&test.first(500)).unwrap();
    for (sample, expected) in answers.column_iter().enumerate() {
        let mut x = [0.0; 784];
        assert!(file.scaling().apply(&test.raw(sample), &mut x));
        assert_eq!(network.predict(&x).map(f32::to_bits), *expected.map(f32::to_bits).as_slice(), "sample {sample}");
    }
}

#[test]
fn digits_lose_less_than_a_fifth_of_a_point_and_have_the_bits_of_their_type() {
    let split = mnist().unwrap();
    let (model, quantized) = digits(30, &split);
    types_answer_as_the_host::<30>(quantized.model(), &split.test);
    assert!(quantized.model().summary().flash_bytes < model.summary().flash_bytes / 3);
    let hidden = size_of::<<Mnist<'_, 30> as Layer>::Hidden>();
    let ram = size_of::<[f32; 784]>() + hidden + size_of::<[f32; 10]>();
    assert_eq!(quantized.model().summary().ram_inference_bytes, ram);
    types_answer_as_the_host::<100>(digits(100, &split).1.model(), &split.test);
}

#[test]
fn a_file_of_another_shape_is_refused_by_type() {
    let model = small_model().quantize(&small_data(50), &QuantizeOptions::default()).unwrap().into_model();
    let bytes = model.to_bytes().unwrap();
    let error = load::<Mnist<'_, 30>>(&format::Model::parse(bytes.as_bytes()).unwrap()).unwrap_err();
    assert_eq!(error, LoadError::Shape { layer: 0, expected: (784, 784), found: (6, 6) });
    let error = load::<int8::Mapped<6, Softmax>>(&format::Model::parse(bytes.as_bytes()).unwrap()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "layer 0 of the model is int8::Quantize, the network expects int8::Mapped of softmax"
    );
}

#[test]
fn every_way_to_calibrate_is_near_the_floats() {
    let (data, mut model) = (small_data(400), small_model());
    model.fit(&data, FitOptions { epochs: 20, ..Default::default() }).unwrap();
    let expected = model.predict(&data).unwrap();
    let calibrations =
        [Calibration::MinMax, Calibration::Percentile(Percentile::default()), Calibration::Kl, Calibration::Mse];
    for calibration in calibrations {
        for granularity in [Granularity::Channel, Granularity::Tensor] {
            for (rounding, bias_correction) in [(Rounding::Tflm, false), (Rounding::Litert, true)] {
                let options =
                    QuantizeOptions { granularity, calibration, rounding, bias_correction, ..Default::default() };
                let found = model.quantize(&data, &options).unwrap().model().predict(&data).unwrap();
                let difference = (found - &expected).abs().max();
                assert!(difference > 0.0 && difference < 0.06, "{options:?}: {difference}");
            }
        }
    }
}

#[test]
fn the_report_says_where_noise_and_loss_come_from() {
    let (data, mut model) = (small_data(300), small_model());
    model.fit(&data, FitOptions { epochs: 10, ..Default::default() }).unwrap();
    let report = model.quantize(&data, &QuantizeOptions::default()).unwrap().report(&data).unwrap();
    let names: Vec<_> = report.layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["dense", "dense_1", "dense_1/sigmoid", "dense_2", "dense_2/softmax"]);
    assert!(report.layers.iter().all(|layer| layer.sqnr > 25.0 && layer.sqnr < 70.0 && layer.clipped < 0.01));
    let shares: f32 = report.layers.iter().map(|layer| layer.loss_share).sum();
    assert!((shares - 1.0).abs() < 1e-5 || shares == 0.0, "{shares}");
}

#[test]
fn a_narrower_range_clips_and_the_report_shows_it() {
    let (data, model) = (small_data(300), small_model());
    let calibration = Calibration::Percentile(Percentile::new(80.0).unwrap());
    let options = QuantizeOptions { calibration, ..Default::default() };
    let report = model.quantize(&data, &options).unwrap().report(&data).unwrap();
    assert!(report.layers[0].clipped > 0.05 && report.layers[0].sqnr < 25.0, "{:?}", report.layers[0]);
}

#[test]
fn what_has_no_form_in_bytes_is_refused_by_name() {
    let refused = |plan: LayerPlan| {
        let layers = Sequential::new(6).dense(4, Tanh).layer(plan).dense(3, Identity);
        let model = layers.compile(MeanSquaredError, Sgd::default(), []).unwrap();
        match model.quantize(&small_data(20), &QuantizeOptions::default()) {
            Err(QuantizeError::Layer { layer, .. }) => layer,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused(layer_normalization()), "layer_normalization");
    assert_eq!(refused(prelu()), "p_re_lu");
    assert_eq!(refused(residual([nn_host::layer::dense(4, Relu)])), "residual");
    let quantized = small_model().quantize(&small_data(20), &QuantizeOptions::default()).unwrap().into_model();
    let again = quantized.quantize(&small_data(20), &QuantizeOptions::default()).unwrap_err();
    assert!(
        again.to_string().starts_with("quantize (Quantize) cannot be quantized: it is of bytes already"),
        "{again}"
    );
}

#[test]
fn values_that_are_not_finite_are_refused() {
    let x = DMatrix::from_element(6, 4, f32::MAX);
    let data = Dataset::new(Features::Floats(x), Targets::Values(DMatrix::zeros(3, 4))).unwrap();
    let error = small_model().quantize(&data, &QuantizeOptions::default()).unwrap_err();
    assert!(matches!(error, QuantizeError::Range { .. }), "{error}");
}

#[test]
fn a_head_learns_behind_bytes_and_nothing_learns_before_them() {
    let base = Sequential::new(6).dense(5, Identity).layer(batch_normalization()).compile(
        MeanSquaredError,
        Sgd::default(),
        [],
    );
    let base = base.unwrap().quantize(&small_data(50), &QuantizeOptions::default()).unwrap().into_model();
    let bytes = with_dense(&base, 5, 3, false);
    let mut model = Model::from_bytes(bytes.as_bytes()).unwrap();
    let before = model.clone();
    let history = model.fit(&small_data(50), FitOptions { epochs: 3, ..Default::default() }).unwrap();
    assert!(history.get("loss")[2] < history.get("loss")[0]);
    let bytes_of_base = model.layers().len() - 1;
    assert_eq!(model.layers()[..bytes_of_base], before.layers()[..bytes_of_base]);
    assert_ne!(model.layers()[bytes_of_base], before.layers()[bytes_of_base]);

    let mut model = Model::from_bytes(with_dense(&base, 6, 6, true).as_bytes()).unwrap();
    let error = model.fit(&small_data(50), FitOptions::default()).unwrap_err();
    assert!(matches!(error, FitError::BeforeBytes { .. }), "{error}");
}

/// A model of bytes with a dense layer of floats before or behind it.
fn with_dense(base: &Model, inputs: u32, outputs: u32, before: bool) -> AlignedBytes {
    let dense = Record::Dense { inputs, outputs, activation: Identity.into() };
    let weights: Vec<f32> = (0..inputs * outputs).map(|k| (k % 5) as f32 / 5.0 - 0.3).collect();
    let base = base.to_bytes().unwrap();
    let file = format::Model::parse(base.as_bytes()).unwrap();
    let mut buffer = vec![0; 8192];
    let mut writer = Writer::new(&mut buffer);
    if before {
        writer.record(&dense).unwrap();
    }
    let mut tensors: Vec<Vec<u8>> = Vec::new();
    for view in file.layers() {
        writer
            .record(&match view {
                format::LayerView::Quantize { units, output } => Record::Quantize { units, output },
                format::LayerView::Dequantize { units, .. } => Record::Dequantize { units },
                format::LayerView::Int8Dense(view) => {
                    let Int8Kernel::Plain(kernel) = view.kernel else { panic!("a plain kernel") };
                    tensors.push(bytemuck::cast_slice(kernel).to_vec());
                    tensors.push(bytemuck::cast_slice(view.bias).to_vec());
                    tensors.push(bytemuck::cast_slice(view.multipliers).to_vec());
                    tensors.push(bytemuck::cast_slice(view.weight_scales).to_vec());
                    let (inputs, outputs, output) = (view.inputs, view.outputs, view.quantization);
                    let (channels, clamp, rounding) = (Channels::Each, view.clamp, view.rounding);
                    let kernel = view.kernel.form();
                    Record::Int8Dense(Int8Dense { inputs, outputs, channels, output, clamp, rounding, kernel })
                }
                other => panic!("{other:?}"),
            })
            .unwrap();
    }
    if !before {
        writer.record(&dense).unwrap();
    }
    let own = [bytemuck::cast_slice(&weights).to_vec(), vec![0; 4 * outputs as usize]];
    let all = if before { [own.to_vec(), tensors].concat() } else { [tensors, own.to_vec()].concat() };
    let mut writer = writer.tensors().unwrap();
    all.iter().for_each(|tensor| writer.bytes(tensor).unwrap());
    AlignedBytes::copy_of(writer.finish().unwrap())
}

/// What is said of a file with these layers, whose tensors are zeros.
fn error(records: &[Record<'_>]) -> FormatError {
    let mut buffer = [0; 2048];
    let mut writer = Writer::new(&mut buffer);
    records.iter().for_each(|record| writer.record(record).unwrap());
    let mut tensors = writer.tensors().unwrap();
    tensors.bytes(&[0; 64]).unwrap();
    let file = AlignedBytes::copy_of(tensors.finish().unwrap());
    format::Model::parse(file.as_bytes()).map(drop).unwrap_err()
}

#[test]
fn bytes_where_there_are_numbers_and_numbers_where_there_are_bytes_are_refused() {
    let output = Quantization::TANH;
    let (clamp, rounding, channels, kernel) = (Clamp::NONE, Rounding::Tflm, Channels::One, KernelForm::Plain);
    let dense = Record::Int8Dense(Int8Dense { inputs: 2, outputs: 2, channels, output, clamp, rounding, kernel });
    let quantize = Record::Quantize { units: 2, output };
    let float = Record::Dense { inputs: 2, outputs: 2, activation: Identity.into() };
    assert_eq!(error(&[dense]), FormatError::NoBytes { layer: 0 });
    assert_eq!(error(&[quantize, dense]), FormatError::Bytes { layer: 1 });
    assert_eq!(error(&[quantize, dense, float]), FormatError::Bytes { layer: 1 });
    assert_eq!(error(&[quantize, quantize]), FormatError::Bytes { layer: 0 });
    assert_eq!(error(&[float, Record::Dequantize { units: 2 }]), FormatError::NoBytes { layer: 1 });
    let block = Record::Residual { branch: 1, shortcut: 1 };
    let inside = [block, quantize, Record::Skip { units: 2 }, float];
    assert_eq!(error(&inside), FormatError::Bytes { layer: 1 });
    // Weight scales of zeros.
    let whole = [quantize, dense, Record::Dequantize { units: 2 }];
    assert_eq!(error(&whole), FormatError::Scale { layer: 1, index: 0, value: 0.0 });
}

#[test]
fn multipliers_that_are_none_are_refused_by_place() {
    let model = small_model().quantize(&small_data(20), &QuantizeOptions::default()).unwrap().into_model();
    let bytes = model.to_bytes().unwrap();
    let multipliers = {
        let file = format::Model::parse(bytes.as_bytes()).unwrap();
        let Some(format::LayerView::Int8Dense(dense)) = file.layers().nth(1) else { panic!("a dense layer") };
        dense.multipliers.as_ptr() as usize - bytes.as_bytes().as_ptr() as usize
    };
    for (place, byte) in [(3, 0x80), (4, 32), (4, 0xe0 - 1), (5, 1), (7, 1)] {
        let mut damaged = bytes.clone();
        damaged.as_mut_bytes()[multipliers + 8 + place] = byte;
        let found = format::Model::parse(checksummed(damaged.as_bytes()).as_bytes()).map(drop);
        assert_eq!(found, Err(FormatError::Multiplier { layer: 1, index: 1 }), "{place}");
    }
}

#[test]
fn a_drop_that_is_not_allowed_ends_with_its_exit_code_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| nn().current_dir(&folder).args(arguments).output().unwrap();
    let rows: String = (0..60).map(|k| format!("{},{},{}\n", k % 7, (k * k) % 11, ["a", "b"][k % 2])).collect();
    std::fs::write(folder.path().join("data.csv"), format!("u,v,class\n{rows}")).unwrap();
    assert!(run(&["train", "data.csv", "--layers", "8:relu", "--epochs", "5", "-o", "m.nn"]).status.success());
    let quantize = ["quantize", "m.nn", "--calibration-data", "data.csv", "-o", "int8.nn"];
    let refused = run(&[&quantize[..], &["--max-drop=-100.5"]].concat());
    assert_eq!(refused.status.code(), Some(4), "{refused:?}");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("nothing was written"));
    assert!(!folder.path().join("int8.nn").exists());
    let json = run(&[&quantize[..], &["--max-drop", "10", "--format", "json"]].concat());
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert!(json["int8"]["accuracy"].as_f64().unwrap() > json["float"]["accuracy"].as_f64().unwrap() - 0.1);
    assert_eq!(json["layers"].as_array().unwrap().len(), 3);
    // A scaling a feature stays in front, in floats.
    let summary = run(&["summary", "int8.nn", "--format", "json"]);
    let summary: serde_json::Value = serde_json::from_slice(&summary.stdout).unwrap();
    assert_eq!(summary["layers"][0]["type"], "Scale");
    assert!(run(&["evaluate", "int8.nn", "data.csv"]).status.success());
}
