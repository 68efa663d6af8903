//! Runs nn-core networks on microcontrollers.
//!
//! The logic knows no chip: [`service`] answers a host over any byte port, [`demo`] puts a model file and a service
//! together. A board is a folder under `board/`, chosen by a feature of its name, and a binary is ten lines.

#![cfg_attr(not(test), no_std)]

pub mod machine;
pub mod service;

pub mod demo;

#[cfg(feature = "mps2-an386")]
#[path = "board/mps2_an386/mod.rs"]
pub mod board;
