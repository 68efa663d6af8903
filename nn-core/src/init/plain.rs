//! Initializers that do not look at the layer's size: zeros, ones, uniform, normal, truncated normal; and identity.

use super::{fill_uniform, normal, truncated_normal};

/// Half the range of Keras' uniform initializer, and the standard deviation of its normal ones.
const SMALL: f32 = 0.05;

initializer! {
    /// All weights 0.
    Zeros: |_fan_in, _fan_out, _stream, w| w.fill(0.0)
}

initializer! {
    /// All weights 1.
    Ones: |_fan_in, _fan_out, _stream, w| w.fill(1.0)
}

initializer! {
    /// Uniform in [−0.05, 0.05).
    RandomUniform: |_fan_in, _fan_out, stream, w| fill_uniform(SMALL, stream, w)
}

initializer! {
    /// Normal with mean 0 and standard deviation 0.05.
    RandomNormal: |_fan_in, _fan_out, stream, w| w.fill_with(|| SMALL * normal(stream))
}

initializer! {
    /// Normal with mean 0 and standard deviation 0.05, cut off at ±0.1.
    TruncatedNormal: |_fan_in, _fan_out, stream, w| w.fill_with(|| SMALL * truncated_normal(stream))
}

initializer! {
    /// 1 where input and output have the same number, else 0.
    IdentityMatrix: |_fan_in, fan_out, _stream, w| identity(fan_out, w)
}

fn identity(fan_out: usize, w: &mut [f32]) {
    w.fill(0.0);
    for (k, row) in w.chunks_exact_mut(fan_out.max(1)).enumerate() {
        if let Some(diagonal) = row.get_mut(k) {
            *diagonal = 1.0;
        }
    }
}
