//! Tensors of f32 as a safetensors file holds them, little-endian: to the file beside from the file.

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensorError};

/// Values of this shape as a tensor of a file.
///
/// # Errors
/// [`SafeTensorError`] if the shape has another number of values.
pub(crate) fn of_floats(shape: Vec<usize>, values: &[f32]) -> Result<TensorView<'_>, SafeTensorError> {
    TensorView::new(Dtype::F32, shape, bytemuck::cast_slice::<f32, u8>(values))
}

/// The values of a tensor of a file; `None` if it is of another type.
pub(crate) fn floats(view: &TensorView<'_>) -> Option<Vec<f32>> {
    let words = view.data().as_chunks::<4>().0;
    (view.dtype() == Dtype::F32).then(|| words.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect())
}

#[cfg(test)]
mod tests {
    use safetensors::Dtype;
    use safetensors::tensor::TensorView;

    use super::{floats, of_floats};

    #[test]
    fn floats_come_back_and_nothing_else_is_taken_for_them() {
        let values = [1.5, -0.0, f32::MIN_POSITIVE];
        let view = of_floats(vec![3, 1], &values).unwrap();
        assert_eq!(view.data()[..4], 1.5_f32.to_le_bytes());
        let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&floats(&view).unwrap()), bits(&values));
        assert!(of_floats(vec![2], &values).is_err());
        let words = TensorView::new(Dtype::U32, vec![1], &[0; 4]).unwrap();
        assert_eq!(floats(&words), None);
    }
}
