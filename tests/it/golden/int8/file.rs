//! The same networks in model files, read by the host.

use nalgebra::DMatrix;
use nn_core::format::{Channels, Int8Dense, KernelForm, Record, Writer};
use nn_host::data::{Dataset, Features, Targets};
use nn_host::model::{AlignedBytes, Model};
use serde_json::Value;

use super::{Interpreter, Operator, float, generated, list, quantization, size};

/// A network in a model file, between numbers and bytes.
fn file(layers: &[Value], interpreter: Interpreter) -> AlignedBytes {
    let operators: Vec<_> = layers.iter().map(|layer| Operator::of(layer, interpreter)).collect();
    let mut buffer = vec![0; 1 << 20];
    let mut writer = Writer::new(&mut buffer);
    let mut units = u32::try_from(size(&layers[0]["shape"][0])).unwrap();
    writer.record(&Record::Quantize { units, output: quantization(&layers[0]["input"]) }).unwrap();
    let mut tensors: Vec<Vec<u8>> = Vec::new();
    for (layer, operator) in layers.iter().zip(&operators) {
        let output = quantization(&layer["output"]);
        let record = match operator {
            &Operator::Dense { ref w, ref b, ref multipliers, clamp, rounding, .. } => {
                let (inputs, scales) = (units, list(&layer["weight_scales"], float));
                units = u32::try_from(b.len()).unwrap();
                tensors.push(bytemuck::cast_slice(w).to_vec());
                tensors.push(bytemuck::cast_slice(b).to_vec());
                tensors.push(bytemuck::cast_slice(multipliers).to_vec());
                tensors.push(bytemuck::cast_slice(&scales).to_vec());
                let channels = if scales.len() == 1 { Channels::One } else { Channels::Each };
                let kernel = KernelForm::Plain;
                Record::Int8Dense(Int8Dense { inputs, outputs: units, channels, output, clamp, rounding, kernel })
            }
            &Operator::Table(activation, ref table) => {
                tensors.push(bytemuck::cast_slice(table).to_vec());
                Record::Int8Table { units, activation, output }
            }
            Operator::Requantization(change) => Record::Requantize { units, multiplier: change.multiplier(), output },
            Operator::Softmax(beta, softmax) => {
                Record::Int8Softmax { units, beta: *beta, multiplier: softmax.multiplier() }
            }
        };
        writer.record(&record).unwrap();
    }
    writer.record(&Record::Dequantize { units }).unwrap();
    let mut writer = writer.tensors().unwrap();
    tensors.iter().for_each(|tensor| writer.bytes(tensor).unwrap());
    AlignedBytes::copy_of(writer.finish().unwrap())
}

/// The outputs of a model file for the inputs of the generator.
pub(super) fn outputs(case: &Value, layers: &[Value], interpreter: Interpreter) -> Vec<i8> {
    let model = Model::from_bytes(file(layers, interpreter).as_bytes()).unwrap();
    let (length, samples) = (size(&layers[0]["shape"][0]), size(&case["inputs"]));
    let input = quantization(&layers[0]["input"]);
    let x = generated(size(&case["inputs_seed"]), samples * length).into_iter().map(|q| input.dequantize(q));
    let x = DMatrix::from_iterator(length, samples, x);
    let y = DMatrix::zeros(model.outputs(), samples);
    let data = Dataset::new(Features::Floats(x), Targets::Values(y)).unwrap();
    let output = quantization(&layers.last().unwrap()["output"]);
    model.predict(&data).unwrap().iter().map(|a| output.quantize(*a)).collect()
}
