//! Layers made of layers from a model file: chains, residual blocks, concatenations.

use super::{FromModel, LayerSource, LoadError};
use crate::format::LayerView;
use crate::layer::{Chain, Concatenate, Layer, Residual, Shortcut, Vector};

impl<'m, F: FromModel<'m>, S: FromModel<'m> + Layer<Input = F::Output>> FromModel<'m> for Chain<F, S> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        let first = F::take(layers)?;
        let second = S::take(layers)?;
        Ok(Self::new(first, second))
    }
}

impl<'m, F: FromModel<'m>, P> FromModel<'m> for Residual<F, P>
where
    P: FromModel<'m> + Shortcut<Input = F::Input, Output = F::Output>,
{
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_at_inference()? {
            LayerView::Residual { branch, shortcut } => {
                let branch = layers.part(branch)?;
                Ok(Self::projected(branch, layers.part(shortcut)?))
            }
            other => Err(layers.wrong_kind("Residual", &other)),
        }
    }
}

impl<'m, F, G, const OUT: usize> FromModel<'m> for Concatenate<F, G, OUT>
where
    F: FromModel<'m> + Layer<Output: Vector>,
    G: FromModel<'m> + Layer<Input = F::Input, Output: Vector>,
{
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        match layers.next_at_inference()? {
            LayerView::Concatenate { first, second } => {
                let first = layers.part(first)?;
                Ok(Self::new(first, layers.part(second)?))
            }
            other => Err(layers.wrong_kind("Concatenate", &other)),
        }
    }
}
