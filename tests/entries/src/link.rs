//! The link: frames byte by byte, and every message.

use core::fmt::{self, Write};

use nn_core::link::{Envelope, Fault, FrameError, FrameReader, MessageError, Request, Response};

use crate::text::Text;

type Reader = FrameReader<64>;
type Frame = Result<&'static mut [u8], FrameError>;

entries! {
    fn new() -> Reader { Reader::new() }
    fn push(reader: &mut Reader, byte: u8) -> bool { reader.push(byte) }
    fn envelope(reader: &'static mut Reader) -> Result<Envelope<'static>, FrameError> { reader.envelope() }
    fn recycle(reader: &'static mut Reader) -> &'static mut [u8] { reader.recycle() }
    fn encode_request(request: &Request<'_>, id: u32, buffer: &'static mut [u8]) -> Frame { request.encode(id, buffer) }
    fn decode_request(envelope: &Envelope<'static>) -> Result<Request<'static>, MessageError> {
        Request::decode(envelope)
    }
    fn encode_response(response: &Response<'_>, id: u32, buffer: &'static mut [u8]) -> Frame {
        response.encode(id, buffer)
    }
    fn decode_response(envelope: &Envelope<'static>) -> Result<Response<'static>, MessageError> {
        Response::decode(envelope)
    }
    fn frame_error(error: &FrameError, text: &mut Text) -> fmt::Result { write!(text, "{error}") }
    fn message_error(error: &MessageError, text: &mut Text) -> fmt::Result { write!(text, "{error}") }
    fn fault(fault: &Fault, text: &mut Text) -> fmt::Result { write!(text, "{fault}") }
}
