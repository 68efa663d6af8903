//! The model file: checking, reading in place, writing.

use nn_core::activation::Relu;
use nn_core::format::{
    Channels, Encoding, FormatError, FromModel, Int4DenseView, Int8DenseView, Int8Kernel, KernelForm, LayerSource,
    LayerView, LoadError, Model, Names, Receipt, Record, Scaling, TableEntry, TensorWriter, TestVector, ToModel,
    Writer, load,
};
use nn_core::int8::table::Table;
use nn_core::int8::{DenseOutput, Requantization, Softmax};
use nn_core::layer::{Borrowed, Chain, Dense, Dropout, Owned, int8};
use nn_core::loss::AnyLoss;

use crate::layer::{Every, Network as Mixed};

/// A network of every layer that a file can hold, owned, then borrowed.
type Network = Chain<Chain<Every<Owned>, Dropout<3>>, Dense<3, 4, Relu, Borrowed<'static>>>;

/// A network of every layer of bytes.
type Bytes = Chain<
    Chain<
        Chain<
            Chain<Chain<int8::Quantize<3>, int8::PackedDense<'static, 3, 3>>, int8::Dense<'static, 3, 4>>,
            int8::Mapped<4, &'static Table>,
        >,
        Chain<int8::Mapped<4, Requantization>, int8::Mapped<4, Softmax>>,
    >,
    int8::Dequantize<4>,
>;

entries! {
    fn parse(bytes: &'static [u8]) -> Result<Model<'static>, FormatError> { Model::parse(bytes) }
    fn shape(model: &Model<'static>) -> (u32, u32) { (model.inputs(), model.outputs()) }
    fn scaling(model: &Model<'static>) -> Scaling { model.scaling() }
    fn loss(model: &Model<'static>) -> Option<AnyLoss> { model.loss() }
    fn receipt(model: &Model<'static>) -> Option<Receipt<'static>> { model.receipt() }
    fn checks(model: &Model<'static>) -> (u32, u32) { (model.fingerprint(), model.checksum()) }
    fn layers(model: &Model<'static>) -> Option<LayerView<'static>> { model.layers().last() }
    fn type_name(layer: &LayerView<'_>) -> &'static str { layer.type_name() }
    fn is_for_training(layer: &LayerView<'_>) -> bool { layer.is_for_training() }
    fn labels(model: &Model<'static>) -> Option<&'static str> { model.labels().last() }
    fn table(model: &Model<'static>) -> Option<TableEntry<'static>> { model.table().last() }
    fn inputs(entry: &TableEntry<'_>) -> u32 { entry.inputs() }
    fn names(joined: &'static str) -> Option<Names<'static>> { Names::new(joined) }
    fn iter(names: &Names<'static>) -> Option<&'static str> { names.iter().last() }
    fn test_vectors(model: &Model<'static>) -> Option<TestVector<'static>> { model.test_vectors().last() }

    fn load_network(model: &Model<'static>) -> Result<Network, LoadError> { load(model) }
    fn take(layers: &mut LayerSource<'static>) -> Result<Network, LoadError> { Network::take(layers) }

    fn apply(scaling: &Scaling, raw: &[u8], x: &mut [f32]) -> bool { scaling.apply(raw, x) }
    fn scale(scaling: &Scaling, raw: f32) -> f32 { scaling.scale(raw) }
    fn encoding(encoding: Encoding) -> (u8, &'static str, usize) { (encoding.tag(), encoding.name(), encoding.size()) }
    fn from_tag(tag: u8) -> Option<Encoding> { Encoding::from_tag(tag) }

    fn new(buffer: &'static mut [u8]) -> Writer<'static> { Writer::new(buffer) }
    fn record(writer: &mut Writer<'_>, record: &Record<'_>) -> Result<(), FormatError> { writer.record(record) }
    fn tensors(writer: Writer<'static>) -> Result<TensorWriter<'static>, FormatError> { writer.tensors() }
    fn tensor(writer: &mut TensorWriter<'_>, values: &[f32]) -> Result<(), FormatError> { writer.tensor(values) }
    fn bytes(writer: &mut TensorWriter<'_>, bytes: &[u8]) -> Result<(), FormatError> { writer.bytes(bytes) }
    fn of(channels: Channels, outputs: u32) -> u32 { channels.of(outputs) }
    fn output(view: &Int8DenseView<'static>) -> DenseOutput<'static> { view.output() }
    fn form(kernel: &Int8Kernel<'static>) -> KernelForm { kernel.form() }
    fn forward(view: &Int8DenseView<'static>, x: &[i8], z: &mut [i8]) { view.forward(x, z) }
    fn int4_output(view: &Int4DenseView<'static>) -> DenseOutput<'static> { view.output() }
    fn load_int4(model: &Model<'static>) -> Result<int8::Int4Dense<'static, 3, 4>, LoadError> { load(model) }
    fn load_bytes(model: &Model<'static>) -> Result<Bytes, LoadError> { load(model) }
    fn write_records(network: &Mixed, writer: &mut Writer<'_>) -> Result<(), FormatError> {
        network.write_records(writer)
    }
    fn write_tensors(network: &Mixed, writer: &mut TensorWriter<'_>) -> Result<(), FormatError> {
        network.write_tensors(writer)
    }
    fn finish(writer: TensorWriter<'static>) -> Result<&'static [u8], FormatError> { writer.finish() }
}
