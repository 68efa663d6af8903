//! The messages: what a host asks and what a device answers.

use serde::{Deserialize, Serialize};

use super::{Envelope, FrameError};
use crate::format::Encoding;

/// Tags of messages; never renumbered. Responses are their request plus 128.
mod tag {
    pub(super) const PING: u8 = 1;
    pub(super) const INFO: u8 = 2;
    pub(super) const PREDICT: u8 = 3;
    pub(super) const PONG: u8 = 129;
    pub(super) const INFO_RESPONSE: u8 = 130;
    pub(super) const PREDICTION: u8 = 131;
    pub(super) const ERROR: u8 = 255;
}

/// Why a frame is not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessageError {
    /// A kind of message that this side does not know.
    #[error("unknown message tag {found}")]
    Tag {
        /// The tag.
        found: u8,
    },
    /// A payload that is not of its kind.
    #[error("message of kind {tag} is malformed")]
    Malformed {
        /// The tag.
        tag: u8,
    },
}

/// What a host asks.
///
/// ```
/// # use nn_core::{format::Encoding, link::{FrameReader, Request}};
/// let request = Request::Predict { encoding: Encoding::U8, input: &[0, 128, 255] };
/// let (mut buffer, mut reader) = ([0; 32], FrameReader::<32>::new());
/// let frame = request.encode(1, &mut buffer)?;
/// assert!(frame.iter().any(|&byte| reader.push(byte)));
/// assert_eq!(Request::decode(&reader.envelope()?)?, request);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'f> {
    /// Are you there?
    Ping,
    /// What are you?
    Info,
    /// The network's answer to this input.
    Predict {
        /// What the input is made of.
        encoding: Encoding,
        /// Raw values.
        input: &'f [u8],
    },
}

/// What a device answers.
///
/// ```
/// # use nn_core::link::{FrameReader, Prediction, Response};
/// let prediction = Prediction { ticks: 1234, output: &1.0_f32.to_le_bytes() };
/// let (mut buffer, mut reader) = ([0; 32], FrameReader::<32>::new());
/// let frame = Response::Prediction(prediction).encode(1, &mut buffer)?;
/// assert!(frame.iter().any(|&byte| reader.push(byte)));
/// assert_eq!(Response::decode(&reader.envelope()?)?, Response::Prediction(prediction));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response<'f> {
    /// To a ping, with the protocol's version.
    Pong {
        /// [`PROTOCOL`](super::PROTOCOL) of the device.
        protocol: u16,
    },
    /// To an info request.
    Info(Info<'f>),
    /// To a prediction request.
    Prediction(Prediction<'f>),
    /// To a request that could not be served.
    Error(Fault),
}

/// What a device is and what it runs.
///
/// ```
/// # use nn_core::link::{Info, Prediction};
/// # let info = Info {
/// #     board: "mps2-an386",
/// #     model_checksum: 0xdead_beef,
/// #     inputs: 784,
/// #     outputs: 10,
/// #     test_vectors: 2,
/// #     test_vectors_passed: 2,
/// #     ticks_per_second: 25_000_000,
/// #     stack_bytes: 4096,
/// # };
/// # let prediction = Prediction { ticks: 50_000, output: &[] };
/// // `info` and `prediction` are a device's answers
/// assert_eq!(info.test_vectors_passed, info.test_vectors);
/// let seconds = f64::from(prediction.ticks) / f64::from(info.ticks_per_second);
/// assert_eq!(seconds, 0.002);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Info<'f> {
    /// The board's name.
    pub board: &'f str,
    /// The checksum of the model file that it runs.
    pub model_checksum: u32,
    /// Values of an input.
    pub inputs: u32,
    /// Values of an output.
    pub outputs: u32,
    /// Test vectors in the model file.
    pub test_vectors: u32,
    /// Test vectors whose output had the right bits at boot.
    pub test_vectors_passed: u32,
    /// Ticks a second of the clock that predictions are timed with.
    pub ticks_per_second: u32,
    /// Bytes of the stack that were in use at the deepest moment since boot.
    pub stack_bytes: u32,
}

/// The network's answer to one input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prediction<'f> {
    /// Ticks that scaling the input and the network took.
    pub ticks: u32,
    /// The output, f32 little-endian.
    pub output: &'f [u8],
}

/// Why a request could not be served.
///
/// ```
/// # use nn_core::link::{Fault, FrameReader, Response};
/// let fault = Fault::InputLength { expected: 784 };
/// let (mut buffer, mut reader) = ([0; 32], FrameReader::<32>::new());
/// let frame = Response::Error(fault).encode(1, &mut buffer)?;
/// assert!(frame.iter().any(|&byte| reader.push(byte)));
/// assert_eq!(Response::decode(&reader.envelope()?)?, Response::Error(fault));
/// assert_eq!(fault.to_string(), "the device expects inputs of 784 bytes");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A frame or message that could not be read.
    #[error("the device could not read the request")]
    Unreadable,
    /// An input of another encoding than the model's.
    #[error("the device expects inputs of another encoding")]
    Encoding,
    /// An input of another length.
    #[error("the device expects inputs of {expected} bytes")]
    InputLength {
        /// Bytes of an input.
        expected: u32,
    },
}

#[derive(Serialize, Deserialize)]
struct RawPredict<'f> {
    encoding: u8,
    input: &'f [u8],
}

#[derive(Serialize, Deserialize)]
struct RawFault {
    code: u8,
    detail: u32,
}

/// A payload, from which nothing may remain.
fn payload<'f, T: Deserialize<'f>>(envelope: &Envelope<'f>) -> Result<T, MessageError> {
    match postcard::take_from_bytes(envelope.payload) {
        Ok((value, [])) => Ok(value),
        _ => Err(MessageError::Malformed { tag: envelope.tag }),
    }
}

impl<'f> Request<'f> {
    /// Writes the request as a frame to the start of `buffer`.
    ///
    /// # Errors
    /// [`FrameError::TooLong`] if the buffer is too small.
    pub fn encode<'b>(&self, id: u32, buffer: &'b mut [u8]) -> Result<&'b mut [u8], FrameError> {
        match *self {
            Self::Ping => Envelope::encode(id, tag::PING, &(), buffer),
            Self::Info => Envelope::encode(id, tag::INFO, &(), buffer),
            Self::Predict { encoding, input } => {
                Envelope::encode(id, tag::PREDICT, &RawPredict { encoding: encoding.tag(), input }, buffer)
            }
        }
    }

    /// Reads a request.
    ///
    /// # Errors
    /// [`MessageError`] if the envelope holds none.
    pub fn decode(envelope: &Envelope<'f>) -> Result<Self, MessageError> {
        let malformed = MessageError::Malformed { tag: envelope.tag };
        match envelope.tag {
            tag::PING => payload(envelope).map(|()| Self::Ping),
            tag::INFO => payload(envelope).map(|()| Self::Info),
            tag::PREDICT => {
                let RawPredict { encoding, input } = payload(envelope)?;
                Ok(Self::Predict { encoding: Encoding::from_tag(encoding).ok_or(malformed)?, input })
            }
            found => Err(MessageError::Tag { found }),
        }
    }
}

impl<'f> Response<'f> {
    /// Writes the response as a frame to the start of `buffer`.
    ///
    /// # Errors
    /// [`FrameError::TooLong`] if the buffer is too small.
    pub fn encode<'b>(&self, id: u32, buffer: &'b mut [u8]) -> Result<&'b mut [u8], FrameError> {
        match self {
            Self::Pong { protocol } => Envelope::encode(id, tag::PONG, protocol, buffer),
            Self::Info(info) => Envelope::encode(id, tag::INFO_RESPONSE, info, buffer),
            Self::Prediction(prediction) => Envelope::encode(id, tag::PREDICTION, prediction, buffer),
            Self::Error(fault) => Envelope::encode(id, tag::ERROR, &RawFault::from(*fault), buffer),
        }
    }

    /// Reads a response.
    ///
    /// # Errors
    /// [`MessageError`] if the envelope holds none.
    pub fn decode(envelope: &Envelope<'f>) -> Result<Self, MessageError> {
        match envelope.tag {
            tag::PONG => payload(envelope).map(|protocol| Self::Pong { protocol }),
            tag::INFO_RESPONSE => payload(envelope).map(Self::Info),
            tag::PREDICTION => payload(envelope).map(Self::Prediction),
            tag::ERROR => {
                let fault = Fault::try_from(payload::<RawFault>(envelope)?);
                fault.map(Self::Error).map_err(|_| MessageError::Malformed { tag: envelope.tag })
            }
            found => Err(MessageError::Tag { found }),
        }
    }
}

impl From<Fault> for RawFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unreadable => Self { code: 1, detail: 0 },
            Fault::Encoding => Self { code: 2, detail: 0 },
            Fault::InputLength { expected } => Self { code: 3, detail: expected },
        }
    }
}

impl TryFrom<RawFault> for Fault {
    /// The code, if it is unknown.
    type Error = u8;

    fn try_from(raw: RawFault) -> Result<Self, u8> {
        match (raw.code, raw.detail) {
            (1, _) => Ok(Self::Unreadable),
            (2, _) => Ok(Self::Encoding),
            (3, expected) => Ok(Self::InputLength { expected }),
            (code, _) => Err(code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Info, Prediction, Request, Response};
    use crate::format::Encoding;
    use crate::link::FrameReader;

    #[test]
    fn every_request_survives_the_way() {
        let predict = Request::Predict { encoding: Encoding::F32, input: &[0, 1, 2, 3] };
        for request in [Request::Ping, Request::Info, predict] {
            let mut buffer = [0; 64];
            let frame = request.encode(5, &mut buffer).unwrap();
            let mut reader = FrameReader::<64>::new();
            assert!(frame.iter().any(|&byte| reader.push(byte)));
            assert_eq!(Request::decode(&reader.envelope().unwrap()), Ok(request));
        }
    }

    #[test]
    fn every_response_survives_the_way() {
        let info = Info {
            board: "a-board",
            model_checksum: 0xdead_beef,
            inputs: 784,
            outputs: 10,
            test_vectors: 2,
            test_vectors_passed: 1,
            ticks_per_second: 25_000_000,
            stack_bytes: 4096,
        };
        for response in [
            Response::Pong { protocol: 1 },
            Response::Info(info),
            Response::Prediction(Prediction { ticks: 1234, output: &[0, 0, 128, 63] }),
            Response::Error(Fault::Unreadable),
            Response::Error(Fault::Encoding),
            Response::Error(Fault::InputLength { expected: 784 }),
        ] {
            let mut buffer = [0; 64];
            let frame = response.encode(u32::MAX, &mut buffer).unwrap();
            let mut reader = FrameReader::<64>::new();
            assert!(frame.iter().any(|&byte| reader.push(byte)));
            let envelope = reader.envelope().unwrap();
            assert_eq!((envelope.id, Response::decode(&envelope)), (u32::MAX, Ok(response)));
        }
    }

    #[test]
    fn one_side_does_not_take_the_other_sides_messages() {
        let mut buffer = [0; 64];
        let frame = Request::Ping.encode(5, &mut buffer).unwrap();
        let mut reader = FrameReader::<64>::new();
        assert!(frame.iter().any(|&byte| reader.push(byte)));
        assert!(Response::decode(&reader.envelope().unwrap()).is_err());
    }
}
