//! The model file, version 1: checked once, then read in place. `docs/FORMAT.md` is the byte table.
//!
//! ```text
//! header (32 bytes) · metadata: records in postcard, padded to 16 · tensors, each padded to 16
//! ```

mod error;
mod header;
mod int8;
mod load;
mod loss;
mod model;
mod outline;
mod payload;
mod receipt;
mod record;
mod records;
mod save;
mod scaling;
mod shape;
mod table;
mod tensor;
mod test_vector;
mod view;
mod writer;

pub use error::{BlockError, FormatError};
pub use header::{HEADER_SIZE, MAGIC, VERSION};
pub use int8::{Channels, Int4DenseView, Int8Dense, Int8DenseView, Int8Kernel, Int8TableView, KernelForm};
pub use load::{FromModel, LayerSource, LoadError, load};
pub use model::Model;
pub use receipt::Receipt;
pub use record::{MOST_UNITS, Record};
pub use save::ToModel;
pub use scaling::{Encoding, Scaling};
pub use shape::MOST_DEPTH;
pub use table::{Names, TableEntry};
pub use test_vector::TestVector;
pub use view::{DenseView, LayerView, Layers};
pub use writer::{TensorWriter, Writer};

use crc::{CRC_32_ISCSI, Crc};

/// Tensors start at multiples of this, in bytes.
pub const ALIGNMENT: usize = 16;

/// CRC-32C, as in iSCSI.
pub(crate) static CRC_32C: Crc<u32> = Crc::<u32>::new(&CRC_32_ISCSI);

/// The multiple of [`ALIGNMENT`] at or after `length`; `None` beyond the address space.
fn padded(length: usize) -> Option<usize> {
    length.checked_next_multiple_of(ALIGNMENT)
}

const _: () = assert!(HEADER_SIZE.is_multiple_of(ALIGNMENT), "tensors are aligned in the file");
