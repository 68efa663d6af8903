//! The tests across packages, one binary.
#![allow(clippy::float_cmp, reason = "the same bits are what is tested")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

/// The command line as a user meets it: results, exit codes, messages.
mod cli;
/// What must not compile, and how the compiler says so.
mod compile_fail;
/// Damaged model files: every truncation, every flipped bit.
mod damage;
/// One result for any number of threads, and at every repetition.
mod determinism;
/// Documents that state bytes.
mod documents;
/// Training with packed optimizer memory, on MNIST.
mod eight_bit;
/// Values from Keras.
mod golden;
/// Gradients of whole networks against central differences.
mod gradients;
/// The firmware in QEMU, over the link.
mod qemu;
/// Host and typed networks: training, file, inference, the same bits.
mod round_trip;
/// What can drift in the text of the project.
mod tidy;
