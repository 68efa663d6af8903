//! Single layers from a model file: borrowed in place, or owned, as copies that can learn.

use super::{FromModel, LayerSource, LoadError};
use crate::activation::Kind;
use crate::format::LayerView;
use crate::layer::{BatchNorm, Borrowed, Dense, Dropout, LayerNorm, Owned, Prelu, Scale, Skip};

/// Kernel, bias and activation of a dense layer.
type Parts<'m, const IN: usize, const OUT: usize, const BIAS: usize, A> =
    (&'m [[f32; OUT]; IN], &'m [[f32; OUT]; BIAS], A);

impl<'m> LayerSource<'m> {
    /// The next dense layer, whose shape and activation must be those of the type.
    fn dense<const IN: usize, const OUT: usize, const BIAS: usize, A: Kind>(
        &mut self,
    ) -> Result<Parts<'m, IN, OUT, BIAS, A>, LoadError> {
        let view = match self.next_but_dropout()? {
            LayerView::Dense(view) => view,
            other => return Err(self.wrong_kind("Dense", &other)),
        };
        let layer = self.last();
        let shape = LoadError::Shape { layer, expected: (IN, OUT), found: (view.inputs, view.outputs) };
        let kernel = view.kernel.as_chunks::<OUT>().0.try_into().map_err(|_| shape)?;
        let bias = view.bias.as_chunks::<OUT>().0.try_into();
        let bias =
            bias.map_err(|_| if view.bias.is_empty() == (BIAS == 0) { shape } else { LoadError::Bias { layer } });
        let activation = A::try_from(view.activation);
        let activation = activation.map_err(|_| LoadError::Activation { layer, found: view.activation })?;
        Ok((kernel, bias?, activation))
    }

    /// One tensor of the layer taken last, `[ROWS][UNITS]`.
    fn rows<const UNITS: usize, const ROWS: usize>(
        &self,
        values: &'m [f32],
    ) -> Result<&'m [[f32; UNITS]; ROWS], LoadError> {
        values.as_chunks::<UNITS>().0.try_into().map_err(|_| self.wrong_units::<UNITS>(values.len() / ROWS.max(1)))
    }

    fn wrong_units<const UNITS: usize>(&self, found: usize) -> LoadError {
        let found = u32::try_from(found).unwrap_or(u32::MAX);
        LoadError::Shape { layer: self.last(), expected: (UNITS, UNITS), found: (found, found) }
    }
}

impl<'m, const IN: usize, const OUT: usize, A: Kind> FromModel<'m> for Dense<IN, OUT, A, Borrowed<'m>> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        let (kernel, [bias], activation) = layers.dense::<IN, OUT, 1, A>()?;
        Ok(Self::borrowed(kernel, bias, activation))
    }
}

impl<'m, const IN: usize, const OUT: usize, A: Kind> FromModel<'m> for Dense<IN, OUT, A, Borrowed<'m>, 0> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        let (kernel, [], activation) = layers.dense::<IN, OUT, 0, A>()?;
        Ok(Self::borrowed_without_bias(kernel, activation))
    }
}

impl<'m, const IN: usize, const OUT: usize, A: Kind, const BIAS: usize> FromModel<'m> for Dense<IN, OUT, A, Owned, BIAS>
where
    Dense<IN, OUT, A, Borrowed<'m>, BIAS>: FromModel<'m>,
{
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        Ok(Dense::<IN, OUT, A, Borrowed<'m>, BIAS>::take(layers)?.to_owned())
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for Prelu<UNITS, Borrowed<'m>> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_but_dropout()? {
            LayerView::Prelu(alpha) => {
                let [alpha] = layers.rows::<UNITS, 1>(alpha)?;
                Ok(Self::borrowed(alpha))
            }
            other => Err(layers.wrong_kind("Prelu", &other)),
        }
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for Prelu<UNITS> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        Ok(Prelu::<UNITS, Borrowed<'m>>::take(layers)?.to_owned())
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for Scale<UNITS, Borrowed<'m>> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_but_dropout()? {
            LayerView::Scale { offset, scale } => {
                let ([offset], [scale]) = (layers.rows::<UNITS, 1>(offset)?, layers.rows::<UNITS, 1>(scale)?);
                Ok(Self::borrowed(offset, scale))
            }
            other => Err(layers.wrong_kind("Scale", &other)),
        }
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for Scale<UNITS> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        Ok(Scale::<UNITS, Borrowed<'m>>::take(layers)?.to_owned())
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for BatchNorm<UNITS, Borrowed<'m>> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_but_dropout()? {
            LayerView::BatchNorm { parameters, statistics } => {
                Ok(Self::borrowed(layers.rows(parameters)?, layers.rows(statistics)?))
            }
            other => Err(layers.wrong_kind("BatchNorm", &other)),
        }
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for BatchNorm<UNITS> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        Ok(BatchNorm::<UNITS, Borrowed<'m>>::take(layers)?.to_owned())
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for LayerNorm<UNITS, Borrowed<'m>> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_but_dropout()? {
            LayerView::LayerNorm(parameters) => Ok(Self::borrowed(layers.rows(parameters)?)),
            other => Err(layers.wrong_kind("LayerNorm", &other)),
        }
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for LayerNorm<UNITS> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        Ok(LayerNorm::<UNITS, Borrowed<'m>>::take(layers)?.to_owned())
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for Dropout<UNITS> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next().ok_or(LoadError::Missing { layer: layers.last().saturating_add(1) })? {
            LayerView::Dropout { units, rate } if usize::try_from(units) == Ok(UNITS) => Ok(Self::new(rate)),
            LayerView::Dropout { units, .. } => {
                Err(LoadError::Shape { layer: layers.last(), expected: (UNITS, UNITS), found: (units, units) })
            }
            other => Err(layers.wrong_kind("Dropout", &other)),
        }
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for Skip<UNITS> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_but_dropout()? {
            LayerView::Skip(units) if usize::try_from(units) == Ok(UNITS) => Ok(Self),
            LayerView::Skip(units) => {
                Err(LoadError::Shape { layer: layers.last(), expected: (UNITS, UNITS), found: (units, units) })
            }
            other => Err(layers.wrong_kind("Skip", &other)),
        }
    }
}
