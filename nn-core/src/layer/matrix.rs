//! The weights of a dense layer as matrices of `nalgebra`, without a copy.

use nalgebra::{SMatrixView, SVectorView};

use super::{Dense, Storage};

impl<const IN: usize, const OUT: usize, A, S: Storage> Dense<IN, OUT, A, S> {
    /// The weights as a matrix OUT×IN, so that z = W · x + b. nalgebra's columns are the rows of the kernel, where they are.
    ///
    /// nalgebra sums in an order of its own, so its products are near those of the layer and need not have their bits.
    ///
    /// ```
    /// use nalgebra::Vector3;
    /// use nn_core::activation::Identity;
    /// use nn_core::layer::{Dense, Layer};
    ///
    /// let layer = Dense::new([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [0.5, -0.5], Identity);
    /// let z = layer.kernel_matrix() * Vector3::new(1.0, 0.0, 2.0) + layer.bias_vector();
    /// assert_eq!(z.as_slice(), layer.predict(&[1.0, 0.0, 2.0]).as_slice());
    /// ```
    pub fn kernel_matrix(&self) -> SMatrixView<'_, f32, OUT, IN> {
        SMatrixView::from_slice(self.kernel().as_flattened())
    }

    /// The bias as a column of `OUT` numbers.
    ///
    /// ```
    /// use nn_core::{activation::Identity, layer::Dense};
    /// let layer = Dense::new([[1.0, 2.0]], [3.0, 4.0], Identity);
    /// assert_eq!(layer.bias_vector().dot(&layer.bias_vector()), 25.0);
    /// ```
    pub fn bias_vector(&self) -> SVectorView<'_, f32, OUT> {
        SVectorView::from_slice(self.bias())
    }
}

#[cfg(test)]
mod tests {
    use crate::activation::Identity;
    use crate::layer::Dense;

    #[test]
    fn a_view_has_the_weights_by_output_and_input_and_at_their_place() {
        let kernel = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
        let bias = [7.0, 8.0];
        let layer = Dense::borrowed(&kernel, &bias, Identity);
        let matrix = layer.kernel_matrix();
        assert_eq!(matrix.shape(), (2, 3));
        for (k, row) in kernel.iter().enumerate() {
            for (o, w) in row.iter().enumerate() {
                assert_eq!(matrix[(o, k)], *w);
            }
        }
        assert_eq!(matrix.as_ptr(), kernel.as_flattened().as_ptr());
        assert_eq!(layer.bias_vector().as_slice().as_ptr(), bias.as_ptr());
        assert_eq!(layer.bias_vector().as_slice(), bias);
    }
}
