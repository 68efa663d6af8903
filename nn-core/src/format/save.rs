//! From a typed network to a model file: what a chip has learned, exactly.

use super::{FormatError, Record, TensorWriter, Writer};
use crate::activation::Kind;
use crate::layer::{
    Activate, AlphaDropout, BatchNorm, Chain, Concatenate, Dense, Dropout, GaussianNoise, Layer, LayerNorm, Prelu,
    Residual, Scale, Shortcut, Skip, Storage, Vector,
};

/// A network that can be written as a model file.
///
/// ```
/// use nn_core::activation::{Identity, Relu};
/// use nn_core::format::{Model, ToModel, Writer, load};
/// use nn_core::layer::{Chain, Dense, Layer, Residual};
///
/// type Network = Chain<Residual<Dense<2, 2, Relu>, nn_core::layer::Skip<2>>, Dense<2, 1, Identity>>;
/// let network: Network = Residual::new(Dense::new([[1.0, -1.0], [0.5, 1.0]], [0.0; 2], Relu))
///     .then(Dense::new([[2.0], [3.0]], [0.25], Identity));
/// # #[repr(align(16))]
/// # struct Aligned([u8; 512]);
/// # let mut buffer = Aligned([0; 512]);
/// let mut writer = Writer::new(&mut buffer.0);
/// network.write_records(&mut writer)?; // then labels and whatever else belongs to the model
/// let mut tensors = writer.tensors()?;
/// network.write_tensors(&mut tensors)?;
/// let read: Network = load(&Model::parse(tensors.finish()?)?)?;
/// assert_eq!(read.predict(&[2.0, 4.0]), network.predict(&[2.0, 4.0]));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
pub trait ToModel: Layer {
    /// Writes the records of its layers.
    ///
    /// # Errors
    /// [`FormatError::Full`] if the buffer is too small.
    fn write_records(&self, writer: &mut Writer<'_>) -> Result<(), FormatError>;

    /// Writes the tensors of its layers.
    ///
    /// # Errors
    /// [`FormatError::Full`] if the buffer is too small.
    fn write_tensors(&self, writer: &mut TensorWriter<'_>) -> Result<(), FormatError>;
}

/// A size as it stands in files; layers have at most 2²⁴ units.
fn size(units: usize) -> u32 {
    u32::try_from(units).unwrap_or(u32::MAX)
}

impl<const IN: usize, const OUT: usize, A: Kind, S: Storage, const BIAS: usize> ToModel for Dense<IN, OUT, A, S, BIAS> {
    fn write_records(&self, writer: &mut Writer<'_>) -> Result<(), FormatError> {
        let (inputs, outputs, activation) = (size(IN), size(OUT), self.activation().into());
        writer.record(&match BIAS {
            0 => Record::DenseWithoutBias { inputs, outputs, activation },
            _ => Record::Dense { inputs, outputs, activation },
        })
    }

    fn write_tensors(&self, writer: &mut TensorWriter<'_>) -> Result<(), FormatError> {
        writer.tensor(self.kernel().as_flattened())?;
        self.bias_rows().iter().try_for_each(|bias| writer.tensor(bias))
    }
}

impl<const UNITS: usize> ToModel for Dropout<UNITS> {
    fn write_records(&self, writer: &mut Writer<'_>) -> Result<(), FormatError> {
        writer.record(&Record::Dropout { units: size(UNITS), rate: self.rate() })
    }

    fn write_tensors(&self, _writer: &mut TensorWriter<'_>) -> Result<(), FormatError> {
        Ok(())
    }
}

impl<const UNITS: usize> ToModel for AlphaDropout<UNITS> {
    fn write_records(&self, writer: &mut Writer<'_>) -> Result<(), FormatError> {
        writer.record(&Record::AlphaDropout { units: size(UNITS), rate: self.rate() })
    }

    fn write_tensors(&self, _writer: &mut TensorWriter<'_>) -> Result<(), FormatError> {
        Ok(())
    }
}

impl<const UNITS: usize> ToModel for GaussianNoise<UNITS> {
    fn write_records(&self, writer: &mut Writer<'_>) -> Result<(), FormatError> {
        writer.record(&Record::GaussianNoise { units: size(UNITS), stddev: self.stddev() })
    }

    fn write_tensors(&self, _writer: &mut TensorWriter<'_>) -> Result<(), FormatError> {
        Ok(())
    }
}

impl<const UNITS: usize, A: Kind> ToModel for Activate<UNITS, A> {
    fn write_records(&self, writer: &mut Writer<'_>) -> Result<(), FormatError> {
        writer.record(&Record::Activate { units: size(UNITS), activation: self.activation().into() })
    }

    fn write_tensors(&self, _writer: &mut TensorWriter<'_>) -> Result<(), FormatError> {
        Ok(())
    }
}

impl<const UNITS: usize, S: Storage> ToModel for Prelu<UNITS, S> {
    fn write_records(&self, writer: &mut Writer<'_>) -> Result<(), FormatError> {
        writer.record(&Record::Prelu { units: size(UNITS) })
    }

    fn write_tensors(&self, writer: &mut TensorWriter<'_>) -> Result<(), FormatError> {
        writer.tensor(self.alpha())
    }
}

impl<const UNITS: usize, S: Storage> ToModel for Scale<UNITS, S> {
    fn write_records(&self, writer: &mut Writer<'_>) -> Result<(), FormatError> {
        writer.record(&Record::Scale { units: size(UNITS) })
    }

    fn write_tensors(&self, writer: &mut TensorWriter<'_>) -> Result<(), FormatError> {
        writer.tensor(self.offset())?;
        writer.tensor(self.scale())
    }
}

impl<const UNITS: usize, S: Storage> ToModel for BatchNorm<UNITS, S> {
    fn write_records(&self, writer: &mut Writer<'_>) -> Result<(), FormatError> {
        writer.record(&Record::BatchNorm { units: size(UNITS) })
    }

    fn write_tensors(&self, writer: &mut TensorWriter<'_>) -> Result<(), FormatError> {
        writer.tensor(self.parameters().as_flattened())?;
        writer.tensor(self.statistics().as_flattened())
    }
}

impl<const UNITS: usize, S: Storage> ToModel for LayerNorm<UNITS, S> {
    fn write_records(&self, writer: &mut Writer<'_>) -> Result<(), FormatError> {
        writer.record(&Record::LayerNorm { units: size(UNITS) })
    }

    fn write_tensors(&self, writer: &mut TensorWriter<'_>) -> Result<(), FormatError> {
        writer.tensor(self.parameters().as_flattened())
    }
}

impl<const UNITS: usize> ToModel for Skip<UNITS> {
    fn write_records(&self, writer: &mut Writer<'_>) -> Result<(), FormatError> {
        writer.record(&Record::Skip { units: size(UNITS) })
    }

    fn write_tensors(&self, _writer: &mut TensorWriter<'_>) -> Result<(), FormatError> {
        Ok(())
    }
}

impl<F: ToModel, S: ToModel + Layer<Input = F::Output>> ToModel for Chain<F, S> {
    fn write_records(&self, writer: &mut Writer<'_>) -> Result<(), FormatError> {
        self.first().write_records(writer)?;
        self.second().write_records(writer)
    }

    fn write_tensors(&self, writer: &mut TensorWriter<'_>) -> Result<(), FormatError> {
        self.first().write_tensors(writer)?;
        self.second().write_tensors(writer)
    }
}

impl<F: ToModel, P: ToModel + Shortcut<Input = F::Input, Output = F::Output>> ToModel for Residual<F, P> {
    fn write_records(&self, writer: &mut Writer<'_>) -> Result<(), FormatError> {
        writer.record(&Record::Residual { branch: F::LAYERS, shortcut: P::LAYERS })?;
        self.branch().write_records(writer)?;
        self.shortcut().write_records(writer)
    }

    fn write_tensors(&self, writer: &mut TensorWriter<'_>) -> Result<(), FormatError> {
        self.branch().write_tensors(writer)?;
        self.shortcut().write_tensors(writer)
    }
}

impl<F, G, const OUT: usize> ToModel for Concatenate<F, G, OUT>
where
    F: ToModel + Layer<Output: Vector>,
    G: ToModel + Layer<Input = F::Input, Output: Vector>,
{
    fn write_records(&self, writer: &mut Writer<'_>) -> Result<(), FormatError> {
        writer.record(&Record::Concatenate { first: F::LAYERS, second: G::LAYERS })?;
        self.first().write_records(writer)?;
        self.second().write_records(writer)
    }

    fn write_tensors(&self, writer: &mut TensorWriter<'_>) -> Result<(), FormatError> {
        self.first().write_tensors(writer)?;
        self.second().write_tensors(writer)
    }
}
