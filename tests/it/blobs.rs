//! Model files that are kept: they stay readable, and the writer still writes those bytes.

use std::fs;
use std::path::Path;

use nn_core::activation::AnyActivation;
use nn_core::format::{HEADER_SIZE, LayerView, Model};
use nn_core::loss::AnyLoss;
use nn_host::model::BytesError;
use nn_tests::blobs::{folder, kept, written};
use nn_tests::interpreter::interpret;

use super::tidy::record_tags;

/// Files that came from a training, not from the table.
const TRAINED: [&str; 1] = ["v1/mnist-10.nn"];

#[test]
fn kept_files_are_read_and_their_test_vectors_hold() {
    for blob in kept().unwrap() {
        let host = nn_host::model::Model::from_bytes(blob.bytes.as_bytes());
        assert!(!matches!(host, Err(BytesError::Format(_))), "{}: {host:?}", blob.name);
        let file = Model::parse(blob.bytes.as_bytes()).unwrap();
        assert!(file.test_vectors().count() > 0, "{} checks nothing", blob.name);
        for vector in file.test_vectors() {
            let by_host = host.as_ref().ok().and_then(|model| model.predict_raw(vector.input));
            for output in [interpret(&file, vector.input), by_host].into_iter().flatten() {
                let output: Vec<u8> = output.iter().flat_map(|a| a.to_le_bytes()).collect();
                assert_eq!(output, vector.output, "{}", blob.name);
            }
        }
    }
}

#[test]
fn the_writer_writes_the_bytes_that_are_kept() {
    let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("blobs");
    let mut changed = Vec::new();
    for blob in written().unwrap() {
        if fs::read(folder().join(&blob.name)).ok().as_deref() != Some(blob.bytes.as_bytes()) {
            let path = fresh.join(&blob.name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, blob.bytes.as_bytes()).unwrap();
            changed.push(blob.name);
        }
    }
    let hint = format!("if they are new, keep them: cp -n {}/v1/*.nn tests/blobs/v1/", fresh.display());
    assert!(changed.is_empty(), "kept files are missing or others: {changed:?}\n{hint}");
}

#[test]
fn every_kept_file_is_written_by_the_table_or_was_trained() {
    let written: Vec<String> = written().unwrap().into_iter().map(|blob| blob.name).collect();
    for blob in kept().unwrap() {
        assert!(written.contains(&blob.name) || TRAINED.contains(&blob.name.as_str()), "who wrote {}?", blob.name);
    }
}

#[test]
fn every_kind_of_layer_is_in_a_kept_file() {
    let kept = kept().unwrap();
    let names = kept.iter().flat_map(|blob| {
        let layers = Model::parse(blob.bytes.as_bytes()).unwrap().layers();
        layers.map(|layer| layer.type_name()).collect::<Vec<_>>()
    });
    let names: std::collections::BTreeSet<_> = names.collect();
    assert_eq!(names.len(), 20, "{names:?}");
}

#[test]
fn every_activation_loss_and_encoding_is_in_a_kept_file() {
    let (mut activations, mut losses, mut encodings) = (Vec::new(), Vec::new(), Vec::new());
    let kept = kept().unwrap();
    for file in kept.iter().map(|blob| Model::parse(blob.bytes.as_bytes()).unwrap()) {
        activations.extend(file.layers().filter_map(|layer| match layer {
            LayerView::Dense(dense) => Some(dense.activation.tag()),
            _ => None,
        }));
        losses.extend(file.loss().map(|loss| loss.tag()));
        encodings.push(file.scaling().encoding.tag());
    }
    assert!(AnyActivation::ALL.iter().all(|kind| activations.contains(&kind.tag())));
    assert!(AnyLoss::ALL.iter().all(|loss| losses.contains(&loss.tag())));
    assert!([0, 1].iter().all(|tag| encodings.contains(tag)));
}

/// The tags of a file's records, each of which has less than 128 bytes.
fn tags(file: &[u8]) -> Vec<u8> {
    let length = u32::from_le_bytes(file[20..24].try_into().unwrap()) as usize;
    let mut rest = &file[HEADER_SIZE..HEADER_SIZE + length];
    let mut tags = Vec::new();
    while let [tag, length @ 0..128, payload @ ..] = rest {
        tags.push(*tag);
        rest = &payload[usize::from(*length)..];
    }
    assert!(rest.is_empty(), "a longer record");
    tags
}

#[test]
fn every_record_is_in_a_kept_file() {
    let small = kept().unwrap().into_iter().filter(|blob| !TRAINED.contains(&blob.name.as_str()));
    let tags: Vec<u8> = small.flat_map(|blob| tags(blob.bytes.as_bytes())).collect();
    let missing: Vec<u8> = record_tags().filter(|tag| !tags.contains(tag)).collect();
    assert!(record_tags().count() > 6 && missing.is_empty(), "tags without a kept file: {missing:?}");
}
