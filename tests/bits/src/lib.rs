//! One program that trains and infers, whose results have the same bits on every machine. `tests/it/bits.rs` runs it on
//! the host, and in each emulated processor as the firmware `bits`.

#![no_std]

mod digest;

pub mod every;

mod bytes;
mod digits;
mod kinds;
mod layers;

pub use digest::Hash;

use digest::Digest;
use nn_core::layer::DropoutRate;
use nn_core::optimizer::{Adam, Sgd};

/// A kernel of the form of [`nn_core::kernel::affine`], which is the one to use; another shows that the hash tells.
pub type Affine = fn(&[f32], &[f32], &[f32], &mut [f32]);

/// Runs the program: 1,000 steps of SGD and of Adam on handwritten digits with inference afterwards, then a small
/// network for each kind of activation, rule, loss and initializer, a network of every kind of layer, and
/// networks of bytes.
///
/// `report` is told at the end of each part the hash of all weights, losses and outputs so far. The last one is the
/// answer; the others tell in which part two machines part.
///
/// `None` if a setting were out of its range or a result not a number, which does not happen.
///
/// ```
/// let mut answer = None;
/// assert!(nn_bits::run(nn_core::kernel::affine::<true>, |_, hash| answer = Some(hash)).is_some());
/// assert!(answer.is_some());
/// ```
pub fn run(affine: Affine, mut report: impl FnMut(&str, Hash)) -> Option<()> {
    let mut digest = Digest::default();
    digits::train(Sgd::new(0.5).ok()?, affine, &mut digest);
    report("digits by SGD", digest.hash()?);
    digits::train(Adam::new(0.002).ok()?, affine, &mut digest);
    report("digits by Adam", digest.hash()?);
    kinds::initializers(&mut digest);
    report("initializers", digest.hash()?);
    let rate = DropoutRate::new(0.25).ok()?;
    kinds::activations(&mut digest);
    report("activations", digest.hash()?);
    kinds::losses(rate, &mut digest);
    report("losses", digest.hash()?);
    kinds::rules(&mut digest);
    report("rules", digest.hash()?);
    layers::train(rate, &mut digest)?;
    report("layers", digest.hash()?);
    bytes::infer(&mut digest)?;
    report("bytes", digest.hash()?);
    Some(())
}
