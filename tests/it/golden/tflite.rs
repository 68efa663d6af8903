//! Files of TensorFlow Lite's own converter: imported, they give every byte of its interpreters.

use std::io::Read;
use std::path::PathBuf;

use flate2::read::GzDecoder;
use nalgebra::DMatrix;
use nn_core::format::Scaling;
use nn_host::data::{Dataset, Features, Targets};
use nn_host::exchange::{ExportOptions, Format, ImportOptions, export, import, import_bytes};
use nn_host::layer::{LayerKind, ModelLayer};
use nn_host::prelude::Model;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::int8::{Interpreter, generated, size};
use super::{cases, numbers};

/// The values of `golden/tflite.py`.
fn reference() -> Value {
    serde_json::from_str(include_str!("../../golden/tflite.json")).unwrap()
}

/// A kept file.
fn file(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("golden/tflite/{name}.tflite.gz"));
    let mut bytes = Vec::new();
    GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_end(&mut bytes).unwrap();
    bytes
}

fn imported(bytes: &[u8], interpreter: Interpreter) -> Model {
    let options = ImportOptions { rounding: interpreter.rounding(), ..Default::default() };
    import_bytes(bytes, Format::Tflite, &options).unwrap()
}

/// The inputs of a case as the model takes them: of bytes, what they stand for.
fn inputs(case: &Value, model: &Model) -> Dataset {
    let samples = size(&case["inputs"]);
    let bytes = generated(size(&case["inputs_seed"]), samples * model.inputs());
    let number = |byte: i8| match model.layers()[0].kind() {
        LayerKind::Quantize(start) if case["type"] == "int8" => start.output.dequantize(byte),
        _ => (f32::from(byte) + 128.0) / 255.0,
    };
    let x = DMatrix::from_iterator(model.inputs(), samples, bytes.into_iter().map(number));
    Dataset::new(Features::Floats(x), Targets::Values(DMatrix::zeros(1, samples))).unwrap()
}

/// What the model gives, as the bytes of the type that the file gives.
fn outputs(case: &Value, model: &Model) -> Vec<u8> {
    let outputs = model.predict(&inputs(case, model)).unwrap();
    match model.layers().last().map(ModelLayer::kind) {
        Some(LayerKind::Dequantize(end)) if case["type"] == "int8" => {
            outputs.iter().map(|a| end.input.quantize(*a).cast_unsigned()).collect()
        }
        _ => outputs.iter().flat_map(|a| a.to_le_bytes()).collect(),
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The cases whose outputs have a hash.
fn of_bytes(reference: &Value) -> impl Iterator<Item = &Value> {
    cases(reference, "models").iter().filter(|case| case.get("tflm").is_some())
}

#[test]
fn imported_models_give_the_bytes_of_both_interpreters() {
    let reference = reference();
    for case in of_bytes(&reference) {
        let name = case["name"].as_str().unwrap();
        let bytes = file(name);
        for interpreter in Interpreter::ALL {
            let Some(expected) = case.get(interpreter.name()) else { continue };
            let found = outputs(case, &imported(&bytes, interpreter));
            assert_eq!(expected["sha256"], sha256(&found), "{name}, {interpreter:?}");
        }
    }
    assert_eq!(of_bytes(&reference).count(), 21);
    // The reference operators lack ELU.
    assert_eq!(of_bytes(&reference).filter(|case| case.get("litert").is_none()).count(), 2);
}

#[test]
#[should_panic(expected = "the other rounding")]
fn the_other_interpreter_is_found_out() {
    let reference = reference();
    let case = of_bytes(&reference).find(|case| case["name"] == "autoencoder-tensor").unwrap();
    let found = outputs(case, &imported(&file("autoencoder-tensor"), Interpreter::Litert));
    assert_eq!(case["tflm"]["sha256"], sha256(&found), "the other rounding");
}

#[test]
fn imported_floats_are_near_those_of_the_interpreter() {
    let reference = reference();
    let case = cases(&reference, "models").iter().find(|case| case["name"] == "floats").unwrap();
    let model = imported(&file("floats"), Interpreter::Tflm);
    let found = model.predict(&inputs(case, &model)).unwrap();
    let expected = numbers(&case["first"]);
    assert_eq!(expected.len(), 20 * model.outputs());
    let largest = found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0_f32, f32::max);
    assert!(largest < 1e-5, "{largest}");
}

#[test]
fn exported_models_are_imported_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let reference = reference();
    for case in of_bytes(&reference) {
        let model = imported(&file(case["name"].as_str().unwrap()), Interpreter::Tflm);
        for int8_io in [false, true] {
            let path = folder.path().join("model.tflite");
            export(&model, &path, &ExportOptions { int8_io }).unwrap();
            let again = import(&path, &ImportOptions::default()).unwrap();
            assert_eq!(again.layers(), model.layers(), "{}", case["name"]);
        }
    }
}

#[test]
fn no_damage_to_a_file_is_more_than_an_error() {
    let good = file("all-channel");
    let options = ImportOptions { scaling: Scaling::PIXELS, ..Default::default() };
    let takes = |bytes: &[u8]| import_bytes(bytes, Format::Tflite, &options).is_ok();
    assert!(takes(&good));
    assert!((0..good.len()).all(|length| !takes(&good[..length]) || length + 16 > good.len()));
    let mut stream = nn_core::random::Stream::new(6, nn_core::random::Purpose::Shuffle, 0, 0);
    let mut refused = 0;
    for _ in 0..10_000 {
        let mut bytes = good.clone();
        let place = usize::try_from(stream.below(u32::try_from(bytes.len()).unwrap())).unwrap();
        bytes[place] ^= 1 << (stream.word() % 8);
        refused += u32::from(!takes(&bytes));
    }
    assert!(refused > 500, "{refused}");
}
