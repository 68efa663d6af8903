//! The model file: checking, reading in place, writing.

use core::fmt::{self, Write};

use nn_core::format::{
    Encoding, FormatError, FromModel, LayerSource, LayerView, LoadError, Model, Receipt, Record, Scaling, TensorWriter,
    TestVector, Writer, load,
};
use nn_core::layer::{Chain, Dropout, Owned};
use nn_core::loss::AnyLoss;

use crate::layer::{Frozen, Hidden};
use crate::text::Text;

/// A network of every layer that a file can hold.
type Network = Chain<Chain<Hidden<Owned>, Dropout<5>>, Frozen<'static>>;

entries! {
    fn parse(bytes: &'static [u8]) -> Result<Model<'static>, FormatError> { Model::parse(bytes) }
    fn shape(model: &Model<'static>) -> (u32, u32) { (model.inputs(), model.outputs()) }
    fn scaling(model: &Model<'static>) -> Scaling { model.scaling() }
    fn loss(model: &Model<'static>) -> Option<AnyLoss> { model.loss() }
    fn receipt(model: &Model<'static>) -> Option<Receipt<'static>> { model.receipt() }
    fn checks(model: &Model<'static>) -> (u32, u32) { (model.fingerprint(), model.checksum()) }
    fn layers(model: &Model<'static>) -> Option<LayerView<'static>> { model.layers().last() }
    fn labels(model: &Model<'static>) -> Option<&'static str> { model.labels().last() }
    fn test_vectors(model: &Model<'static>) -> Option<TestVector<'static>> { model.test_vectors().last() }

    fn load_network(model: &Model<'static>) -> Result<Network, LoadError> { load(model) }
    fn take(layers: &mut LayerSource<'static>) -> Result<Network, LoadError> { Network::take(layers) }
    fn load_error(error: &LoadError, text: &mut Text) -> fmt::Result { write!(text, "{error}") }

    fn apply(scaling: &Scaling, raw: &[u8], x: &mut [f32]) -> bool { scaling.apply(raw, x) }
    fn scale(scaling: &Scaling, raw: f32) -> f32 { scaling.scale(raw) }
    fn encoding(encoding: Encoding) -> (u8, &'static str, usize) { (encoding.tag(), encoding.name(), encoding.size()) }
    fn from_tag(tag: u8) -> Option<Encoding> { Encoding::from_tag(tag) }

    fn new(buffer: &'static mut [u8]) -> Writer<'static> { Writer::new(buffer) }
    fn record(writer: &mut Writer<'_>, record: &Record<'_>) -> Result<(), FormatError> { writer.record(record) }
    fn tensors(writer: Writer<'static>) -> Result<TensorWriter<'static>, FormatError> { writer.tensors() }
    fn tensor(writer: &mut TensorWriter<'_>, values: &[f32]) -> Result<(), FormatError> { writer.tensor(values) }
    fn finish(writer: TensorWriter<'static>) -> Result<&'static [u8], FormatError> { writer.finish() }
}
