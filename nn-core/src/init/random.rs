//! Initializers whose distribution does not look at the layer's size: uniform, normal, truncated normal.

use super::truncated_normal;

initializer! {
    /// Uniform from `minval` to below `maxval`; where they stand the other way round, from above `maxval` to `minval`.
    RandomUniform {
        /// one end of the range.
        minval: Finite = -0.05,
        /// the other end.
        maxval: Finite = 0.05,
    }
    |uniform, _fan_in, _fan_out, stream, w| {
        w.fill_with(|| uniform.minval + (uniform.maxval - uniform.minval) * stream.uniform());
    }
}

initializer! {
    /// Normal with mean `mean` and standard deviation `stddev`.
    RandomNormal {
        /// the mean.
        mean: Finite = 0.0,
        /// the standard deviation, at least 0.
        stddev: NotNegative = 0.05,
    }
    |distribution, _fan_in, _fan_out, stream, w| {
        w.fill_with(|| distribution.mean + distribution.stddev * stream.normal());
    }
}

initializer! {
    /// Normal with mean `mean` and standard deviation `stddev`, cut off at two standard deviations from the mean.
    TruncatedNormal {
        /// the mean.
        mean: Finite = 0.0,
        /// the standard deviation before the cut, at least 0.
        stddev: NotNegative = 0.05,
    }
    |distribution, _fan_in, _fan_out, stream, w| {
        w.fill_with(|| distribution.mean + distribution.stddev * truncated_normal(stream));
    }
}
