//! Why bytes are not a model file.

/// Why bytes are not a model file, in the order in which it is checked.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// Shorter than a header.
    #[error("a model file has at least 32 bytes, this has {found}")]
    TooShort {
        /// The length.
        found: usize,
    },
    /// It starts with something else.
    #[error("a model file starts with the bytes {:02x?}, this with {found:02x?}", super::MAGIC)]
    Magic {
        /// The first four bytes.
        found: [u8; 4],
    },
    /// Written by a later version of this library.
    #[error("model file of version {found}, versions up to 1 are known")]
    Version {
        /// The version.
        found: u32,
    },
    /// Cut off or with something appended.
    #[error("the header says {expected} bytes, the file has {found}")]
    Length {
        /// What the header says.
        expected: u32,
        /// The length.
        found: usize,
    },
    /// Damaged.
    #[error("checksum {found:08x}, the header says {expected:08x}: the file is damaged")]
    Checksum {
        /// What the header says.
        expected: u32,
        /// The checksum of the bytes.
        found: u32,
    },
    /// Signed, which this version cannot check.
    #[error("the header asks for a signature of {found} bytes, version 1 has none")]
    Signature {
        /// The length of the signature.
        found: u32,
    },
    /// A reserved header field is in use.
    #[error("the reserved header field holds {found:#x}, it must be 0")]
    Reserved {
        /// The field.
        found: u32,
    },
    /// The metadata does not fit.
    #[error("metadata of {found} bytes does not fit the file")]
    Metadata {
        /// What the header says.
        found: u32,
    },
    /// A record that cannot be read.
    #[error("record at byte {offset} is malformed")]
    Malformed {
        /// Where in the file.
        offset: usize,
    },
    /// A tag that this version does not know.
    #[error("unknown {what} tag {found} at byte {offset}")]
    Tag {
        /// What it is the tag of.
        what: &'static str,
        /// The tag.
        found: u8,
        /// Where in the file.
        offset: usize,
    },
    /// A value outside its range.
    #[error("{what} of the record at byte {offset} is out of range")]
    Value {
        /// Which value.
        what: &'static str,
        /// Where in the file.
        offset: usize,
    },
    /// A record at the wrong place, or twice.
    #[error("{what} record at byte {offset} is out of place or repeated")]
    Order {
        /// What kind of record.
        what: &'static str,
        /// Where in the file.
        offset: usize,
    },
    /// No dense layer.
    #[error("the model has no dense layer")]
    NoLayers,
    /// More layers than can be counted.
    #[error("the model has more than 65,535 layers")]
    TooManyLayers,
    /// A layer that does not fit the one before.
    #[error("layer {layer} has {found} inputs, the layer before has {expected} outputs")]
    Join {
        /// Position of the layer, from 0.
        layer: u16,
        /// Outputs of the layer before.
        expected: u32,
        /// Inputs of this layer.
        found: u32,
    },
    /// More or fewer labels than outputs.
    #[error("{found} class labels for {expected} outputs")]
    Labels {
        /// Outputs.
        expected: u32,
        /// Labels.
        found: u32,
    },
    /// Columns of tables that are more or fewer inputs than the network has.
    #[error("the columns of a table are {found} inputs, the network has {expected}")]
    Columns {
        /// Inputs of the network.
        expected: u32,
        /// Inputs that the columns are.
        found: u32,
    },
    /// A test vector of another size than the network.
    #[error("test vector with {found} bytes of {what}, {expected} are needed")]
    TestVector {
        /// Input or output.
        what: &'static str,
        /// Bytes needed.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// The fingerprint is not that of the layers.
    #[error("architecture fingerprint {found:08x}, the layers have {expected:08x}")]
    Fingerprint {
        /// The fingerprint of the layers.
        expected: u32,
        /// What the header says.
        found: u32,
    },
    /// The tensors are too few, or something follows them.
    #[error("the layers need {expected} bytes of tensors, the file has {found}")]
    Tensors {
        /// Bytes that the layers need.
        expected: usize,
        /// Bytes that there are.
        found: usize,
    },
    /// Padding that is not zero.
    #[error("padding before byte {offset} is not zero")]
    Padding {
        /// Where in the file the padding ends.
        offset: usize,
    },
    /// The bytes are not at an address where tensors can be read in place.
    #[error("a model must be at an address that is a multiple of 4")]
    Address,
    /// A weight that is infinite or not a number.
    #[error("{tensor} of layer {layer} has the value {value} at {index}, weights must be finite")]
    NotFinite {
        /// Position of the layer, from 0.
        layer: u16,
        /// Kernel or bias.
        tensor: &'static str,
        /// Position in the tensor.
        index: usize,
        /// The value.
        value: f32,
    },
    /// A variance below zero.
    #[error("the variance of unit {index} in layer {layer} is {value}, it must be at least 0")]
    Variance {
        /// Position of the layer, from 0.
        layer: u16,
        /// The unit.
        index: usize,
        /// The value.
        value: f32,
    },
    /// A weight's scale that is infinite, not a number or not above 0.
    #[error("scale {index} of layer {layer} is {value}, it must be finite and above 0")]
    Scale {
        /// Position of the layer, from 0.
        layer: u16,
        /// Position among the scales.
        index: usize,
        /// The value.
        value: f32,
    },
    /// A multiplier whose mantissa is below 0 or whose exponent is beyond 31.
    #[error("multiplier {index} of layer {layer} is none: mantissa from 0 on, exponent from -31 to 31")]
    Multiplier {
        /// Position of the layer, from 0.
        layer: u16,
        /// Position among the multipliers.
        index: usize,
    },
    /// A word of a packed kernel that stands for no weights of bytes.
    #[error(
        "word {index} of the kernel of layer {layer} is {word:#010x}, it packs a weight of 128, the greatest is 127"
    )]
    Packed {
        /// Position of the layer, from 0.
        layer: u16,
        /// Position among the words.
        index: usize,
        /// The word.
        word: u32,
    },
    /// A layer that takes bytes where there are numbers.
    #[error("layer {layer} takes bytes, what comes before it gives numbers")]
    NoBytes {
        /// Position of the layer, from 0.
        layer: u16,
    },
    /// A layer that gives bytes where numbers are needed.
    #[error("layer {layer} gives bytes, what comes after it takes numbers")]
    Bytes {
        /// Position of the layer, from 0.
        layer: u16,
    },
    /// A residual block or concatenation whose parts do not go together.
    #[error("block at layer {layer}: {reason}")]
    Block {
        /// Position of the block, from 0.
        layer: u16,
        /// What is wrong with it.
        reason: BlockError,
    },
    /// The buffer is too small to write into.
    #[error("the model does not fit a buffer of {capacity} bytes")]
    Full {
        /// The size of the buffer.
        capacity: usize,
    },
}

/// Why the parts of a residual block or a concatenation do not go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BlockError {
    /// A part has no layers, or the file has fewer.
    #[error("one of its parts has no layers, or fewer than it says")]
    Empty,
    /// The two parts of different shapes.
    #[error("its parts are {}×{} and {}×{}", .0.0, .0.1, .1.0, .1.1)]
    Shapes((u32, u32), (u32, u32)),
    /// A shortcut that is more than a product.
    #[error("its shortcut is neither a skip nor a single dense layer without bias and activation")]
    Shortcut,
    /// Blocks inside of blocks inside of blocks.
    #[error("blocks are nested more than {} deep", super::MOST_DEPTH)]
    Depth,
}
