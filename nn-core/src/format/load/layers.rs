//! Single layers from a model file: borrowed in place, or owned, as copies that can learn.

use super::{FromModel, LayerSource, LoadError};
use crate::activation::{AnyActivation, Kind};
use crate::format::LayerView;
use crate::layer::{
    Activate, AlphaDropout, BatchNorm, Borrowed, Dense, Dropout, GaussianNoise, LayerNorm, Owned, Prelu, Scale, Skip,
};

/// Kernel, bias and activation of a dense layer.
type Parts<'m, const IN: usize, const OUT: usize, const BIAS: usize, A> =
    (&'m [[f32; OUT]; IN], &'m [[f32; OUT]; BIAS], A);

impl<'m> LayerSource<'m> {
    /// The next dense layer, whose shape and activation must be those of the type.
    fn dense<const IN: usize, const OUT: usize, const BIAS: usize, A: Kind>(
        &mut self,
    ) -> Result<Parts<'m, IN, OUT, BIAS, A>, LoadError> {
        let view = match self.next_at_inference()? {
            LayerView::Dense(view) => view,
            other => return Err(self.wrong_kind("Dense", &other)),
        };
        let layer = self.last();
        let shape = LoadError::Shape { layer, expected: (IN, OUT), found: (view.inputs, view.outputs) };
        let kernel = view.kernel.as_chunks::<OUT>().0.try_into().map_err(|_| shape)?;
        let bias = view.bias.as_chunks::<OUT>().0.try_into();
        let bias =
            bias.map_err(|_| if view.bias.is_empty() == (BIAS == 0) { shape } else { LoadError::Bias { layer } });
        let activation = self.activation(view.activation)?;
        Ok((kernel, bias?, activation))
    }

    /// The activation of the layer taken last, which must be that of the type.
    fn activation<A: Kind>(&self, found: AnyActivation) -> Result<A, LoadError> {
        A::try_from(found).map_err(|_| LoadError::Activation { layer: self.last(), found })
    }

    /// One tensor of the layer taken last, `[ROWS][UNITS]`.
    fn rows<const UNITS: usize, const ROWS: usize>(
        &self,
        values: &'m [f32],
    ) -> Result<&'m [[f32; UNITS]; ROWS], LoadError> {
        values.as_chunks::<UNITS>().0.try_into().map_err(|_| self.wrong_units::<UNITS>(values.len() / ROWS.max(1)))
    }

    /// Nothing, if the layer taken last has the type's number of units.
    pub(super) fn has_units<const UNITS: usize>(&self, units: u32) -> Result<(), LoadError> {
        let found = usize::try_from(units).unwrap_or(usize::MAX);
        if found == UNITS { Ok(()) } else { Err(self.wrong_units::<UNITS>(found)) }
    }

    /// The next layer, which may be one that does nothing at inference.
    fn next_of_all(&mut self) -> Result<LayerView<'m>, LoadError> {
        self.next().ok_or(LoadError::Missing { layer: self.last().saturating_add(1) })
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
        match layers.next_at_inference()? {
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
        match layers.next_at_inference()? {
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
        match layers.next_at_inference()? {
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
        match layers.next_at_inference()? {
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
        match layers.next_of_all()? {
            LayerView::Dropout { units, rate } => layers.has_units::<UNITS>(units).map(|()| Self::new(rate)),
            other => Err(layers.wrong_kind("Dropout", &other)),
        }
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for AlphaDropout<UNITS> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_of_all()? {
            LayerView::AlphaDropout { units, rate } => layers.has_units::<UNITS>(units).map(|()| Self::new(rate)),
            other => Err(layers.wrong_kind("AlphaDropout", &other)),
        }
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for GaussianNoise<UNITS> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_of_all()? {
            LayerView::GaussianNoise { units, stddev } => layers.has_units::<UNITS>(units).map(|()| Self::new(stddev)),
            other => Err(layers.wrong_kind("GaussianNoise", &other)),
        }
    }
}

impl<'m, const UNITS: usize, A: Kind> FromModel<'m> for Activate<UNITS, A> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_at_inference()? {
            LayerView::Activate { units, activation } => {
                layers.has_units::<UNITS>(units)?;
                layers.activation(activation).map(Self::new)
            }
            other => Err(layers.wrong_kind("Activate", &other)),
        }
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for Skip<UNITS> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_at_inference()? {
            LayerView::Skip(units) => layers.has_units::<UNITS>(units).map(|()| Self),
            other => Err(layers.wrong_kind("Skip", &other)),
        }
    }
}
