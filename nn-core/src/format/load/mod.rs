//! From a checked model file to a typed network, without a copy where the network borrows.

mod blocks;
mod int8;
mod layers;

use super::{LayerView, Layers, Model};
use crate::activation::AnyActivation;
use crate::layer::Layer;

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
    /// A layer of another kind.
    #[error("layer {layer} of the model is {found}, the network expects {expected}")]
    Kind {
        /// Position of the layer in the file, from 0.
        layer: u16,
        /// The type.
        expected: &'static str,
        /// The type that fits the file.
        found: &'static str,
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
    /// A layer with a bias where the type has none, or without one where the type has one.
    #[error("layer {layer} of the model has a bias where the network has none, or none where it has one")]
    Bias {
        /// Position of the layer in the file, from 0.
        layer: u16,
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
    /// Takes this network's layers; layers of dropout and noise that the type does not name are passed over.
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
    LayerSource { layers: model.layers(), count: 0, end: u16::MAX }.part(u16::MAX)
}

/// The layers of a model file that a network has not yet taken.
#[derive(Debug)]
pub struct LayerSource<'m> {
    layers: Layers<'m>,
    /// Layers taken so far.
    count: u16,
    /// Where the part that is being taken ends.
    end: u16,
}

impl<'m> LayerSource<'m> {
    /// The next layer, whatever it is.
    pub(super) fn next(&mut self) -> Option<LayerView<'m>> {
        if self.count >= self.end {
            return None;
        }
        let next = self.layers.next()?;
        self.count += 1;
        Some(next)
    }

    /// The next layer that does something at inference.
    pub(super) fn next_at_inference(&mut self) -> Result<LayerView<'m>, LoadError> {
        loop {
            match self.next() {
                None => return Err(LoadError::Missing { layer: self.count }),
                Some(view) if view.is_for_training() => {}
                Some(view) => return Ok(view),
            }
        }
    }

    /// Position of the layer taken last.
    pub(super) const fn last(&self) -> u16 {
        self.count.saturating_sub(1)
    }

    /// A network that takes all of the next `layers` layers.
    pub(super) fn part<N: FromModel<'m>>(&mut self, layers: u16) -> Result<N, LoadError> {
        let end = self.end;
        self.end = self.count.saturating_add(layers);
        let network = N::take(self)?;
        match self.next_at_inference() {
            Ok(_) => Err(LoadError::Remains { layer: self.last() }),
            Err(_) => {
                self.end = end;
                Ok(network)
            }
        }
    }

    /// The layer taken last is of another shape than the type's.
    const fn wrong_shape<const IN: usize, const OUT: usize>(&self, found: (u32, u32)) -> LoadError {
        LoadError::Shape { layer: self.last(), expected: (IN, OUT), found }
    }

    /// The layer taken last is of another kind than the type's.
    pub(super) const fn wrong_kind(&self, expected: &'static str, found: &LayerView<'_>) -> LoadError {
        LoadError::Kind { layer: self.last(), expected, found: found.type_name() }
    }
}
