//! The host's side of the link: asks, waits, checks.

use core::time::Duration;
use std::io::{self, ErrorKind};
use std::time::Instant;

use nn_core::format::Encoding;
use nn_core::link::{Fault, FrameError, FrameReader, MessageError, Request, Response};

/// How long a device may take for an answer, whatever it sends meanwhile.
const TIMEOUT: Duration = Duration::from_secs(20);

/// How often a session looks up from waiting.
const SLICE: Duration = Duration::from_millis(100);

/// How often a request is sent again that the device could not read: a byte may be lost while a device starts, and no request
/// that is asked twice does anything twice.
const REPEATS: u32 = 3;

/// The longest frame that is taken from a device.
const FRAME_CAPACITY: usize = 1 << 16;

/// A byte port to a device.
pub trait Port {
    /// Sends all bytes.
    ///
    /// # Errors
    /// The system's error.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Waits for the next bytes.
    ///
    /// # Errors
    /// [`io::ErrorKind::TimedOut`] if none come in time, else the system's error.
    fn receive(&mut self, timeout: Duration) -> io::Result<Vec<u8>>;
}

/// Why a device has not answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The port has failed, or nothing came in time.
    #[error("no answer from the device")]
    Port(#[from] io::Error),
    /// The answer was damaged.
    #[error("damaged answer from the device")]
    Frame(#[from] FrameError),
    /// The answer could not be read.
    #[error("the answer of the device cannot be read")]
    Message(#[from] MessageError),
    /// The device could not serve the request.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The caller wants to end.
    #[error("interrupted")]
    Interrupted,
    /// The device has answered something else.
    #[error("the device has answered another question")]
    Unexpected,
}

/// What a device is and what it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    /// The board's name.
    pub board: String,
    /// The checksum of the model file that it runs.
    pub model_checksum: u32,
    /// Values of an input and of an output.
    pub shape: (u32, u32),
    /// Test vectors in the model file, and how many of them had the right bits at boot.
    pub test_vectors: (u32, u32),
    /// Ticks a second of the clock that predictions are timed with.
    pub ticks_per_second: u32,
    /// Bytes of the stack that were in use at the deepest moment since boot.
    pub stack_bytes: u32,
}

/// A device's answer to one input.
#[derive(Clone, Debug, PartialEq)]
pub struct DevicePrediction {
    /// Ticks that scaling the input and the network took.
    pub ticks: u32,
    /// The output.
    pub output: Vec<f32>,
}

/// A conversation with a device.
#[derive(Debug)]
pub struct Session<P> {
    port: P,
    reader: Box<FrameReader<FRAME_CAPACITY>>,
    /// Received bytes that are not yet read.
    received: std::vec::IntoIter<u8>,
    frame: Vec<u8>,
    next_id: u32,
    is_interrupted: fn() -> bool,
}

impl<P: Port> Session<P> {
    /// A conversation over this port.
    #[must_use]
    pub fn new(port: P) -> Self {
        let frame = vec![0; FRAME_CAPACITY];
        let received = Vec::new().into_iter();
        Self { port, reader: Box::default(), received, frame, next_id: 1, is_interrupted: || false }
    }

    /// The same conversation, which ends with [`SessionError::Interrupted`] soon after the function says so.
    #[must_use]
    pub fn until(self, is_interrupted: fn() -> bool) -> Self {
        Self { is_interrupted, ..self }
    }

    /// The version of the device's messages.
    ///
    /// # Errors
    /// [`SessionError`] if the device does not answer.
    pub fn ping(&mut self) -> Result<u16, SessionError> {
        self.ask(&Request::Ping, |response| match response {
            Response::Pong { protocol } => Some(protocol),
            _ => None,
        })
    }

    /// What the device is and what it runs.
    ///
    /// # Errors
    /// [`SessionError`] if the device does not answer.
    pub fn info(&mut self) -> Result<DeviceInfo, SessionError> {
        self.ask(&Request::Info, |response| match response {
            Response::Info(info) => Some(DeviceInfo {
                board: info.board.to_owned(),
                model_checksum: info.model_checksum,
                shape: (info.inputs, info.outputs),
                test_vectors: (info.test_vectors, info.test_vectors_passed),
                ticks_per_second: info.ticks_per_second,
                stack_bytes: info.stack_bytes,
            }),
            _ => None,
        })
    }

    /// The device's answer to one input, given as raw values in the model's encoding.
    ///
    /// # Errors
    /// [`SessionError`] if the device does not answer, or not with a prediction.
    pub fn predict(&mut self, encoding: Encoding, input: &[u8]) -> Result<DevicePrediction, SessionError> {
        self.ask(&Request::Predict { encoding, input }, |response| match response {
            Response::Prediction(prediction) => {
                let output = prediction.output.as_chunks().0.iter().copied().map(f32::from_le_bytes).collect();
                Some(DevicePrediction { ticks: prediction.ticks, output })
            }
            _ => None,
        })
    }

    /// Sends a request and reads the response with its id; older responses are passed over.
    fn ask<T>(&mut self, request: &Request<'_>, read: impl Fn(Response<'_>) -> Option<T>) -> Result<T, SessionError> {
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1).max(1);
        self.port.send(request.encode(id, &mut self.frame)?)?;
        let deadline = Instant::now() + TIMEOUT;
        let mut repeats = 0;
        loop {
            self.next_frame(deadline)?;
            let envelope = self.reader.envelope()?;
            let response = Response::decode(&envelope)?;
            if let (0, Response::Error(fault)) = (envelope.id, response) {
                if fault != Fault::Unreadable || repeats == REPEATS {
                    return Err(fault.into());
                }
                repeats += 1;
                self.port.send(request.encode(id, &mut self.frame)?)?;
                continue;
            }
            if envelope.id == id {
                return match response {
                    Response::Error(fault) => Err(fault.into()),
                    response => read(response).ok_or(SessionError::Unexpected),
                };
            }
        }
    }

    /// Waits until the reader has a whole frame.
    fn next_frame(&mut self, deadline: Instant) -> Result<(), SessionError> {
        loop {
            if self.received.any(|byte| self.reader.push(byte)) {
                return Ok(());
            }
            if (self.is_interrupted)() {
                return Err(SessionError::Interrupted);
            }
            match self.port.receive(SLICE) {
                Ok(bytes) => self.received = bytes.into_iter(),
                Err(error) if error.kind() == ErrorKind::TimedOut && Instant::now() < deadline => {}
                Err(error) => return Err(error.into()),
            }
            if Instant::now() > deadline {
                return Err(io::Error::from(ErrorKind::TimedOut).into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::io;

    use nn_core::link::{Fault, PROTOCOL, Response};

    use super::{FRAME_CAPACITY, Port, REPEATS, Session, SessionError};

    /// A device that cannot read its first requests, and answers pings afterwards.
    struct Deaf {
        faults: u32,
        asked: u32,
    }

    impl Port for Deaf {
        fn send(&mut self, _: &[u8]) -> io::Result<()> {
            self.asked += 1;
            Ok(())
        }

        fn receive(&mut self, _: Duration) -> io::Result<Vec<u8>> {
            let (id, answer) = if self.asked <= self.faults {
                (0, Response::Error(Fault::Unreadable))
            } else {
                (1, Response::Pong { protocol: PROTOCOL })
            };
            Ok(answer.encode(id, &mut vec![0; FRAME_CAPACITY]).unwrap().to_vec())
        }
    }

    #[test]
    fn what_the_device_could_not_read_is_sent_again_a_few_times() {
        let mut session = Session::new(Deaf { faults: REPEATS, asked: 0 });
        assert_eq!(session.ping().unwrap(), PROTOCOL);
        assert_eq!(session.port.asked, 1 + REPEATS);
        let mut deaf = Session::new(Deaf { faults: u32::MAX, asked: 0 });
        assert!(matches!(deaf.ping(), Err(SessionError::Fault(Fault::Unreadable))));
        assert_eq!(deaf.port.asked, 1 + REPEATS);
    }
}
