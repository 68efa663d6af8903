//! Arrays as NumPy writes them, and files that claim to be some.

use std::path::PathBuf;

use nalgebra::DMatrix;
use tempfile::TempDir;

use super::{
    Array, NpyError, NpyFault, Values, npy_bytes, npz_bytes, read_npy, read_npy_samples, read_npz, read_npz_samples,
};
use crate::data::{Targets, Task};

fn file(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// An array as NumPy writes it, with a header of its own.
fn written(version: u8, dictionary: &str, values: &[u8]) -> Vec<u8> {
    let length = u32::try_from(dictionary.len()).unwrap().to_le_bytes();
    let length = if version == 1 { &length[..2] } else { &length };
    [b"\x93NUMPY", &[version, 0][..], length, dictionary.as_bytes(), values].concat()
}

fn dictionary(descr: &str, is_fortran: bool, shape: &str) -> String {
    let order = if is_fortran { "True" } else { "False" };
    format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}          \n")
}

fn read(bytes: &[u8]) -> Result<Array, NpyError> {
    let (_folder, path) = file("a.npy", bytes);
    read_npy(&path)
}

fn fault(bytes: &[u8]) -> String {
    let error = read(bytes).unwrap_err().to_string();
    error.split_once("a.npy: ").unwrap().1.to_owned()
}

fn array(shape: &[usize], values: Values) -> Array {
    Array::new(shape.to_vec(), values).unwrap()
}

#[test]
fn every_version_is_read() {
    for version in 1..=3 {
        let bytes = written(version, &dictionary("<f4", false, "(2, 1)"), &[0, 0, 0, 63, 0, 0, 192, 63]);
        assert_eq!(read(&bytes).unwrap(), array(&[2, 1], Values::F32(vec![0.5, 1.5])));
    }
    assert_eq!(
        fault(&written(4, &dictionary("|u1", false, "(1,)"), &[0])),
        "version 4 of the format is not known, there are 1 to 3"
    );
}

#[test]
fn every_type_and_byte_order_is_read() {
    let cases: [(&str, &[u8], Values); 9] = [
        ("|b1", &[0, 1], Values::Bool(vec![false, true])),
        ("|u1", &[7, 255], Values::U8(vec![7, 255])),
        ("<i4", &[254, 255, 255, 255, 1, 0, 0, 0], Values::I32(vec![-2, 1])),
        (">i4", &[255, 255, 255, 254, 0, 0, 0, 1], Values::I32(vec![-2, 1])),
        (
            "<i8",
            &[[254, 255, 255, 255, 255, 255, 255, 255], [1, 0, 0, 0, 1, 0, 0, 0]].concat(),
            Values::I64(vec![-2, 4_294_967_297]),
        ),
        (
            ">i8",
            &[[255, 255, 255, 255, 255, 255, 255, 254], [0, 0, 0, 1, 0, 0, 0, 1]].concat(),
            Values::I64(vec![-2, 4_294_967_297]),
        ),
        (">f4", &[63, 0, 0, 0, 191, 128, 0, 0], Values::F32(vec![0.5, -1.0])),
        ("<f8", &[[0, 0, 0, 0, 0, 0, 224, 63], [0; 8]].concat(), Values::F64(vec![0.5, 0.0])),
        (">f8", &[[63, 224, 0, 0, 0, 0, 0, 0], [0; 8]].concat(), Values::F64(vec![0.5, 0.0])),
    ];
    for (descr, bytes, values) in cases {
        let read = read(&written(1, &dictionary(descr, false, "(2,)"), bytes)).unwrap();
        assert_eq!(read, array(&[2], values), "{descr}");
    }
    for descr in ["<f2", "<u2", "<c8", "<U5", "|O", "=f4", "f", ""] {
        let fault = fault(&written(1, &dictionary(descr, false, "(0,)"), &[]));
        assert!(fault.starts_with(&format!("values of type {descr:?} are not read")), "{fault}");
    }
    let structured = "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }\n";
    assert!(fault(&written(1, structured, &[0; 4])).contains("are not read"));
    assert_eq!(fault(&written(1, &dictionary("|b1", false, "(2,)"), &[1, 2])), "value 1 is 2, a boolean is 0 or 1");
}

#[test]
fn fortran_order_becomes_c_order() {
    let matrix = written(1, &dictionary("|u1", true, "(2, 3)"), &[0, 10, 1, 11, 2, 12]);
    assert_eq!(read(&matrix).unwrap(), array(&[2, 3], Values::U8(vec![0, 1, 2, 10, 11, 12])));
    // np.arange(24).reshape(2, 3, 4) in Fortran order
    let cube: Vec<u8> =
        (0..4).flat_map(|k| (0..3).flat_map(move |j| (0..2).map(move |i| 12 * i + 4 * j + k))).collect();
    let cube = read(&written(1, &dictionary("|u1", true, "(2, 3, 4)"), &cube)).unwrap();
    assert_eq!(cube.values(), &Values::U8((0..24).collect()));
    assert_eq!(read(&written(1, &dictionary("|u1", false, "()"), &[5])).unwrap().shape(), [0; 0]);
}

#[test]
fn a_claim_of_32_gib_is_refused_from_the_length_of_the_file() {
    let huge = written(1, &dictionary("<f8", false, "(65536, 65536)"), &[0; 16]);
    assert_eq!(fault(&huge), "the header asks for 34359738368 bytes of values, the file has 16");
    let uncountable = written(1, &dictionary("|u1", false, "(18446744073709551615, 3)"), &[]);
    assert_eq!(fault(&uncountable), "an array of shape [18446744073709551615, 3] is too large");
    let longer = written(1, &dictionary("|u1", false, "(3,)"), &[0; 4]);
    assert_eq!(fault(&longer), "the header asks for 3 bytes of values, the file has 4");
    assert_eq!(fault(&written(2, "", &[])), "the header is malformed");
    let endless_header = [b"\x93NUMPY\x02\x00", &u32::MAX.to_le_bytes()[..], b"{"].concat();
    assert_eq!(fault(&endless_header), "the header is malformed");
}

#[test]
fn every_truncation_and_a_wrong_dictionary_is_refused() {
    let whole = npy_bytes(&array(&[2, 2], Values::I32(vec![1, 2, 3, 4])));
    for length in 0..whole.len() {
        assert!(read(&whole[..length]).is_err(), "{length} bytes");
    }
    assert!(fault(b"PK\x03\x04 but no array").starts_with("an array starts with"));
    for wrong in [
        "{'descr': '|u1', 'fortran_order': False}",
        "{'descr': '|u1', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'more': 1}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': 1}",
        "'descr': '|u1', 'fortran_order': False, 'shape': (1,)",
        "{'descr': '|u1', 'shape': (1,), 'shape': (1,)}",
    ] {
        assert_eq!(fault(&written(1, wrong, &[0])), "the header is malformed", "{wrong}");
    }
}

#[test]
fn what_is_written_is_read_and_values_start_aligned() {
    for shape in [&[][..], &[1], &[3, 1], &[1, 2, 3]] {
        let count = shape.iter().product::<usize>();
        let array = array(shape, Values::F32((0..count).map(|k| k as f32).collect()));
        let bytes = npy_bytes(&array);
        assert!((bytes.len() - 4 * count).is_multiple_of(64));
        assert_eq!(read(&bytes).unwrap(), array);
    }
    let header = npy_bytes(&array(&[3], Values::U8(vec![1, 2, 3])));
    assert!(header[12..].starts_with(b"{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }  "));
}

#[test]
fn an_archive_has_arrays_by_name() {
    let (x, y) = (array(&[2, 2], Values::F64(vec![0.5, 1.0, 1.5, 2.0])), array(&[2], Values::I64(vec![2, 0])));
    let bytes = npz_bytes([("x", &x), ("y", &y)]).unwrap();
    assert_eq!(bytes, npz_bytes([("x", &x), ("y", &y)]).unwrap(), "the same bytes at any time");
    let (_folder, path) = file("a.npz", &bytes);
    assert_eq!(read_npz(&path).unwrap(), [("x".to_owned(), x.clone()), ("y".to_owned(), y)]);
    let data = read_npz_samples(&path, Task::Automatic).unwrap();
    assert_eq!((data.inputs(), data.outputs(), data.classes()), (2, 3, Some(&[2, 0][..])));
    let (_folder, path) = file("a.npz", &npz_bytes([("xs", &x)]).unwrap());
    let error = read_npz_samples(&path, Task::Automatic).unwrap_err();
    assert!(error.to_string().ends_with(r#"there is no array "x"; did you mean "xs"?"#), "{error}");
    let (_folder, path) = file("a.npz", b"no archive");
    assert!(matches!(read_npz(&path).unwrap_err().fault(), NpyFault::Zip(_)));
}

#[test]
fn a_compressed_archive_is_read_and_its_damage_refused() {
    use std::io::Write;
    let array = array(&[1000], Values::F32(vec![0.25; 1000]));
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let deflated = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    archive.start_file("x.npy", deflated).unwrap();
    archive.write_all(&npy_bytes(&array)).unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 1000);
    let (_folder, path) = file("a.npz", &bytes);
    assert_eq!(read_npz(&path).unwrap(), [("x".to_owned(), array)]);
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        std::fs::write(&path, &damaged).unwrap();
        // Some bytes, such as times, mean nothing; none may lead to other values.
        if let Ok(arrays) = read_npz(&path) {
            assert!(arrays.iter().all(|(_, read)| read.values() == &Values::F32(vec![0.25; 1000])), "byte {at}");
        }
    }
}

#[test]
fn samples_are_bytes_or_numbers_and_targets_classes_or_values() {
    let folder = tempfile::tempdir().unwrap();
    let save = |name: &str, array: &Array| {
        let path = folder.path().join(name);
        std::fs::write(&path, npy_bytes(array)).unwrap();
        path
    };
    let bytes = save("bytes.npy", &array(&[2, 1, 2], Values::U8(vec![1, 2, 3, 4])));
    let whole = save("whole.npy", &array(&[2], Values::F32(vec![1.0, 0.0])));
    let data = read_npy_samples(&bytes, Some(&whole), Task::Automatic).unwrap();
    assert_eq!(data.targets(), &Targets::Values(DMatrix::from_row_slice(1, 2, &[1.0, 0.0])));
    assert_eq!((data.inputs(), data.raw(1)), (2, vec![3, 4]));
    let data = read_npy_samples(&bytes, Some(&whole), Task::Classification).unwrap();
    assert_eq!(data.classes(), Some(&[1, 0][..]));
    assert_eq!(read_npy_samples(&bytes, None, Task::Automatic).unwrap().outputs(), 0);

    let error = |y: &Array, task| read_npy_samples(&bytes, Some(&save("y.npy", y)), task).unwrap_err().to_string();
    let classes = Task::Classification;
    for (labels, task, found) in [
        (Values::I64(vec![0, -1]), Task::Automatic, "-1"),
        (Values::F64(vec![0.0, 1.7]), classes, "1.7"),
        (Values::I64(vec![0, 4_294_967_297]), Task::Automatic, "4294967297"),
        (Values::F32(vec![0.0, f32::NAN]), classes, "NaN"),
    ] {
        let error = error(&array(&[2], labels), task);
        assert!(error.contains(&format!("the label of sample 1 is {found}, classes are")), "{error}");
    }
    assert!(error(&array(&[3], Values::U8(vec![0; 3])), classes).contains("2 samples with 3 targets"));
    assert!(error(&array(&[2, 2], Values::U8(vec![0; 4])), classes).contains("one dimension to be classes"));
    assert!(error(&array(&[2, 1, 1], Values::U8(vec![0; 2])), classes).contains("its shape is [2, 1, 1]"));
    let infinite = error(&array(&[2], Values::F64(vec![1e300, 0.0])), Task::Automatic);
    assert!(infinite.contains("target 0 of sample 0 is inf"), "{infinite}");
    let two = Targets::Values(DMatrix::from_column_slice(2, 2, &[1.0, 2.0, 3.0, 4.0]));
    let y = save("y.npy", &array(&[2, 2], Values::I32(vec![1, 2, 3, 4])));
    assert_eq!(read_npy_samples(&bytes, Some(&y), Task::Automatic).unwrap().targets(), &two);
    assert!(matches!(data.scaling().encoding, nn_core::format::Encoding::U8));
}
