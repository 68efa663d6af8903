//! Mutants of good model files and messages: a short fuzzing that is the same everywhere. `cargo xtask fuzz` goes on.

use nn_core::format::{Encoding, HEADER_SIZE};
use nn_core::link::{Fault, Info, Prediction, Request, Response};
use nn_tests::mutation::{Verdict, try_mutants};
use nn_tests::{blobs, hostile};
use rayon::prelude::*;

/// Mutants of one stream of random numbers.
const MUTANTS: u32 = 20_000;

/// Streams, which threads share.
const STREAMS: u64 = 32;

fn model_files() -> Vec<Vec<u8>> {
    let small = blobs::kept().unwrap().into_iter().filter(|blob| blob.bytes.as_bytes().len() <= 1024);
    small.map(|blob| blob.bytes.as_bytes().to_vec()).collect()
}

/// What stands in the frame of every kind of message: id, tag and payload.
fn contents() -> Vec<Vec<u8>> {
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
    let predict = Request::Predict { encoding: Encoding::F32, input: &[0, 1, 2, 3] };
    let requests = [Request::Ping, Request::Info, predict].map(|request| {
        let mut buffer = [0; 64];
        request.encode(7, &mut buffer).unwrap().to_vec()
    });
    let responses = [
        Response::Pong { protocol: 1 },
        Response::Info(info),
        Response::Prediction(Prediction { ticks: 1234, output: &[0, 0, 128, 63] }),
        Response::Error(Fault::InputLength { expected: 784 }),
    ];
    let responses = responses.map(|response| {
        let mut buffer = [0; 64];
        response.encode(7, &mut buffer).unwrap().to_vec()
    });
    let frames = requests.into_iter().chain(responses);
    let contents = frames.map(|frame| cobs::decode_vec(&frame[..frame.len() - 1]).unwrap());
    contents.map(|content| content[..content.len() - 4].to_vec()).collect()
}

/// Shows mutants to a function on all threads; the sum of what became of them.
fn all_mutants(seeds: &[Vec<u8>], takes: impl Fn(&[u8]) -> bool + Sync) -> Verdict {
    let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
    let verdicts = (0..STREAMS).into_par_iter().map(|seed| try_mutants(&seeds, MUTANTS, seed, &takes));
    verdicts.reduce(Verdict::default, |a, b| Verdict {
        accepted: a.accepted + b.accepted,
        refused: a.refused + b.refused,
        panicked: a.panicked.or(b.panicked),
    })
}

fn takes_model_file(bytes: &[u8]) -> bool {
    hostile::model_file(hostile::with_right_header(bytes).as_bytes())
}

#[test]
fn mutants_of_model_files_are_refused_or_work() {
    let verdict = all_mutants(&model_files(), takes_model_file);
    assert_eq!(verdict.panicked, None);
    assert!(verdict.accepted > MUTANTS && verdict.refused > MUTANTS, "{verdict:?}");
}

#[test]
fn mutants_of_messages_are_refused_or_are_messages() {
    let verdict = all_mutants(&contents(), |bytes| hostile::link(bytes) > 0);
    assert_eq!(verdict.panicked, None);
    assert!(verdict.accepted > MUTANTS && verdict.refused > MUTANTS, "{verdict:?}");
}

#[test]
fn a_reader_that_trusts_a_size_is_found() {
    let files = model_files();
    let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    // The tag of the first record, its length, and the inputs of its layer, which are 0 in no seed.
    let trusts = |bytes: &[u8]| match bytes.get(HEADER_SIZE..HEADER_SIZE + 3) {
        Some(&[1, 7, inputs]) => 1000 / u32::from(inputs) > 0,
        _ => false,
    };
    assert!(files.iter().all(|file| file[HEADER_SIZE + 2] != 0));
    let found = try_mutants(&files, MUTANTS, 0, trusts).panicked.unwrap();
    assert_eq!(found[HEADER_SIZE..HEADER_SIZE + 3], [1, 7, 0]);
}

#[test]
fn the_same_seed_makes_the_same_mutants() {
    let seen = |seed| {
        let all = std::sync::Mutex::new(Vec::new());
        let _ = try_mutants(&[&[1, 2, 3, 4]], 100, seed, |mutant| {
            all.lock().unwrap().push(mutant.to_vec());
            true
        });
        all.into_inner().unwrap()
    };
    assert_eq!(seen(1), seen(1));
    assert_ne!(seen(1), seen(2));
}
