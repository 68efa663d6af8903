//! Initializers without randomness: zeros, ones, a constant, the identity matrix.

initializer! {
    /// All weights 0.
    Zeros: |_fan_in, _fan_out, _stream, w| w.fill(0.0)
}

initializer! {
    /// All weights 1.
    Ones: |_fan_in, _fan_out, _stream, w| w.fill(1.0)
}

initializer! {
    /// All weights `value`.
    Constant {
        /// what every weight is.
        value: Finite = 0.0,
    }
    |constant, _fan_in, _fan_out, _stream, w| w.fill(constant.value)
}

initializer! {
    /// `gain` where input and output have the same number, else 0.
    IdentityMatrix {
        /// what stands in the diagonal.
        gain: Finite = 1.0,
    }
    |identity, _fan_in, fan_out, _stream, w| identity.fill_diagonal(fan_out, w)
}

impl IdentityMatrix {
    fn fill_diagonal(&self, fan_out: usize, w: &mut [f32]) {
        w.fill(0.0);
        for (k, row) in w.chunks_exact_mut(fan_out.max(1)).enumerate() {
            if let Some(diagonal) = row.get_mut(k) {
                *diagonal = self.gain;
            }
        }
    }
}
