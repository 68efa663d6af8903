//! What a layer is, in words.

use super::{DenseLayer, LayerKind, ModelLayer, ResidualLayer};

impl ModelLayer {
    /// The kind with its settings, as `nn summary` shows it: `Dense relu`.
    #[must_use]
    pub fn description(&self) -> String {
        match self.kind() {
            LayerKind::Dense(DenseLayer { bias: Some(_), activation, .. }) => format!("Dense {activation}"),
            LayerKind::Dense(DenseLayer { activation, .. }) => format!("Dense {activation}, no bias"),
            LayerKind::Activation(layer) => format!("Activation {}", layer.activation),
            LayerKind::Dropout(layer) => format!("Dropout {}", layer.rate.get()),
            LayerKind::AlphaDropout(layer) => format!("AlphaDropout {}", layer.rate.get()),
            LayerKind::GaussianNoise(layer) => format!("GaussianNoise {}", layer.stddev.get()),
            LayerKind::Prelu(_) => "PReLU".to_owned(),
            LayerKind::Scale(_) => "Scale".to_owned(),
            LayerKind::BatchNormalization(_) => "BatchNormalization".to_owned(),
            LayerKind::LayerNormalization(_) => "LayerNormalization".to_owned(),
            LayerKind::Skip(_) => "Skip".to_owned(),
            LayerKind::Residual(ResidualLayer { projection: Some(_), .. }) => "Residual, projected".to_owned(),
            LayerKind::Residual(_) => "Residual".to_owned(),
            LayerKind::Concatenate(_) => "Concatenate".to_owned(),
            LayerKind::FakeQuantize(_) => "Fake quantize".to_owned(),
            LayerKind::Quantize(_) => "Quantize".to_owned(),
            LayerKind::Int8Dense(layer) => format!("Int8 dense {}", layer.description()),
            LayerKind::Int4Dense(layer) => format!("Int4 dense {}", layer.unpacked().description()),
            LayerKind::Int8Table(layer) => format!("Int8 {}", layer.activation),
            LayerKind::Int8Softmax(_) => "Int8 softmax".to_owned(),
            LayerKind::Requantize(_) => "Requantize".to_owned(),
            LayerKind::Dequantize(_) => "Dequantize".to_owned(),
        }
    }
}
