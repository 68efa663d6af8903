//! The first images of MNIST's test set with their labels, as bytes to embed.

use std::io::Read;
use std::path::Path;
use std::{env, fs};

use flate2::read::MultiGzDecoder;

/// Images to embed.
const IMAGES: usize = 100;

/// Each file, the bytes before its first sample, and the bytes of a sample.
const FILES: [(&str, usize, usize); 2] = [("t10k-images-idx3-ubyte", 16, 784), ("t10k-labels-idx1-ubyte", 8, 1)];

fn main() -> Result<(), String> {
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    for (name, header, size) in FILES {
        let path = Path::new("../../nn-host/data/mnist").join(name).with_extension("gz");
        println!("cargo::rerun-if-changed={}", path.display());
        let failed = |error| format!("{}: {error}", path.display());
        let mut bytes = vec![0; header + IMAGES * size];
        MultiGzDecoder::new(fs::File::open(&path).map_err(failed)?).read_exact(&mut bytes).map_err(failed)?;
        fs::write(Path::new(&out).join(name), bytes.split_off(header)).map_err(failed)?;
    }
    Ok(())
}
