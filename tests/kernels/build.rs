//! One image of MNIST's test set, as bytes to embed.

use std::io::Read;
use std::path::Path;
use std::{env, fs};

use flate2::read::MultiGzDecoder;

const FILE: &str = "../../nn-host/data/mnist/t10k-images-idx3-ubyte.gz";

/// Bytes before the first image, and of an image.
const HEADER: usize = 16;
const SIZE: usize = 784;

/// The first image with 151 pixels that are not zero, which is the median of the test set. It shows a 3.
const IMAGE: usize = 32;

fn main() -> Result<(), String> {
    println!("cargo::rerun-if-changed={FILE}");
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    let failed = |error| format!("{FILE}: {error}");
    let mut bytes = vec![0; HEADER + (IMAGE + 1) * SIZE];
    MultiGzDecoder::new(fs::File::open(FILE).map_err(failed)?).read_exact(&mut bytes).map_err(failed)?;
    fs::write(Path::new(&out).join("digit"), bytes.split_off(HEADER + IMAGE * SIZE)).map_err(failed)
}
