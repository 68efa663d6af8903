//! Any bytes as a model file with a right header: refused, or a model that answers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nn_tests::hostile;

fuzz_target!(|bytes: &[u8]| {
    let _ = hostile::model_file(bytes);
    let _ = hostile::model_file(hostile::with_right_header(bytes).as_bytes());
});
