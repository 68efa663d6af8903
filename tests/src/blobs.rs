//! Model files that are kept forever, in `blobs/`, and those of version 1 as they are written today.
//!
//! A file more is one line in [`written`]. The test `it/blobs.rs` then writes it to a temporary folder and says how to
//! keep it.

use std::path::PathBuf;
use std::{fs, io};

use nn_core::activation::{self, AnyActivation, Identity, LeakyRelu, Relu};
use nn_core::format::{
    Channels, Encoding, FormatError, Int8Dense, KernelForm, Model, Names, Receipt, Record, Scaling, TableEntry,
    TestVector, Writer,
};
use nn_core::int8::{Clamp, Multiplier, Quantization, Requantization, Rounding, Softmax, int4, packed, table};
use nn_core::layer::{DropoutRate, Stddev};
use nn_core::loss::{AnyLoss, CategoricalCrossentropy};
use nn_host::model::AlignedBytes;

use crate::interpreter::interpret;

/// A model file and its name.
#[derive(Clone, Debug)]
pub struct Blob {
    /// `version/name.nn`
    pub name: String,
    /// The file.
    pub bytes: AlignedBytes,
}

/// The folder of the files that are kept.
#[must_use]
pub fn folder() -> PathBuf {
    crate::workspace().join("tests/blobs")
}

/// Every file that is kept, in the order of their names.
///
/// # Errors
/// If one of them cannot be read.
pub fn kept() -> io::Result<Vec<Blob>> {
    let mut blobs = Vec::new();
    for version in fs::read_dir(folder())? {
        for file in fs::read_dir(version?.path())? {
            let path = file?.path();
            let name = path.strip_prefix(folder()).unwrap_or(&path).to_string_lossy().into_owned();
            blobs.push(Blob { name, bytes: AlignedBytes::copy_of(&fs::read(&path)?) });
        }
    }
    blobs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(blobs)
}

/// The small files of version 1, as the writer makes them now: every activation, loss, encoding and record.
///
/// # Errors
/// [`FormatError`] if one of them cannot be written.
pub fn written() -> Result<Vec<Blob>, FormatError> {
    let activations = AnyActivation::ALL.iter().map(|&kind| blob(&format!("activation-{kind}"), &[dense(2, 3, kind)]));
    let linear = || dense(1, 1, Identity);
    let losses = AnyLoss::ALL.iter().map(|&loss| blob(&format!("loss-{loss}"), &[linear(), Record::Loss(loss)]));
    let scaling = |encoding| Record::Scaling(Scaling { encoding, offset: -0.5, scale: 0.25 });
    let others = [
        blob("setting-leaky_relu", &[dense(2, 2, leaky_relu(0.3))]),
        blob("encoding-f32", &[dense(3, 2, Relu), scaling(Encoding::F32)]),
        blob("encoding-u8", &[dense(3, 2, Relu), scaling(Encoding::U8)]),
        blob("dense-without-bias", &[linear_without_bias(3, 2), dense(2, 1, Identity)]),
        blob("prelu", &[Record::Prelu { units: 3 }, dense(3, 1, Identity)]),
        blob("scale", &[Record::Scale { units: 3 }, dense(3, 1, Identity)]),
        blob("batch-norm", &[dense(2, 3, Relu), Record::BatchNorm { units: 3 }]),
        blob("layer-norm", &[dense(2, 3, Relu), Record::LayerNorm { units: 3 }]),
        blob("residual", &[Record::Residual { branch: 1, shortcut: 1 }, dense(2, 2, Relu), Record::Skip { units: 2 }]),
        blob(
            "residual-projected",
            &[Record::Residual { branch: 1, shortcut: 1 }, dense(3, 2, Relu), linear_without_bias(3, 2)],
        ),
        blob(
            "concatenate",
            &[Record::Concatenate { first: 1, second: 1 }, dense(2, 1, Relu), Record::Skip { units: 2 }],
        ),
        blob(
            "activate",
            &[
                dense(2, 3, Identity),
                Record::BatchNorm { units: 3 },
                Record::Activate { units: 3, activation: leaky_relu(0.3).into() },
            ],
        ),
        blob("alpha-dropout", &[dense(2, 3, Relu), Record::AlphaDropout { units: 3, rate: rate() }]),
        blob("gaussian-noise", &[gaussian_noise(3), dense(3, 1, Identity)]),
        blob("dropout-first", &[dropout(3), dense(3, 1, Identity)]),
        blob("int8", &int8()?),
        blob("int8-head", &int8_head()?),
        blob("int8-packed", &int8_packed()?),
        blob("int4", &int4()?),
        blob("every-record", &every_record()),
        blob("table", &table()?),
    ];
    activations.chain(losses).chain(others).collect()
}

/// All kinds of records, in 256 bytes.
fn every_record() -> [Record<'static>; 8] {
    let receipt = Receipt {
        seed: u64::MAX,
        epochs: 30,
        data_sha256: [0x11; 32],
        configuration_sha256: [0x22; 32],
        tool: "a tool of version 1",
    };
    [
        dense(2, 2, Relu),
        dropout(2),
        dense(2, 2, activation::Softmax),
        Record::Scaling(Scaling::PIXELS),
        Record::Loss(CategoricalCrossentropy.into()),
        Record::Label("no"),
        Record::Label("é"),
        Record::Receipt(receipt),
    ]
}

/// A network of three inputs, and every kind of entry of the tables that it understands.
fn table() -> Result<[Record<'static>; 7], FormatError> {
    let categories = Names::new("blue\0red\0").ok_or(FormatError::Value { what: "categories", offset: 0 })?;
    Ok([
        dense(3, 1, Identity),
        Record::Table(TableEntry::Number { name: "age", fill: Some(41.5) }),
        Record::Table(TableEntry::Category { name: "color", categories, fills_missing: true, takes_unknown: false }),
        Record::Table(TableEntry::Target { name: "price" }),
        Record::Table(TableEntry::Ignored { name: "id" }),
        Record::Table(TableEntry::Missing { cell: "" }),
        Record::Table(TableEntry::Missing { cell: "NA" }),
    ])
}

/// A network of bytes with each kind of layer, both ways of scales and both roundings.
fn int8() -> Result<[Record<'static>; 8], FormatError> {
    let (input, between, output) = (quantization(0.0625, -3)?, quantization(0.25, -128)?, quantization(0.125, 7)?);
    let wrong = FormatError::Value { what: "multiplier", offset: 0 };
    let softmax = Softmax::new(output, 1.0).map_err(|_| wrong)?.multiplier();
    let change = Requantization::new(between, input).map_err(|_| wrong)?.multiplier();
    Ok([
        Record::Quantize { units: 3, output: input },
        int8_dense((3, 2), Channels::Each, between, Clamp::relu6(between), Rounding::Tflm),
        Record::Requantize { units: 2, multiplier: change, output: input },
        Record::Int8Table { units: 2, activation: leaky_relu(0.3).into(), output: between },
        int8_dense((2, 3), Channels::One, output, Clamp::NONE, Rounding::Litert),
        Record::Int8Softmax { units: 3, beta: 1.0, multiplier: softmax },
        Record::Dequantize { units: 3 },
        Record::Loss(CategoricalCrossentropy.into()),
    ])
}

/// Layers of 4-bit weights, the second of which has a row that starts in the middle of a byte, and one of 8-bit weights.
fn int4() -> Result<[Record<'static>; 5], FormatError> {
    let [input, between, output] = [quantization(0.0625, -3)?, quantization(0.25, -128)?, quantization(0.125, 7)?];
    let of = |inputs, outputs, channels, output, clamp| Int8Dense {
        inputs,
        outputs,
        channels,
        output,
        clamp,
        rounding: Rounding::Tflm,
        kernel: KernelForm::Plain,
    };
    Ok([
        Record::Quantize { units: 4, output: input },
        Record::Int4Dense(of(4, 3, Channels::Each, between, Clamp::relu(between))),
        Record::Int4Dense(of(3, 2, Channels::One, input, Clamp::NONE)),
        Record::Int8Dense(of(2, 2, Channels::One, output, Clamp::NONE)),
        Record::Dequantize { units: 2 },
    ])
}

/// A base of bytes before a layer of numbers.
fn int8_head() -> Result<[Record<'static>; 4], FormatError> {
    let [input, output] = [quantization(0.0625, -3)?, quantization(0.25, -20)?];
    Ok([
        Record::Quantize { units: 3, output: input },
        int8_dense((3, 2), Channels::One, output, Clamp::relu(output), Rounding::Tflm),
        Record::Dequantize { units: 2 },
        dense(2, 2, activation::Softmax),
    ])
}

/// A packed kernel: four rows, two, and one that fills up; inputs that fill up.
fn int8_packed() -> Result<[Record<'static>; 3], FormatError> {
    let [input, output] = [quantization(0.0625, -3)?, quantization(0.25, -20)?];
    let plain = int8_dense((3, 7), Channels::Each, output, Clamp::NONE, Rounding::Tflm);
    let Record::Int8Dense(dense) = plain else { return Err(FormatError::NoLayers) };
    let packed = Record::Int8Dense(Int8Dense { kernel: KernelForm::Packed, ..dense });
    Ok([Record::Quantize { units: 3, output: input }, packed, Record::Dequantize { units: 7 }])
}

fn quantization(scale: f32, zero_point: i8) -> Result<Quantization, FormatError> {
    Quantization::new(scale, zero_point).map_err(|_| FormatError::Value { what: "scale", offset: 0 })
}

fn int8_dense(
    (inputs, outputs): (u32, u32),
    channels: Channels,
    output: Quantization,
    clamp: Clamp,
    rounding: Rounding,
) -> Record<'static> {
    Record::Int8Dense(Int8Dense { inputs, outputs, channels, output, clamp, rounding, kernel: KernelForm::Plain })
}

fn dense(inputs: u32, outputs: u32, activation: impl Into<AnyActivation>) -> Record<'static> {
    Record::Dense { inputs, outputs, activation: activation.into() }
}

fn linear_without_bias(inputs: u32, outputs: u32) -> Record<'static> {
    Record::DenseWithoutBias { inputs, outputs, activation: Identity.into() }
}

fn dropout(units: u32) -> Record<'static> {
    Record::Dropout { units, rate: rate() }
}

#[expect(clippy::expect_used, reason = "a test that cannot begin should say so")]
fn rate() -> DropoutRate {
    DropoutRate::new(0.25).expect("a rate")
}

#[expect(clippy::expect_used, reason = "a test that cannot begin should say so")]
fn gaussian_noise(units: u32) -> Record<'static> {
    Record::GaussianNoise { units, stddev: Stddev::new(0.5).expect("a standard deviation") }
}

#[expect(clippy::expect_used, reason = "a test that cannot begin should say so")]
fn leaky_relu(negative_slope: f32) -> LeakyRelu {
    LeakyRelu::new(negative_slope).expect("a slope")
}

/// A file with these records, and with a test vector that it answers rightly.
fn blob(name: &str, records: &[Record<'_>]) -> Result<Blob, FormatError> {
    let without = write(records)?;
    let model = Model::parse(without.as_bytes())?;
    let input: Vec<u8> = match model.scaling().encoding {
        Encoding::F32 => (0..model.inputs()).flat_map(|k| (1.25 - k as f32).to_le_bytes()).collect(),
        Encoding::U8 => (1..=model.inputs()).map(|k| (83 * k).to_le_bytes()[0]).collect(),
    };
    let output = interpret(&model, &input).unwrap_or_default();
    let output: Vec<u8> = output.iter().flat_map(|a| a.to_le_bytes()).collect();
    let vector = Record::TestVector(TestVector { input: &input, output: &output });
    Ok(Blob { name: format!("v1/{name}.nn"), bytes: write(&[records, &[vector]].concat())? })
}

/// A file with these records; its weights are small multiples of 1/8.
fn write(records: &[Record<'_>]) -> Result<AlignedBytes, FormatError> {
    let mut buffer = [0; 1024];
    let mut writer = Writer::new(&mut buffer);
    records.iter().try_for_each(|record| writer.record(record))?;
    let mut tensors = writer.tensors()?;
    let mut weights = (0..13).map(|k| ((5 * k) % 13 - 6) as f32 / 8.0).cycle();
    for record in records {
        for (place, size) in tensor_sizes(record).into_iter().enumerate() {
            let mut values: Vec<_> = weights.by_ref().take(size).collect();
            if let (Record::BatchNorm { units }, 1) = (record, place) {
                values.iter_mut().skip(*units as usize).for_each(|variance| *variance = variance.abs());
            }
            tensors.tensor(&values)?;
        }
        int8_tensors(record).iter().try_for_each(|bytes| tensors.bytes(bytes))?;
    }
    Ok(AlignedBytes::copy_of(tensors.finish()?))
}

/// The tensors that belong to the record of a layer of bytes.
fn int8_tensors(record: &Record<'_>) -> Vec<Vec<u8>> {
    match *record {
        Record::Int8Dense(dense) => dense_tensors(&dense, int8_kernel((dense.inputs, dense.outputs), dense.kernel)),
        Record::Int4Dense(dense) => {
            dense_tensors(&dense, some_bytes(int4::size(dense.inputs as usize, dense.outputs as usize)))
        }
        Record::Int8Table { activation, output, .. } => {
            let table = table::of(activation, output, output).unwrap_or([0; 256]);
            vec![table.iter().map(|byte| byte.cast_unsigned()).collect()]
        }
        _ => Vec::new(),
    }
}

/// The tensors of a dense layer of bytes with this kernel.
fn dense_tensors(&Int8Dense { outputs, channels, .. }: &Int8Dense, kernel: Vec<u8>) -> Vec<Vec<u8>> {
    let bias = (0..outputs).flat_map(|o| (500 * o.cast_signed() - 300).to_le_bytes()).collect();
    let scales = 1..=channels.of(outputs);
    let multipliers: Vec<_> = scales.clone().flat_map(|o| multiplier(f64::from(o) / 64.0)).collect();
    vec![kernel, bias, multipliers, scales.flat_map(|o| (o as f32 / 128.0).to_le_bytes()).collect()]
}

fn some_bytes(count: usize) -> Vec<u8> {
    (0..count).map(|k| (k * 89 + 7).to_le_bytes()[0]).collect()
}

/// A kernel of bytes; packed it has no weight of −128.
fn int8_kernel((inputs, outputs): (u32, u32), form: KernelForm) -> Vec<u8> {
    let bytes = some_bytes((inputs * outputs) as usize);
    match form {
        KernelForm::Plain => bytes,
        KernelForm::Packed => {
            let w: Vec<i8> = bytes.iter().map(|byte| byte.cast_signed().max(-127)).collect();
            let mut words = vec![0; packed::words(inputs as usize, outputs as usize)];
            let is_packed = packed::pack(&w, inputs as usize, &mut words).is_ok();
            debug_assert!(is_packed, "no weight is -128");
            words.iter().flat_map(|word| word.to_le_bytes()).collect()
        }
    }
}

/// A multiplier as it stands in a file.
fn multiplier(real: f64) -> Vec<u8> {
    let multiplier = Multiplier::new(real).unwrap_or_default();
    [multiplier.mantissa().to_le_bytes(), i32::from(multiplier.exponent().cast_unsigned()).to_le_bytes()].concat()
}

/// The sizes of the tensors of f32 that belong to a record.
fn tensor_sizes(record: &Record<'_>) -> Vec<usize> {
    match *record {
        Record::Dense { inputs, outputs, .. } => vec![(inputs * outputs) as usize, outputs as usize],
        Record::DenseWithoutBias { inputs, outputs, .. } => vec![(inputs * outputs) as usize],
        Record::Prelu { units } => vec![units as usize],
        Record::Scale { units } => vec![units as usize; 2],
        Record::BatchNorm { units } => vec![2 * units as usize, 2 * units as usize],
        Record::LayerNorm { units } => vec![2 * units as usize],
        _ => Vec::new(),
    }
}
