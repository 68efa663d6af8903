//! Arrays from files and as bytes of files; sizes are checked before memory is taken.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::array::count;
use super::header::Header;
use super::{Array, NpyError, NpyFault, Values};

/// The most bytes of an array in an archive, so that a small compressed file cannot become one that fills the memory.
const MOST_COMPRESSED: u64 = 1 << 31;

/// The array of a `.npy` file: versions 1 to 3, either byte order, C or Fortran order.
///
/// # Errors
/// [`NpyError`] if the file cannot be read, or is not exactly the array that its header says.
pub fn read_npy(path: &Path) -> Result<Array, NpyError> {
    let read = || {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        array(&mut BufReader::new(file), length)
    };
    read().map_err(|fault| NpyError::new(path, None, fault))
}

/// The arrays of a `.npz` file with their names, in the order of the archive.
///
/// # Errors
/// [`NpyError`] if the file cannot be read, or an array is not exactly what its header says, or has more than 2 GiB.
pub fn read_npz(path: &Path) -> Result<Vec<(String, Array)>, NpyError> {
    let in_file = |fault: NpyFault| NpyError::new(path, None, fault);
    let file = File::open(path).map_err(|error| in_file(error.into()))?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| in_file(error.into()))?;
    let mut arrays = Vec::new();
    for place in 0..archive.len() {
        let mut member = archive.by_index(place).map_err(|error| in_file(error.into()))?;
        let name = member.name().map_err(|error| in_file(error.into()))?.into_owned();
        let Some(name) = name.strip_suffix(".npy") else { continue };
        let found = member.size();
        let array = match found {
            0..=MOST_COMPRESSED => array(&mut member, found),
            _ => Err(NpyFault::TooLarge { most: MOST_COMPRESSED, found }),
        };
        let array = array.map_err(|fault| NpyError::new(path, Some(name), fault))?;
        arrays.push((name.to_owned(), array));
    }
    Ok(arrays)
}

/// An array as a `.npy` file.
///
/// ```
/// use nn_host::data::npy::{Array, Values, npy_bytes, read_npy};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("a.npy");
/// let array = Array::new(vec![2, 1], Values::F32(vec![0.5, 1.5]))?;
/// std::fs::write(&path, npy_bytes(&array))?;
/// assert_eq!(read_npy(&path)?, array);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn npy_bytes(array: &Array) -> Vec<u8> {
    let mut bytes = Header::bytes(array.values().kind(), array.shape());
    array.values().append_to(&mut bytes);
    bytes
}

/// Arrays with their names as a `.npz` file, uncompressed, as NumPy's `savez` writes it.
///
/// # Errors
/// [`NpyFault::Zip`] if two names are the same, or there is more than an archive can hold.
pub fn npz_bytes<'a>(arrays: impl IntoIterator<Item = (&'a str, &'a Array)>) -> Result<Vec<u8>, NpyFault> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // The archive's default time is the oldest there is, so that the same arrays are the same bytes.
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored).large_file(true);
    for (name, array) in arrays {
        archive.start_file(format!("{name}.npy"), options)?;
        archive.write_all(&npy_bytes(array))?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The array of a file of so many bytes.
fn array(file: &mut impl Read, length: u64) -> Result<Array, NpyFault> {
    let (header, start) = Header::read(file)?;
    let (expected, found) = (header.size()?, length.saturating_sub(start));
    if expected != found {
        return Err(NpyFault::Length { expected, found });
    }
    let mut bytes = Vec::new();
    file.take(expected).read_to_end(&mut bytes)?;
    let found = bytes.len() as u64;
    // An archive's list of contents may say another length than there is.
    if expected != found || file.read(&mut [0])? != 0 {
        return Err(NpyFault::Length { expected, found });
    }
    let values = Values::from_bytes(header.kind, header.is_big_endian, bytes)?;
    let values = if header.is_fortran { values.gather(&places_in_fortran_order(&header.shape)) } else { values };
    Array::new(header.shape, values)
}

/// Where each value of an array stands in a file in Fortran order, for the values in C order.
fn places_in_fortran_order(shape: &[usize]) -> Vec<usize> {
    let place = |mut number: usize| {
        let mut stride = count(shape).unwrap_or_default();
        // The last index changes fastest in C order and has the largest stride in Fortran order.
        shape.iter().rev().fold(0, |place, &size| {
            let size = size.max(1);
            stride /= size;
            let index = number % size;
            number /= size;
            place + index * stride
        })
    };
    (0..count(shape).unwrap_or_default()).map(place).collect()
}
