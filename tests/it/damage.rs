//! Damaged model files: every truncation, every flipped bit.

use nn_core::format::{FormatError, HEADER_SIZE, Model};
use nn_host::model::AlignedBytes;
use nn_tests::small_model;

fn parse(bytes: &[u8]) -> Result<(), FormatError> {
    Model::parse(AlignedBytes::copy_of(bytes).as_bytes()).map(drop)
}

fn file() -> Vec<u8> {
    small_model().to_bytes().unwrap().as_bytes().to_vec()
}

/// Writes the checksum that the bytes have now.
fn repair_checksum(bytes: &mut [u8]) {
    let checksum = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI).checksum(&bytes[16..]);
    bytes[12..16].copy_from_slice(&checksum.to_le_bytes());
}

#[test]
fn every_truncation_is_refused() {
    let file = file();
    assert_eq!(parse(&file), Ok(()));
    for length in 0..file.len() {
        let expected = if length < HEADER_SIZE {
            FormatError::TooShort { found: length }
        } else {
            FormatError::Length { expected: u32::try_from(file.len()).unwrap(), found: length }
        };
        assert_eq!(parse(&file[..length]), Err(expected));
    }
}

#[test]
fn every_appended_byte_is_refused() {
    let mut file = file();
    file.push(0);
    assert!(matches!(parse(&file), Err(FormatError::Length { .. })));
}

#[test]
fn every_flipped_bit_is_refused() {
    let mut file = file();
    for bit in 0..file.len() * 8 {
        file[bit / 8] ^= 1 << (bit % 8);
        assert!(parse(&file).is_err(), "bit {} of byte {}", bit % 8, bit / 8);
        file[bit / 8] ^= 1 << (bit % 8);
    }
}

#[test]
fn without_the_checksum_flipped_bits_would_pass() {
    // The planted bug of the sweep above: with the checksum repaired, a flip in a weight is another weight.
    let mut file = file();
    let last_weight = file.len() - 16;
    file[last_weight] ^= 1;
    assert!(matches!(parse(&file), Err(FormatError::Checksum { .. })));
    repair_checksum(&mut file);
    assert_eq!(parse(&file), Ok(()));
}

#[test]
fn a_hostile_file_with_a_right_checksum_gives_an_error_or_a_model_that_works() {
    let original = file();
    let mut accepted = 0;
    for bit in 0..original.len() * 8 {
        let mut file = original.clone();
        file[bit / 8] ^= 1 << (bit % 8);
        repair_checksum(&mut file);
        let file = AlignedBytes::copy_of(&file);
        if let Ok(model) = nn_host::model::Model::from_bytes(file.as_bytes()) {
            accepted += 1;
            let raw = vec![0; model.inputs() * model.scaling().encoding.size()];
            assert_eq!(model.predict_raw(&raw).map(|output| output.len()), Some(model.outputs()));
        }
    }
    assert!(accepted > 1000, "weights, labels and seeds may differ: {accepted}");
}

#[test]
fn errors_come_in_the_documented_order() {
    let mut file = file();
    repair_checksum(&mut file);
    let change = |place: usize, repair: bool| {
        let mut file = file.clone();
        file[place] ^= 0x80;
        if repair {
            repair_checksum(&mut file);
        }
        parse(&file)
    };
    assert!(matches!(change(0, false), Err(FormatError::Magic { .. })));
    assert!(matches!(change(4, false), Err(FormatError::Version { .. })));
    assert!(matches!(change(8, false), Err(FormatError::Length { .. })));
    assert!(matches!(change(12, false), Err(FormatError::Checksum { .. })));
    assert!(matches!(change(16, true), Err(FormatError::Fingerprint { .. })));
    assert!(matches!(change(24, true), Err(FormatError::Signature { .. })));
    assert!(matches!(change(28, true), Err(FormatError::Reserved { .. })));
    assert!(matches!(change(HEADER_SIZE, true), Err(FormatError::Tag { what: "record", .. })));
}

#[test]
fn weights_that_are_not_finite_are_refused_by_place() {
    let mut file = file();
    let bias = file.len() - 16; // the last tensor: three values and padding
    file[bias + 4..bias + 8].copy_from_slice(&f32::INFINITY.to_le_bytes());
    repair_checksum(&mut file);
    let expected = FormatError::NotFinite { layer: 3, tensor: "bias", index: 1, value: f32::INFINITY };
    assert_eq!(parse(&file), Err(expected));
    file[bias + 4..bias + 8].fill(0);
    file[bias + 15] = 1;
    repair_checksum(&mut file);
    assert_eq!(parse(&file), Err(FormatError::Padding { offset: file.len() }));
}

#[test]
fn a_file_at_an_odd_address_is_refused() {
    let file = file();
    let shifted = AlignedBytes::copy_of(&[&[0], &file[..]].concat());
    assert_eq!(Model::parse(&shifted.as_bytes()[1..]).map(drop), Err(FormatError::Address));
}
