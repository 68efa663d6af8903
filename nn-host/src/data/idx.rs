//! IDX files, the format of MNIST: a magic number, the sizes, then bytes; plain or compressed with gzip.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use nalgebra::DMatrix;

use super::{Dataset, DatasetError, Features, Targets};

/// The magic number of images: unsigned bytes in three dimensions.
const IMAGES: u32 = 0x0803;

/// The magic number of labels: unsigned bytes in one dimension.
const LABELS: u32 = 0x0801;

/// The most bytes of a file, so that a small compressed file cannot become one that fills the memory.
const MOST_BYTES: usize = 1 << 31;

/// Why IDX data cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdxError {
    /// A file that cannot be read.
    #[error("cannot read {}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no such pair of files.
    #[error("there is neither {}{suffix} nor {}{suffix}.gz", prefix.display(), prefix.display())]
    Missing {
        /// The prefix asked for.
        prefix: PathBuf,
        /// What the file's name adds to it.
        suffix: &'static str,
    },
    /// Another kind of file.
    #[error("{what} start with {expected:#06x}, this file with {found:#06x}")]
    Magic {
        /// Images or labels.
        what: &'static str,
        /// The magic number needed.
        expected: u32,
        /// The magic number found.
        found: u32,
    },
    /// A header that asks for too much.
    #[error("the header asks for {count} × {rows} × {columns} bytes, which is too much")]
    Size {
        /// Images.
        count: u32,
        /// Rows of an image.
        rows: u32,
        /// Columns of an image.
        columns: u32,
    },
    /// A file that is cut off.
    #[error("the header asks for {expected} bytes, the file has {found}")]
    Short {
        /// Bytes needed.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// A file that goes on.
    #[error("the file goes on after the {expected} bytes that its header asks for")]
    Long {
        /// Bytes needed.
        expected: usize,
    },
    /// A file that cannot be decompressed or is too short for a header.
    #[error("the data cannot be read")]
    Io(#[from] io::Error),
    /// A file whose content cannot be used.
    #[error("{}", path.display())]
    Content {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: Box<IdxError>,
    },
    /// Images and labels that do not go together.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
}

/// The data set of the files `prefix` + `-images-idx3-ubyte` and `-labels-idx1-ubyte`, each with or without `.gz`.
///
/// # Errors
/// [`IdxError`] if a file is missing, damaged or of another kind.
pub fn read_idx(prefix: &Path) -> Result<Dataset, IdxError> {
    let images = with_path(&find(prefix, "-images-idx3-ubyte")?, images)?;
    let labels = with_path(&find(prefix, "-labels-idx1-ubyte")?, labels)?;
    assemble(images, labels)
}

/// The data set of images and labels in memory.
pub(super) fn from_gzip(images_gz: &[u8], labels_gz: &[u8]) -> Result<Dataset, IdxError> {
    assemble(images(MultiGzDecoder::new(images_gz))?, labels(MultiGzDecoder::new(labels_gz))?)
}

fn assemble(images: DMatrix<u8>, labels: Vec<u8>) -> Result<Dataset, IdxError> {
    let count = labels.iter().max().map_or(0, |&most| u32::from(most) + 1);
    let names = (0..count).map(|class| class.to_string()).collect();
    let classes = labels.into_iter().map(u32::from).collect();
    Ok(Dataset::new(Features::Bytes(images), Targets::Classes { classes, names })?)
}

/// The file of that name, compressed or not.
fn find(prefix: &Path, suffix: &'static str) -> Result<PathBuf, IdxError> {
    let named = |suffix: String| {
        let mut name = prefix.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let candidates = [named(suffix.to_owned()), named(format!("{suffix}.gz"))];
    candidates
        .into_iter()
        .find(|path| path.exists())
        .ok_or_else(|| IdxError::Missing { prefix: prefix.to_owned(), suffix })
}

/// Reads a file, compressed or not, and names it in errors of the system.
fn with_path<T>(path: &Path, read: impl FnOnce(Box<dyn Read>) -> Result<T, IdxError>) -> Result<T, IdxError> {
    let in_file = |source| IdxError::File { path: path.to_owned(), source };
    let file = BufReader::new(File::open(path).map_err(in_file)?);
    let compressed = path.extension().is_some_and(|extension| extension == "gz");
    let reader: Box<dyn Read> = if compressed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    read(reader).map_err(|error| match error {
        IdxError::Io(source) => in_file(source),
        error => IdxError::Content { path: path.to_owned(), source: Box::new(error) },
    })
}

fn images(mut file: impl Read) -> Result<DMatrix<u8>, IdxError> {
    expect_magic(&mut file, "images", IMAGES)?;
    let (count, rows, columns) = (word(&mut file)?, word(&mut file)?, word(&mut file)?);
    let too_much = IdxError::Size { count, rows, columns };
    let pixels = (rows as usize).checked_mul(columns as usize);
    let bytes = pixels.and_then(|pixels| pixels.checked_mul(count as usize)).filter(|&bytes| bytes <= MOST_BYTES);
    let (Some(pixels), Some(bytes)) = (pixels, bytes) else { return Err(too_much) };
    Ok(DMatrix::from_vec(pixels, count as usize, exactly(file, bytes)?))
}

fn labels(mut file: impl Read) -> Result<Vec<u8>, IdxError> {
    expect_magic(&mut file, "labels", LABELS)?;
    let count = word(&mut file)?;
    if count as usize > MOST_BYTES {
        return Err(IdxError::Size { count, rows: 1, columns: 1 });
    }
    exactly(file, count as usize)
}

fn expect_magic(file: &mut impl Read, what: &'static str, expected: u32) -> Result<(), IdxError> {
    let found = word(file)?;
    if found == expected { Ok(()) } else { Err(IdxError::Magic { what, expected, found }) }
}

/// A big-endian word of 32 bits.
fn word(file: &mut impl Read) -> Result<u32, IdxError> {
    let mut bytes = [0; 4];
    file.read_exact(&mut bytes)?;
    Ok(u32::from_be_bytes(bytes))
}

/// So many bytes and no more; memory grows only with what is really there.
fn exactly(mut file: impl Read, expected: usize) -> Result<Vec<u8>, IdxError> {
    let mut bytes = Vec::new();
    (&mut file).take(expected as u64).read_to_end(&mut bytes)?;
    if bytes.len() < expected {
        return Err(IdxError::Short { expected, found: bytes.len() });
    }
    match file.read(&mut [0])? {
        0 => Ok(bytes),
        _ => Err(IdxError::Long { expected }),
    }
}

#[cfg(test)]
mod tests {
    use super::{IdxError, images, labels, read_idx};

    const LABELS: [u8; 11] = [0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9];
    const IMAGES: [u8; 20] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4];

    #[test]
    fn reads_one_sample_a_column() {
        assert_eq!(labels(&LABELS[..]).unwrap(), [7, 8, 9]);
        let images = images(&IMAGES[..]).unwrap();
        assert_eq!((images.shape(), images.as_slice()), ((2, 2), &[1, 2, 3, 4][..]));
    }

    #[test]
    fn every_truncation_is_refused() {
        for length in 0..IMAGES.len() {
            assert!(images(&IMAGES[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn several_gzip_members_are_read_whole() {
        use std::io::Write;
        let member = |bytes: &[u8]| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        };
        let folder = tempfile::tempdir().unwrap();
        let save = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
        save("a-images-idx3-ubyte.gz", &[member(&IMAGES[..9]), member(&IMAGES[9..])].concat());
        save("a-labels-idx1-ubyte", &[0, 0, 8, 1, 0, 0, 0, 2, 1, 0]);
        let data = read_idx(&folder.path().join("a")).unwrap();
        assert_eq!((data.len(), data.raw(1)), (2, vec![3, 4]));
        save("a-images-idx3-ubyte.gz", &member(&IMAGES)[..20]);
        let error = read_idx(&folder.path().join("a")).unwrap_err();
        assert!(matches!(error, IdxError::File { .. }), "a cut member: {error}");
        save("a-images-idx3-ubyte.gz", &[member(&IMAGES), member(&[9])].concat());
        let error = read_idx(&folder.path().join("a")).unwrap_err();
        assert!(error.to_string().ends_with("a-images-idx3-ubyte.gz"), "{error}");
    }

    #[test]
    fn what_is_too_long_too_large_or_of_another_kind_is_refused() {
        assert!(matches!(labels(&[&LABELS[..], &[1]].concat()[..]), Err(IdxError::Long { expected: 3 })));
        assert!(matches!(images(&LABELS[..]), Err(IdxError::Magic { expected: 0x803, found: 0x801, .. })));
        let mut huge = IMAGES;
        huge[4..16].fill(0xff);
        assert!(matches!(images(&huge[..]), Err(IdxError::Size { .. })));
    }
}
