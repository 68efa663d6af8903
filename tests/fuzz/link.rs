//! Any bytes on the wire, and as the content of a frame with a right checksum: refused, or messages that go there and back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nn_tests::hostile;

fuzz_target!(|bytes: &[u8]| {
    let _ = hostile::link(bytes);
});
