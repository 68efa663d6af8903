//! Which of the 2³² numbers are asked, in ascending order.

use core::ops::RangeInclusive;

/// Numbers of a block. All of them have the same sign and exponent, whose numbers fill 128 blocks.
const BLOCK: u32 = 1 << 16;

/// All blocks: from the NaNs with a sign through −∞, −0, 0 and ∞ to those without.
pub(super) const BLOCKS: u32 = u32::MAX / BLOCK + 1;

/// Inside a block the subset takes every number at this distance: a prime, so that all low bits come.
const STRIDE: u32 = 509;

/// Where numbers have neighbors for which most functions change what they do.
const BREAKS: [f32; 8] = [0.0, f32::MIN_POSITIVE, 1.0, f32::MAX, -0.0, -f32::MIN_POSITIVE, -1.0, -f32::MAX];

/// How many numbers are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    /// Every block's first number and every 509th after it, so that each sign and exponent has 16,700; and all numbers of
    /// each block around a break, and of the two beside it.
    Subset,
    /// All 2³².
    All,
}

/// The place of a number in ascending order.
pub(super) fn place(x: f32) -> u32 {
    let bits = x.to_bits();
    if x.is_sign_negative() { !bits } else { bits | 1 << 31 }
}

/// The number at a place in ascending order.
fn number(place: u32) -> f32 {
    f32::from_bits(if place < 1 << 31 { !place } else { place ^ 1 << 31 })
}

impl Numbers {
    /// The numbers of a block that are asked, for a function with these breaks; the last is the first of the next block, so
    /// that nothing falls between them.
    pub(super) fn of_block(self, block: u32, breaks: &[f32]) -> Vec<f32> {
        let first = block * BLOCK;
        let last = first.saturating_add(BLOCK);
        let is_near = |&x: &f32| near(place(x) / BLOCK).contains(&block);
        if self == Self::All || BREAKS.iter().chain(breaks).any(is_near) {
            return (first..=last).map(number).collect();
        }
        // The start differs from block to block.
        let between = (first..=last).skip((block % STRIDE) as usize).step_by(STRIDE as usize);
        [first].into_iter().chain(between).chain([last]).map(number).collect()
    }
}

/// A block and the two beside it.
fn near(block: u32) -> RangeInclusive<u32> {
    block.saturating_sub(1)..=block.saturating_add(1)
}

#[test]
fn numbers_ascend() {
    let ascending = [f32::NEG_INFINITY, f32::MIN, -1.0, -1e-45, -0.0, 0.0, 1e-45, 1.0, f32::MAX, f32::INFINITY];
    for pair in ascending.windows(2) {
        assert!(place(pair[0]) < place(pair[1]), "{pair:?}");
        assert_eq!(number(place(pair[0])).to_bits(), pair[0].to_bits());
    }
    assert!(number(0).is_nan() && number(u32::MAX).is_nan());
}

#[test]
fn the_subset_has_every_exponent_and_all_numbers_near_a_break() {
    let mut count = [0_u32; 512];
    for x in (0..BLOCKS).flat_map(|block| Numbers::Subset.of_block(block, &[])) {
        count[(x.to_bits() >> 23) as usize] += 1;
    }
    assert!(count.iter().all(|&count| count >= 16_400), "{count:?}");
    let broken = Numbers::Subset.of_block(place(7.5) / BLOCK, &[7.5]);
    assert_eq!(broken.len(), BLOCK as usize + 1);
    assert!(Numbers::Subset.of_block(place(7.5) / BLOCK, &[]).len() < 140);
}
