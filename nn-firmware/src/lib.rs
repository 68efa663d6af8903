//! Runs nn-core networks on microcontrollers.
//!
//! The logic knows no chip: [`service`] answers a host over any byte port, [`demo`] puts a model file and a service
//! together. A board is a folder under `board/`, chosen by a feature of its name, and a binary is ten lines.

#![cfg_attr(not(test), no_std)]

pub mod machine;
pub mod service;

pub mod demo;

#[cfg(feature = "board")]
pub mod board;
