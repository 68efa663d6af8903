//! From a checked model file to a typed network, without a copy where the network borrows.

use super::{DenseView, LayerView, Layers, Model};
use crate::activation::{AnyActivation, Kind};
use crate::layer::{Borrowed, Chain, Dense, Dropout, Layer, Owned};

/// Why a model file is not of the network's type.
///
/// ```
/// # use nn_core::{activation::{Identity, Relu}, format::{Record, Writer}};
/// use nn_core::{format::{LoadError, Model, load}, layer::Dense};
/// # #[repr(align(16))]
/// # struct Aligned([u8; 512]);
/// # let mut buffer = Aligned([0; 512]);
/// # let mut writer = Writer::new(&mut buffer.0);
/// # writer.record(&Record::Dense { inputs: 1, outputs: 1, activation: Identity.into() })?;
/// # let mut tensors = writer.tensors()?;
/// # tensors.tensor(&[2.0])?;
/// # tensors.tensor(&[0.5])?;
/// # let file = tensors.finish()?;
///
/// let model = Model::parse(file)?; // a dense layer 1×1, linear
/// let error = load::<Dense<2, 1, Identity>>(&model).unwrap_err();
/// assert_eq!(error.to_string(), "layer 0 of the model is 1×1, the network expects 2×1");
/// let error = load::<Dense<1, 1, Relu>>(&model).unwrap_err();
/// assert_eq!(error, LoadError::Activation { layer: 0, found: Identity.into() });
/// # Ok::<(), nn_core::format::FormatError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum LoadError {
    /// The file has fewer layers.
    #[error("the network's layer {layer} is missing in the model")]
    Missing {
        /// Position of the layer in the file, from 0.
        layer: u16,
    },
    /// The file has more layers.
    #[error("the model goes on with layer {layer}, the network has ended")]
    Remains {
        /// Position of the layer in the file, from 0.
        layer: u16,
    },
    /// A layer of another shape.
    #[error(
        "layer {layer} of the model is {}×{}, the network expects {}×{}",
        found.0, found.1, expected.0, expected.1
    )]
    Shape {
        /// Position of the layer in the file, from 0.
        layer: u16,
        /// Inputs and outputs of the type.
        expected: (usize, usize),
        /// Inputs and outputs in the file.
        found: (u32, u32),
    },
    /// A layer with another activation.
    #[error("layer {layer} of the model has another activation than the network: {found}")]
    Activation {
        /// Position of the layer in the file, from 0.
        layer: u16,
        /// The activation in the file.
        found: AnyActivation,
    },
}

/// A network that can be read from a model file.
pub trait FromModel<'m>: Layer + Sized {
    /// Takes this network's layers; dropout layers that the type does not name are passed over.
    ///
    /// # Errors
    /// [`LoadError`] if the file has other layers.
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError>;
}

/// The network of a model file.
///
/// Here `file` was made by a [`Writer`](super::Writer) and has two dense layers, 2×2 and 2×1:
///
/// ```
/// use nn_core::activation::{Identity, Relu};
/// use nn_core::format::{Model, load};
/// use nn_core::layer::{Borrowed, Chain, Dense, Layer};
/// # use nn_core::format::{Record, Writer};
/// # #[repr(align(16))]
/// # struct Aligned([u8; 512]);
/// # let mut buffer = Aligned([0; 512]);
/// # let mut writer = Writer::new(&mut buffer.0);
/// # writer.record(&Record::Dense { inputs: 2, outputs: 2, activation: Relu.into() })?;
/// # writer.record(&Record::Dense { inputs: 2, outputs: 1, activation: Identity.into() })?;
/// # let mut tensors = writer.tensors()?;
/// # tensors.tensor(&[1.0, -1.0, 0.5, 1.0])?;
/// # tensors.tensor(&[0.0, 0.0])?;
/// # tensors.tensor(&[2.0, 3.0])?;
/// # tensors.tensor(&[0.25])?;
/// # let file = tensors.finish()?;
///
/// type Network<'m> = Chain<Dense<2, 2, Relu, Borrowed<'m>>, Dense<2, 1, Identity, Borrowed<'m>>>;
/// let model = Model::parse(file)?;
/// let network: Network<'_> = load(&model)?;
/// assert_eq!(network.predict(&[2.0, 4.0]), [14.25]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # Errors
/// [`LoadError`] if the file has other layers than the type.
pub fn load<'m, N: FromModel<'m>>(model: &Model<'m>) -> Result<N, LoadError> {
    let mut source = LayerSource { layers: model.layers(), count: 0 };
    let network = N::take(&mut source)?;
    match source.dense() {
        None => Ok(network),
        Some(_) => Err(LoadError::Remains { layer: source.last() }),
    }
}

/// The layers of a model file that a network has not yet taken.
#[derive(Debug)]
pub struct LayerSource<'m> {
    layers: Layers<'m>,
    /// Layers taken so far.
    count: u16,
}

impl<'m> LayerSource<'m> {
    fn next(&mut self) -> Option<LayerView<'m>> {
        self.count = self.count.saturating_add(1);
        self.layers.next()
    }

    /// The next dense layer.
    fn dense(&mut self) -> Option<DenseView<'m>> {
        loop {
            if let LayerView::Dense(view) = self.next()? {
                return Some(view);
            }
        }
    }

    /// Position of the layer taken last.
    const fn last(&self) -> u16 {
        self.count.saturating_sub(1)
    }

    /// The next dense layer, whose shape and activation must be those of the type.
    fn typed<const IN: usize, const OUT: usize, A: Kind>(
        &mut self,
    ) -> Result<Dense<IN, OUT, A, Borrowed<'m>>, LoadError> {
        let view = self.dense().ok_or(LoadError::Missing { layer: self.last() })?;
        let layer = self.last();
        let shape = LoadError::Shape { layer, expected: (IN, OUT), found: (view.inputs, view.outputs) };
        let kernel = view.kernel.as_chunks::<OUT>().0.try_into().map_err(|_| shape)?;
        let bias = view.bias.try_into().map_err(|_| shape)?;
        let activation = A::try_from(view.activation);
        let activation = activation.map_err(|_| LoadError::Activation { layer, found: view.activation })?;
        Ok(Dense::borrowed(kernel, bias, activation))
    }
}

impl<'m, const IN: usize, const OUT: usize, A: Kind> FromModel<'m> for Dense<IN, OUT, A, Borrowed<'m>> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        layers.typed()
    }
}

impl<'m, const IN: usize, const OUT: usize, A: Kind> FromModel<'m> for Dense<IN, OUT, A, Owned> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        Ok(layers.typed()?.to_owned())
    }
}

impl<'m, const UNITS: usize> FromModel<'m> for Dropout<UNITS> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        let next = layers.next();
        let layer = layers.last();
        match next {
            Some(LayerView::Dropout { rate, units }) if usize::try_from(units) == Ok(UNITS) => Ok(Self::new(rate)),
            Some(LayerView::Dropout { units, .. }) => {
                Err(LoadError::Shape { layer, expected: (UNITS, UNITS), found: (units, units) })
            }
            Some(LayerView::Dense(view)) => {
                Err(LoadError::Shape { layer, expected: (UNITS, UNITS), found: (view.inputs, view.outputs) })
            }
            None => Err(LoadError::Missing { layer }),
        }
    }
}

impl<'m, F: FromModel<'m>, S: FromModel<'m> + Layer<Input = F::Output>> FromModel<'m> for Chain<F, S> {
    fn take(layers: &mut LayerSource<'m>) -> Result<Self, LoadError> {
        let first = F::take(layers)?;
        let second = S::take(layers)?;
        Ok(Self::new(first, second))
    }
}
