//! How what a rule remembers for a weight becomes bytes, and comes back.

use super::{FloatScale, LinearScale};
use crate::Zero;
use crate::optimizer::Moments;

/// What a rule remembers for a weight and can be packed, with a scale for a row.
///
/// ```
/// use nn_core::{Zero, optimizer::{LinearScale, Pack}};
/// let mut scale = LinearScale::ZERO;
/// [0.25_f32, -1.0].iter().for_each(|m| m.cover(&mut scale));
/// assert_eq!(f32::unpack((-1.0_f32).pack(&scale, 0), &scale), -1.0);
/// ```
pub trait Pack: Zero + Copy {
    /// What is left of it.
    type Code: Zero + Copy + Send + Sync + 'static;

    /// What gives the codes of a row their size.
    type Scale: Zero + Copy + Send + Sync + 'static;

    /// Makes the scale large enough for this.
    fn cover(&self, scale: &mut Self::Scale);

    /// The code, rounded up or down as `random` says.
    fn pack(&self, scale: &Self::Scale, random: u32) -> Self::Code;

    /// What a code stands for.
    fn unpack(code: Self::Code, scale: &Self::Scale) -> Self;
}

impl Pack for f32 {
    type Code = i8;
    type Scale = LinearScale;

    fn cover(&self, scale: &mut LinearScale) {
        *scale = LinearScale::covering(*self).max(*scale);
    }

    fn pack(&self, scale: &LinearScale, random: u32) -> i8 {
        scale.pack(*self, halves(random).0)
    }

    fn unpack(code: i8, scale: &LinearScale) -> Self {
        scale.unpack(code)
    }
}

/// The codes of a weight's moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MomentCodes {
    m: i8,
    v: u8,
}

impl Zero for MomentCodes {
    const ZERO: Self = Self { m: 0, v: 0 };
}

/// The scales of a row's moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MomentScales {
    m: LinearScale,
    v: FloatScale,
}

impl Zero for MomentScales {
    const ZERO: Self = Self { m: LinearScale::ZERO, v: FloatScale::ZERO };
}

impl Pack for Moments {
    type Code = MomentCodes;
    type Scale = MomentScales;

    fn cover(&self, scale: &mut MomentScales) {
        self.m.cover(&mut scale.m);
        scale.v = FloatScale::covering(self.v).max(scale.v);
    }

    fn pack(&self, scale: &MomentScales, random: u32) -> MomentCodes {
        let (for_m, for_v) = halves(random);
        MomentCodes { m: scale.m.pack(self.m, for_m), v: scale.v.pack(self.v, for_v) }
    }

    fn unpack(code: MomentCodes, scale: &MomentScales) -> Self {
        Self { m: scale.m.unpack(code.m), v: scale.v.unpack(code.v) }
    }
}

/// The upper and the lower half of a random word.
#[expect(clippy::cast_possible_truncation, reason = "halves")]
const fn halves(random: u32) -> (u16, u16) {
    ((random >> 16) as u16, random as u16)
}
