//! Writes a sheet of distorted digits as PNG: each row a digit of MNIST, first as it is, then distorted in each epoch anew.
//!
//! `cargo run --release -p nn-host --example augment -- sheet.png rotation=10,elastic`

use std::fs::File;
use std::io::{Error, Write};

use nalgebra::DMatrix;
use nn_core::train::Occasion;
use nn_host::augment::Augment;
use nn_host::prelude::*;

/// Pixels of a digit's side.
const SIDE: usize = 28;

/// How many times larger a pixel is on the sheet.
const ZOOM: usize = 2;

const ROWS: usize = 12;
const COLUMNS: u32 = 16;

fn main() -> Result<(), Box<dyn core::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| "sheet.png".to_owned());
    let augment = arguments.next().map_or_else(|| Ok(Augment::digits()), |list| list.parse())?;
    let digits = digits()?;
    let epochs = (0..COLUMNS).map(|epoch| distorted(&augment, epoch, &digits));
    write_png(File::create(&path)?, &epochs.collect::<Result<Vec<_>, _>>()?)?;
    writeln!(std::io::stdout(), "{path}: {augment}")?;
    Ok(())
}

/// The first digits of the test set, one a column, as a network sees them.
fn digits() -> Result<DMatrix<f32>, data::IdxError> {
    let test = data::mnist()?.test;
    let mut x = DMatrix::zeros(test.inputs(), ROWS);
    test.gather_inputs(&(0..ROWS).collect::<Vec<_>>(), test.scaling(), &mut x);
    Ok(x)
}

/// The digits as an epoch sees them; the first one sees them as they are.
fn distorted(
    augment: &Augment,
    epoch: u32,
    digits: &DMatrix<f32>,
) -> Result<DMatrix<f32>, nn_host::augment::ShapeError> {
    let (mut x, mut y) = (digits.clone(), DMatrix::zeros(1, ROWS));
    if epoch > 0 {
        augment.apply(Occasion { epoch, ..Occasion::FIRST }, &mut x, &mut y)?;
    }
    Ok(x)
}

/// Writes each epoch's digits as a column of the sheet.
fn write_png(file: File, epochs: &[DMatrix<f32>]) -> Result<(), Error> {
    let (width, height) = (epochs.len() * SIDE * ZOOM, ROWS * SIDE * ZOOM);
    let gray = |place: usize| {
        let (x, y) = (place % width / ZOOM, place / width / ZOOM);
        let digit = epochs.get(x / SIDE).map(|epoch| epoch.column(y / SIDE));
        let ink = digit.map_or(0.0, |digit| digit.as_slice().get(y % SIDE * SIDE + x % SIDE).copied().unwrap_or(0.0));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "ink is in [0, 1]")]
        let gray = (255.0 * (1.0 - ink)).round() as u8;
        gray
    };
    let size = |pixels: usize| u32::try_from(pixels).map_err(Error::other);
    let mut encoder = png::Encoder::new(file, size(width)?, size(height)?);
    encoder.set_color(png::ColorType::Grayscale);
    let pixels: Vec<u8> = (0..width * height).map(gray).collect();
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(())
}
