//! What host and device say to each other: requests and responses, framed for a byte stream.
//!
//! ```text
//! frame = COBS(id · tag · payload · CRC-32C) · 0x00          all in postcard, the checksum little-endian
//! ```
//!
//! A frame that is damaged is dropped, or answered with an error if its sender may wait for one; the next zero byte
//! starts afresh. A request carries an id, which its response repeats.

mod cobs;
mod frame;
mod message;

pub use frame::{Envelope, FrameError, FrameReader};
pub use message::{Fault, Info, MessageError, Prediction, Request, Response};

/// The version of these messages.
pub const PROTOCOL: u16 = 1;
