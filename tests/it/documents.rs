//! Documents that state bytes: what they state is what the code writes.

use nn_core::activation::Identity;
use nn_core::format::{Model, Record, Writer};
use nn_core::loss::{AnyLoss, MeanSquaredError};
use nn_host::model::AlignedBytes;
use nn_tests::workspace;

/// The model of FORMAT.md: y = 2x + 0.5.
fn smallest_model() -> Vec<u8> {
    let mut buffer = [0; 256];
    let mut writer = Writer::new(&mut buffer);
    writer.record(&Record::Dense { inputs: 1, outputs: 1, activation: Identity.into() }).unwrap();
    writer.record(&Record::Loss(MeanSquaredError.into())).unwrap();
    let mut tensors = writer.tensors().unwrap();
    tensors.tensor(&[2.0]).unwrap();
    tensors.tensor(&[0.5]).unwrap();
    tensors.finish().unwrap().to_vec()
}

/// The bytes of a document's hexdump: lines of an offset, sixteen bytes and a comment.
fn hexdump(document: &str) -> Vec<u8> {
    let dump = document.split("```hexdump\n").nth(1).unwrap().split("```").next().unwrap();
    let bytes = dump.lines().flat_map(|line| line.split_whitespace().skip(1).take(16));
    bytes.map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
}

#[test]
fn the_hexdump_of_the_format_is_what_is_written_and_read() {
    let document = std::fs::read_to_string(workspace().join("nn-core/docs/FORMAT.md")).unwrap();
    let dump = hexdump(&document);
    assert_eq!(dump, smallest_model());
    let dump = AlignedBytes::copy_of(&dump);
    assert_eq!(Model::parse(dump.as_bytes()).unwrap().outputs(), 1);
}

/// Losses whose settings a document does not list in their order, with their defaults.
fn without_settings(document: &str) -> Vec<&'static str> {
    let lists = |loss: &&AnyLoss| {
        let setting = |name: &&str| format!("{name} {}", loss.setting(name).unwrap());
        let settings: Vec<_> = loss.setting_names().iter().map(setting).collect();
        let rows = document.lines().filter(|line| line.split([' ', ',', '|']).any(|word| word == loss.name()));
        settings.is_empty() || rows.into_iter().any(|row| row.ends_with(&format!("| {} |", settings.join(", "))))
    };
    AnyLoss::ALL.iter().filter(|loss| !lists(loss)).map(AnyLoss::name).collect()
}

#[test]
fn the_format_lists_the_settings_of_every_loss_in_their_order() {
    let document = std::fs::read_to_string(workspace().join("nn-core/docs/FORMAT.md")).unwrap();
    assert_eq!(without_settings(&document), [""; 0]);
    let swapped = document.replace("from_logits 0, label_smoothing 0 |", "label_smoothing 0, from_logits 0 |");
    assert_eq!(without_settings(&swapped).len(), 5);
}

#[test]
fn a_file_is_known_by_its_own_checksum_whoever_wrote_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("smallest.nn");
    std::fs::write(&path, smallest_model()).unwrap();
    let rewritten = nn_host::model::Model::load(&path).unwrap().to_bytes().unwrap();
    let found = nn_host::model::checksum(&path).unwrap();
    assert_eq!(found, 0xf8eb_1bb5);
    assert_ne!(found, Model::parse(rewritten.as_bytes()).unwrap().checksum());
}
