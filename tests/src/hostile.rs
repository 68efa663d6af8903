//! What is done with bytes that may come from an enemy: as a model file, and over the link. Nothing of it may panic.
//!
//! The fuzz targets, the mutations and the damage tests share these functions. They make checksums right, as an enemy
//! would, so that what lies behind them is reached.

use nn_bits::every::Every;
use nn_core::activation::{Relu, Softmax};
use nn_core::format::{self, FormatError, HEADER_SIZE, MAGIC, VERSION, load};
use nn_core::layer::{Borrowed, Chain, Dense};
use nn_core::link::{Envelope, FrameReader, Request, Response};
use nn_host::model::{AlignedBytes, Model};

use crate::interpreter::interpret;

/// CRC-32C, written from its definition and not from the code that it is to judge.
const CRC_32C: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI);

/// The most bytes of tensors that are put behind layers whose own are missing.
const MOST_TENSORS: usize = 1 << 16;

/// The longest frame.
const CAPACITY: usize = 4096;

/// Reads a model file and asks the model for an answer; whether it was one.
///
/// # Panics
/// If what was accepted does not work.
#[must_use]
pub fn model_file(bytes: &[u8]) -> bool {
    let Ok(file) = format::Model::parse(bytes) else { return false };
    let zeros = vec![0; file.inputs() as usize * file.scaling().encoding.size()];
    let outputs = interpret(&file, &zeros).map(|output| output.len());
    assert_eq!(outputs, Some(file.outputs() as usize), "an answer of the right size");
    typed(&file);
    // The trainer computes some layers alone.
    let Ok(model) = Model::from_bytes(bytes) else { return true };
    let raw = vec![0; model.inputs() * model.scaling().encoding.size()];
    let outputs = model.predict_raw(&raw).map(|output| output.len());
    assert_eq!(outputs, Some(model.outputs()), "an answer of the right size");
    if let Ok(again) = model.to_bytes() {
        let again = Model::from_bytes(again.as_bytes()).map(|model| model.weights_sha256());
        assert_eq!(again, Ok(model.weights_sha256()), "a file that is written is read");
    }
    true
}

/// Loads the file as a type, which most files are not.
fn typed(file: &format::Model<'_>) {
    type Network<'m> = Chain<Dense<2, 2, Relu, Borrowed<'m>>, Dense<2, 2, Softmax, Borrowed<'m>>>;
    let _ = load::<Network<'_>>(file);
    let _ = load::<Dense<2, 3, Relu>>(file);
    let _ = load::<Every<Borrowed<'_>>>(file);
}

/// The bytes as a file whose header is right: magic, version, length, fingerprint, checksum; and with as many bytes of
/// tensors as its layers need, as long as they are few.
#[must_use]
pub fn with_right_header(bytes: &[u8]) -> AlignedBytes {
    let mut file = checksummed(bytes);
    for _ in 0..2 {
        match format::Model::parse(file.as_bytes()).map(drop) {
            Err(FormatError::Fingerprint { expected, .. }) => {
                put(file.as_mut_bytes(), 4, expected);
                file = checksummed(file.as_bytes());
            }
            Err(FormatError::Tensors { expected, found }) if expected <= MOST_TENSORS => {
                let start = file.as_bytes().len() - found;
                let mut longer = file.as_bytes().to_vec();
                longer.resize(start + expected, 0);
                file = checksummed(&longer);
            }
            _ => break,
        }
    }
    file
}

/// The bytes with the magic, the version, the length and the checksum that they should have.
#[must_use]
pub fn checksummed(bytes: &[u8]) -> AlignedBytes {
    let mut file = AlignedBytes::copy_of(bytes);
    let bytes = file.as_mut_bytes();
    if bytes.len() >= HEADER_SIZE {
        put(bytes, 0, u32::from_le_bytes(MAGIC));
        put(bytes, 1, VERSION);
        put(bytes, 2, u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        put(bytes, 3, CRC_32C.checksum(bytes.get(16..).unwrap_or_default()));
    }
    file
}

/// Sets a word of a header.
fn put(bytes: &mut [u8], word: usize, value: u32) {
    if let Some(place) = bytes.as_chunks_mut().0.get_mut(word) {
        *place = value.to_le_bytes();
    }
}

/// Takes the bytes from the wire as they are, and as the content of a frame; the number of messages in them.
///
/// # Panics
/// If a message is another one after a second journey.
#[must_use]
pub fn link(bytes: &[u8]) -> usize {
    messages(bytes) + messages(&frame(bytes))
}

/// A frame with this content: checksum, COBS, zero.
fn frame(content: &[u8]) -> Vec<u8> {
    let checksum = CRC_32C.checksum(content).to_le_bytes();
    let mut frame = cobs::encode_vec(&[content, &checksum].concat());
    frame.push(0);
    frame
}

/// The number of messages in a stream of bytes.
fn messages(stream: &[u8]) -> usize {
    let mut reader = FrameReader::<CAPACITY>::new();
    let mut messages = 0;
    for &byte in stream {
        if reader.push(byte)
            && let Ok(envelope) = reader.envelope()
        {
            messages += usize::from(request(&envelope)) + usize::from(response(&envelope));
        }
    }
    messages
}

fn request(envelope: &Envelope<'_>) -> bool {
    let Ok(request) = Request::decode(envelope) else { return false };
    let mut buffer = [0; CAPACITY];
    let length = request.encode(envelope.id, &mut buffer).map_or(0, |frame| frame.len());
    same(buffer.get(..length), |again| Request::decode(again) == Ok(request))
}

fn response(envelope: &Envelope<'_>) -> bool {
    let Ok(response) = Response::decode(envelope) else { return false };
    let mut buffer = [0; CAPACITY];
    let length = response.encode(envelope.id, &mut buffer).map_or(0, |frame| frame.len());
    same(buffer.get(..length), |again| Response::decode(again) == Ok(response))
}

/// Reads a frame that was written from a message; an empty one did not fit.
fn same(frame: Option<&[u8]>, is_same: impl Fn(&Envelope<'_>) -> bool) -> bool {
    let mut reader = FrameReader::<CAPACITY>::new();
    for &byte in frame.unwrap_or_default() {
        if reader.push(byte) {
            assert!(reader.envelope().is_ok_and(|again| is_same(&again)), "a message that is written is read");
        }
    }
    true
}
