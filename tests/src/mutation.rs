//! Random damage to good bytes, from a fixed seed, so that the same mutants come on every machine.

use core::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

use nn_core::random::{Purpose, Stream};

/// Bytes at which sizes and varints turn.
const EDGES: [u8; 8] = [0x00, 0x01, 0x02, 0x7f, 0x80, 0x81, 0xfe, 0xff];

/// The longest mutant.
const LONGEST: usize = 4096;

/// What became of some mutants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// How many were taken for good.
    pub accepted: u32,
    /// How many were refused.
    pub refused: u32,
    /// The first one that led to a panic, where it ends.
    pub panicked: Option<Vec<u8>>,
}

/// Shows mutants of the seeds to a function that says whether it takes them, until it panics.
pub fn try_mutants(seeds: &[&[u8]], mutants: u32, seed: u64, takes: impl Fn(&[u8]) -> bool) -> Verdict {
    let mut stream = Stream::new(seed, Purpose::Shuffle, 0, 0);
    let mut verdict = Verdict::default();
    for _ in 0..mutants {
        let mutant = mutant(seeds, &mut stream);
        match catch_unwind(AssertUnwindSafe(|| takes(&mutant))) {
            Ok(true) => verdict.accepted += 1,
            Ok(false) => verdict.refused += 1,
            Err(_) => return Verdict { panicked: Some(mutant), ..verdict },
        }
    }
    verdict
}

/// One of the seeds with one to four changes.
fn mutant(seeds: &[&[u8]], stream: &mut Stream) -> Vec<u8> {
    let mut bytes = pick(seeds, stream).to_vec();
    for _ in 0..=stream.below(4) {
        change(&mut bytes, seeds, stream);
        bytes.truncate(LONGEST);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, seeds: &[&[u8]], stream: &mut Stream) {
    let place = below(bytes.len(), stream);
    let end = place + below(bytes.len() - place, stream);
    match stream.below(8) {
        0 => set(bytes, place, |byte| byte ^ 1 << (stream.word() % 8)),
        1 => set(bytes, place, |_| stream.word().to_le_bytes()[0]),
        2 => set(bytes, place, |_| pick(&EDGES, stream)),
        3 => set(bytes, place, |byte| byte.wrapping_add(1)),
        4 => bytes.insert(place, pick(&EDGES, stream)),
        5 => drop(bytes.drain(place..end)),
        6 => bytes.extend_from_within(place..end),
        _ => {
            let other = pick(seeds, stream);
            let cut = below(other.len(), stream);
            bytes.truncate(place);
            bytes.extend_from_slice(other.get(cut..).unwrap_or_default());
        }
    }
}

fn set(bytes: &mut [u8], place: usize, value: impl FnOnce(u8) -> u8) {
    if let Some(byte) = bytes.get_mut(place) {
        *byte = value(*byte);
    }
}

/// A number below a limit, or 0 if the limit is.
fn below(limit: usize, stream: &mut Stream) -> usize {
    stream.below(u32::try_from(limit.max(1)).unwrap_or(u32::MAX)) as usize
}

fn pick<T: Copy + Default>(choices: &[T], stream: &mut Stream) -> T {
    choices.get(below(choices.len(), stream)).copied().unwrap_or_default()
}
