//! Burn on its CPU backend "flex", as `compare.py` trains it beside nn.

use core::error::Error;
use std::io::Read;

use burn::module::Module;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer, RmsPropConfig, SgdConfig};
use burn::tensor::{Device, Int, Tensor, TensorData, activation};
use flate2::read::GzDecoder;

#[path = "../../peer.rs"]
mod peer;

/// Pixels of an image.
const PIXELS: usize = 784;

fn main() -> Result<(), Box<dyn Error>> {
    let options = peer::Options::read()?;
    let workload = &options.workload;
    rayon::ThreadPoolBuilder::new().num_threads(options.threads).build_global()?;
    let device = Device::flex();
    device.seed(options.seed);
    let device = device.autodiff();
    let (train, test) = (Digits::read("train")?, Digits::read("t10k")?);

    let mut network = Network::new(workload, &device);
    let mut optimizer = optimizer(&workload.optimizer)?;
    let loss = CrossEntropyLossConfig::new().init(&device);
    let mut order: Vec<usize> = (0..train.digits.len()).collect();
    let mut random = fastrand::Rng::with_seed(options.seed);
    let mut epochs = peer::Epochs::begin(&options);
    for _ in 0..options.epochs {
        random.shuffle(&mut order);
        for samples in order.chunks(workload.batch_size) {
            let (x, y) = train.batch(samples, &device);
            let gradients = loss.forward(network.forward(x, workload), y).backward();
            let gradients = GradientsParams::from_grads(gradients, &network);
            network = optimizer.step(f64::from(workload.learning_rate), network, gradients);
        }
        if epochs.end(|| accuracy(&network, workload, &test)) {
            break;
        }
    }
    epochs.report(|| accuracy(&network, workload, &test))
}

fn optimizer(name: &str) -> Result<ModuleOptimizer, Box<dyn Error>> {
    match name {
        "sgd" => Ok(SgdConfig::new().init()),
        "rmsprop" => Ok(RmsPropConfig::new().with_alpha(0.9).with_momentum(0.0).with_epsilon(1e-7).init()),
        "adam" => Ok(AdamConfig::new().with_epsilon(1e-7).init()),
        _ => Err("there is no such optimizer".into()),
    }
}

fn accuracy(network: &Network, workload: &peer::Workload, test: &Digits) -> f64 {
    let samples: Vec<usize> = (0..test.digits.len()).collect();
    let (x, y) = test.batch(&samples, &Device::flex());
    let right = network.valid().forward(x, workload).argmax(1).squeeze_dim::<1>(1).equal(y);
    right.int().sum().into_scalar::<i64>() as f64 / samples.len() as f64
}

#[derive(Module, Debug)]
struct Network {
    layers: Vec<Linear>,
    dropout: Dropout,
}

impl Network {
    fn new(workload: &peer::Workload, device: &Device) -> Self {
        let layer = |sizes: &[usize]| LinearConfig::new(sizes[0], sizes[1]).init(device);
        let layers = workload.units.windows(2).map(layer).collect();
        Self { layers, dropout: DropoutConfig::new(f64::from(workload.dropout)).init() }
    }

    fn forward(&self, mut x: Tensor<2>, workload: &peer::Workload) -> Tensor<2> {
        let (last, hidden) = self.layers.split_last().expect("a network has a layer");
        for layer in hidden {
            let z = layer.forward(x);
            let a = if workload.activation == "relu" { activation::relu(z) } else { activation::sigmoid(z) };
            x = self.dropout.forward(a);
        }
        last.forward(x)
    }
}

/// Images with pixels from 0 to 1, one after the other, and their digits.
struct Digits {
    pixels: Vec<f32>,
    digits: Vec<u8>,
}

impl Digits {
    fn read(kind: &str) -> Result<Self, Box<dyn Error>> {
        let file = |name: &str, header: usize| -> Result<Vec<u8>, Box<dyn Error>> {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../nn-host/data/mnist");
            let bytes = std::fs::read(format!("{folder}/{kind}-{name}-ubyte.gz"))?;
            let mut text = Vec::new();
            GzDecoder::new(bytes.as_slice()).read_to_end(&mut text)?;
            Ok(text.split_off(header))
        };
        let pixels = file("images-idx3", 16)?.into_iter().map(|pixel| f32::from(pixel) / 255.0).collect();
        Ok(Self { pixels, digits: file("labels-idx1", 8)? })
    }

    fn batch(&self, samples: &[usize], device: &Device) -> (Tensor<2>, Tensor<1, Int>) {
        let mut x = Vec::with_capacity(samples.len() * PIXELS);
        for &sample in samples {
            x.extend_from_slice(&self.pixels[sample * PIXELS..][..PIXELS]);
        }
        let y: Vec<i64> = samples.iter().map(|&sample| i64::from(self.digits[sample])).collect();
        let x = Tensor::from_data(TensorData::new(x, [samples.len(), PIXELS]), device);
        (x, Tensor::from_data(TensorData::new(y, [samples.len()]), device))
    }
}
