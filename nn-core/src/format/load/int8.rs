//! Layers of bytes from a model file, borrowed in place.

use super::{FromModel, LayerSource, LoadError};
use crate::format::{Int8DenseView, Int8Kernel, LayerView};
use crate::int8::{Requantization, Softmax, table::Table};
use crate::layer::int8::{Dense, Dequantize, Int4Dense, Mapped, PackedDense, Quantize};

impl<'m, const UNITS: usize> FromModel<'m> for Quantize<UNITS> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_at_inference()? {
            LayerView::Quantize { units, output } => layers.has_units::<UNITS>(units).map(|()| Self::new(output)),
            other => Err(layers.wrong_kind("int8::Quantize", &other)),
        }
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for Dequantize<UNITS> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_at_inference()? {
            LayerView::Dequantize { units, input } => layers.has_units::<UNITS>(units).map(|()| Self::new(input)),
            other => Err(layers.wrong_kind("int8::Dequantize", &other)),
        }
    }
}

impl<'m, const IN: usize, const OUT: usize> FromModel<'m> for Dense<'m, IN, OUT> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_at_inference()? {
            LayerView::Int8Dense(view @ Int8DenseView { kernel: Int8Kernel::Plain(kernel), .. }) => {
                let shape = layers.wrong_shape::<IN, OUT>((view.inputs, view.outputs));
                let kernel = kernel.as_chunks::<IN>().0.try_into().map_err(|_| shape)?;
                let bias = view.bias.try_into().map_err(|_| shape)?;
                Self::new(kernel, bias, view.output()).map_err(|_| shape)
            }
            other => Err(layers.wrong_kind("int8::Dense", &other)),
        }
    }
}

impl<'m, const IN: usize, const OUT: usize> FromModel<'m> for PackedDense<'m, IN, OUT> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_at_inference()? {
            LayerView::Int8Dense(view @ Int8DenseView { kernel: Int8Kernel::Packed(kernel), .. }) => {
                let found = (view.inputs, view.outputs);
                let shape = layers.wrong_shape::<IN, OUT>(found);
                // Kernels of several shapes have as many words.
                if found.0.try_into() != Ok(IN) {
                    return Err(shape);
                }
                let bias = view.bias.try_into().map_err(|_| shape)?;
                Self::new(kernel, bias, view.input.zero_point(), view.output()).map_err(|_| shape)
            }
            other => Err(layers.wrong_kind("int8::PackedDense", &other)),
        }
    }
}

impl<'m, const IN: usize, const OUT: usize> FromModel<'m> for Int4Dense<'m, IN, OUT> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        let view = match layers.next_at_inference()? {
            LayerView::Int4Dense(view) => view,
            other => return Err(layers.wrong_kind("int8::Int4Dense", &other)),
        };
        let found = (view.inputs, view.outputs);
        let shape = LoadError::Shape { layer: layers.last(), expected: (IN, OUT), found };
        if u32::try_from(IN) != Ok(view.inputs) {
            return Err(shape); // shapes of the same number of weights have kernels of the same size
        }
        let bias = view.bias.try_into().map_err(|_| shape)?;
        Self::new(view.kernel, bias, view.output()).map_err(|_| shape)
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for Mapped<UNITS, &'m Table> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_at_inference()? {
            LayerView::Int8Table(view) => layers.has_units::<UNITS>(view.units).map(|()| Self::new(view.table)),
            other => Err(layers.wrong_kind("int8::Mapped of a table", &other)),
        }
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for Mapped<UNITS, Softmax> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_at_inference()? {
            LayerView::Int8Softmax { units, multiplier, .. } => {
                layers.has_units::<UNITS>(units).map(|()| Self::new(Softmax::with_multiplier(multiplier)))
            }
            other => Err(layers.wrong_kind("int8::Mapped of softmax", &other)),
        }
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for Mapped<UNITS, Requantization> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_at_inference()? {
            LayerView::Requantize { units, multiplier, input, output } => layers
                .has_units::<UNITS>(units)
                .map(|()| Self::new(Requantization::with_multiplier(multiplier, input, output))),
            other => Err(layers.wrong_kind("int8::Mapped of a requantization", &other)),
        }
    }
}
