//! MNIST, embedded: 70,000 images of handwritten digits, 28×28 pixels.

use super::Split;
use super::idx::{IdxError, from_gzip};

/// The bytes of one of the package's files.
macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../data/mnist/", $name, "-ubyte.gz"))
    };
}

/// MNIST: 60,000 images to train with, 10,000 to test with, 784 pixels each, classes 0 to 9.
///
/// # Errors
/// [`IdxError`] if the embedded files are damaged.
pub fn mnist() -> Result<Split, IdxError> {
    let train = from_gzip(file!("train-images-idx3"), file!("train-labels-idx1"))?;
    let test = from_gzip(file!("t10k-images-idx3"), file!("t10k-labels-idx1"))?;
    Ok(Split { train, test })
}

#[cfg(test)]
mod tests {
    #[test]
    fn has_the_published_sizes_and_shares() {
        let mnist = super::mnist().unwrap();
        assert_eq!((mnist.train.len(), mnist.test.len()), (60_000, 10_000));
        assert_eq!((mnist.train.inputs(), mnist.train.outputs()), (784, 10));
        assert_eq!(mnist.train.classes().unwrap()[..5], [5, 0, 4, 1, 9]);
        assert_eq!(mnist.test.classes().unwrap().iter().filter(|&&class| class == 1).count(), 1135);
    }
}
