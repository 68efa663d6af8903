//! The shape of a model's layers: each joins the one before, and the parts of a block go together.

use super::int8::Flow;
use super::records::Records;
use super::{BlockError, FormatError, Int8Dense, MOST_UNITS, record::Record};
use crate::activation::AnyActivation;

/// How deep blocks may be nested.
pub const MOST_DEPTH: u8 = 8;

/// Inputs and outputs.
type Shape = (u32, u32);

/// Reads layer records from the first on, and their parts.
pub(super) struct ShapeReader<'m> {
    records: Records<'m>,
    /// Layer records read.
    count: u16,
    has_dense: bool,
    /// Whether what comes before the next layer gives bytes.
    gives_bytes: bool,
}

impl<'m> ShapeReader<'m> {
    pub(super) const fn new(metadata: &'m [u8]) -> Self {
        Self { records: Records::new(metadata), count: 0, has_dense: false, gives_bytes: false }
    }

    /// Layer records read.
    pub(super) const fn count(&self) -> u16 {
        self.count
    }

    /// Whether one of them is a dense layer.
    pub(super) const fn has_dense(&self) -> bool {
        self.has_dense
    }

    /// The shape of all layers together, up to the first record that is none; `None` if there are no layers.
    pub(super) fn sequence(&mut self) -> Result<Option<Shape>, FormatError> {
        let mut whole = None;
        while let Some(record) = self.next()? {
            whole = Some(self.join(whole, record, 0)?);
        }
        self.end().map(|()| whole)
    }

    /// The next layer record; once in flash for networks and parts.
    #[inline(never)]
    fn next(&mut self) -> Result<Option<Record<'m>>, FormatError> {
        let mut ahead = self.records.clone();
        let Some(record) = ahead.next() else { return Ok(None) };
        let (_, record) = record?;
        if !record.is_layer() {
            return Ok(None);
        }
        self.records = ahead;
        self.count = self.count.checked_add(1).ok_or(FormatError::TooManyLayers)?;
        self.has_dense |= is_dense(&record);
        self.follow(Flow::of(&record))?;
        Ok(Some(record))
    }

    /// From what comes before the layer read last to what it gives.
    fn follow(&mut self, flow: Flow) -> Result<(), FormatError> {
        let layer = self.count - 1;
        match (self.gives_bytes, flow.takes_bytes()) {
            (false, true) => Err(FormatError::NoBytes { layer }),
            (true, false) => Err(FormatError::Bytes { layer: layer.saturating_sub(1) }),
            _ => {
                self.gives_bytes = flow.output().is_some();
                Ok(())
            }
        }
    }

    /// Networks and parts of blocks end in numbers.
    const fn end(&self) -> Result<(), FormatError> {
        if self.gives_bytes { Err(FormatError::Bytes { layer: self.count.saturating_sub(1) }) } else { Ok(()) }
    }

    /// The shape of what came before and this layer together.
    fn join(&mut self, before: Option<Shape>, record: Record<'m>, depth: u8) -> Result<Shape, FormatError> {
        let layer = self.count - 1;
        let (inputs, outputs) = self.shape(record, depth)?;
        match before {
            Some((_, expected)) if expected != inputs => Err(FormatError::Join { layer, expected, found: inputs }),
            Some((first, _)) => Ok((first, outputs)),
            None => Ok((inputs, outputs)),
        }
    }

    /// The shape of one layer, whose parts follow it.
    fn shape(&mut self, record: Record<'m>, depth: u8) -> Result<Shape, FormatError> {
        let layer = self.count - 1;
        let block = |reason| FormatError::Block { layer, reason };
        match record {
            Record::Dense { inputs, outputs, .. }
            | Record::DenseWithoutBias { inputs, outputs, .. }
            | Record::Int8Dense(Int8Dense { inputs, outputs, .. })
            | Record::Int4Dense(Int8Dense { inputs, outputs, .. }) => Ok((inputs, outputs)),
            Record::Residual { branch, shortcut } => {
                let branch = self.part(layer, branch, depth)?;
                if shortcut != 1 || !self.is_shortcut_next() {
                    return Err(block(BlockError::Shortcut));
                }
                let shortcut = self.part(layer, shortcut, depth)?;
                if branch == shortcut { Ok(branch) } else { Err(block(BlockError::Shapes(branch, shortcut))) }
            }
            Record::Concatenate { first, second } => {
                let (first, second) = (self.part(layer, first, depth)?, self.part(layer, second, depth)?);
                let outputs = first.1.saturating_add(second.1);
                let fits = first.0 == second.0 && outputs <= MOST_UNITS;
                if fits { Ok((first.0, outputs)) } else { Err(block(BlockError::Shapes(first, second))) }
            }
            Record::Dropout { units, .. }
            | Record::Prelu { units }
            | Record::Scale { units }
            | Record::BatchNorm { units }
            | Record::LayerNorm { units }
            | Record::Skip { units }
            | Record::Activate { units, .. }
            | Record::AlphaDropout { units, .. }
            | Record::GaussianNoise { units, .. }
            | Record::Quantize { units, .. }
            | Record::Int8Table { units, .. }
            | Record::Int8Softmax { units, .. }
            | Record::Requantize { units, .. }
            | Record::Dequantize { units } => Ok((units, units)),
            _ => Err(block(BlockError::Empty)), // it is no layer
        }
    }

    /// The shape of one part of a block: so many layer records, with those inside of them.
    fn part(&mut self, block: u16, records: u16, depth: u8) -> Result<Shape, FormatError> {
        let wrong = |reason| FormatError::Block { layer: block, reason };
        if depth >= MOST_DEPTH {
            return Err(wrong(BlockError::Depth));
        }
        let end = self.count.checked_add(records).ok_or(FormatError::TooManyLayers)?;
        let mut whole = None;
        while self.count < end {
            let record = self.next()?.ok_or(wrong(BlockError::Empty))?;
            whole = Some(self.join(whole, record, depth + 1)?);
        }
        self.end()?;
        // A block inside that has more layers than this part.
        if self.count != end {
            return Err(wrong(BlockError::Empty));
        }
        whole.ok_or(wrong(BlockError::Empty))
    }

    fn is_shortcut_next(&self) -> bool {
        match self.records.clone().next() {
            Some(Ok((_, Record::Skip { .. }))) => true,
            Some(Ok((_, Record::DenseWithoutBias { activation, .. }))) => {
                matches!(activation, AnyActivation::Identity(_))
            }
            _ => false,
        }
    }
}

/// Whether a record is that of a dense layer, of numbers or of bytes.
const fn is_dense(record: &Record<'_>) -> bool {
    matches!(
        record,
        Record::Dense { .. } | Record::DenseWithoutBias { .. } | Record::Int8Dense(_) | Record::Int4Dense(_)
    )
}
