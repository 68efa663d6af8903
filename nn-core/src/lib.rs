//! Dense neural networks as const-generic types: inference and training without std, heap or panic.
//!
//! A network is one type. Its sizes are checked by the compiler, its weights stay where they are (flash, a
//! model file, RAM), and it computes the same bits on every machine. There is no unsafe code but for two modules, kernels in
//! assembly for chips with Arm's single-precision FPU and with its instructions on pairs of 16-bit numbers. `docs/MATHS.md` defines the notation, `docs/FORMAT.md` the model
//! file.
//!
//! ```
//! use nn_core::activation::{Relu, Softmax};
//! use nn_core::layer::{Dense, Layer};
//!
//! let hidden = Dense::new([[1.0, -1.0], [0.5, 0.5]], [0.0, 0.0], Relu);
//! let output = Dense::new([[1.0, 0.0], [0.0, 1.0]], [0.0, 0.0], Softmax);
//! let network = hidden.then(output);
//! let probabilities = network.predict(&[1.0, 2.0]);
//! assert!(probabilities[0] > probabilities[1]);
//! ```

#![no_std]
#![deny(unsafe_code)]
#![cfg_attr(
    test,
    allow(clippy::float_cmp, clippy::cast_possible_truncation, reason = "tests compare bits, and count in f64")
)]

#[cfg(any(test, feature = "std"))]
extern crate std;

#[cfg(target_endian = "big")]
compile_error!("the model file is little-endian and is read in place: big-endian targets are not supported");

mod setting;
mod table;
mod vector;
mod zero;

pub mod math;
pub mod random;

#[cfg(nn_fpu)]
mod fpu;
pub mod kernel;

pub mod activation;
pub mod constraint;
pub mod init;
pub mod loss;
pub mod optimizer;

pub mod layer;
pub mod train;

#[cfg(nn_dsp)]
mod dsp;
pub mod int8;

pub mod memory;

pub mod format;
pub mod link;

pub use setting::SettingError;
pub use vector::Vector;
pub use zero::Zero;
