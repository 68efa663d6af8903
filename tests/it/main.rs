//! The tests across packages, one binary.
#![allow(clippy::float_cmp, reason = "the same bits are what is tested")]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

/// One program on the host and in every emulated processor: the same bits.
mod bits;
/// Model files that are kept: they stay readable, and are what is written.
mod blobs;
/// The command line as a user meets it: results, exit codes, messages.
mod cli;
/// What must not compile, and how the compiler says so.
mod compile_fail;
/// Configurations and searches: the same as by arguments, mistakes with their place, resumption.
mod config;
/// Damaged model files: every truncation, every flipped bit.
mod damage;
/// Data as a user brings it: tables, arrays, splits, and what is refused.
mod data;
/// One result for any number of threads, and at every repetition.
mod determinism;
/// Documents that state bytes.
mod documents;
/// Training with packed optimizer memory, on MNIST.
mod eight_bit;
/// Flash and RAM of networks: constants and linked sections.
mod footprint;
/// Values from Keras.
mod golden;
/// Gradients of whole networks against central differences.
mod gradients;
/// Instructions on an emulated chip, which must not become more.
mod instructions;
/// Networks in bytes: from a training to a file, to a type; what is refused.
mod int8;
/// Kernels of bytes in both forms, through files, types and commands.
mod kernel_form;
/// Kernels in assembly against plain Rust, on emulated chips.
mod kernels;
/// Every kind of layer through a model file and through training.
mod layers;
/// Mutants of model files and messages: a short fuzzing that is the same everywhere.
mod mutations;
/// Entry points of nn-core, linked where nothing can panic and no memory can be had.
mod panic_free;
/// The firmware in QEMU, over the link.
mod qemu;
/// Trainings that are killed and taken up again.
mod resume;
/// Host and typed networks: training, file, inference, the same bits.
mod round_trip;
/// Every scalar function over all numbers: error, NaN, range.
mod scalar;
/// What can drift in the text of the project.
mod tidy;
/// Weights of other widths than 8 bits, from a training to a file, to a type.
mod widths;
