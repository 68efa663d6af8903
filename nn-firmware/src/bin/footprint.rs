//! Networks with the memory of their inference and training, each in a section of its own, beside the constants that say
//! how large they are; `tests/it/footprint.rs` compares the two.

#![no_std]
#![no_main]
#![expect(unsafe_code, reason = "sections and a symbol that a test can find by their names")]

use core::hint::black_box;

use nn_core::activation::{Gelu, Identity, Relu, Sigmoid, Silu, Softmax, Tanh};
use nn_core::layer::{
    Absent, BatchNorm, Borrowed, Chain, Concatenate, Dense, Dropout, Inference, Layer, LayerNorm, Owned, Prelu,
    Present, Residual, Skip, Untrained,
};
use nn_core::memory::ram_training;
use nn_core::optimizer::{Adadelta, Adam, AmsGrad, Momentum, Rmsprop, Sgd};
use nn_core::train::Training;
use nn_firmware::board;

/// Bytes of flash, of RAM for inference, and of RAM for training.
type Footprint = [usize; 3];

/// A line a network: its sections, how it trains, its tensors in flash, its type, optimizer and value.
macro_rules! footprints {
    ($(
        $name:ident $flash:literal $inference:literal $training:literal $mode:ident [$($tensor:ident: $type:ty),*]
        $network:ty, $optimizer:ty = $value:expr;
    )+) => {
        $(
            mod $name {
                use super::*;

                $(
                    #[unsafe(link_section = $flash)]
                    static $tensor: $type = nn_core::Zero::ZERO;
                )*

                #[unsafe(link_section = $inference)]
                static INFERENCE: Inference<$network> = Inference::new($value);

                #[unsafe(link_section = $training)]
                static TRAINING: footprints!(@training $mode $network, $optimizer) = Training::new($value);

                pub(super) const FOOTPRINT: Footprint = [
                    <$network>::FLASH,
                    <$network>::RAM_INFERENCE,
                    footprints!(@ram $mode $network, $optimizer),
                ];

                /// Lets the linker keep all of it.
                pub(super) fn keep() {
                    $(black_box(&$tensor);)*
                    black_box((&INFERENCE, &TRAINING));
                }
            }
        )+

        /// What the constants say, in the order of the numbers in the names of sections.
        #[unsafe(no_mangle)]
        static NN_FOOTPRINTS: [Footprint; [$(stringify!($name)),+].len()] = [$($name::FOOTPRINT),+];

        fn keep() {
            black_box(&NN_FOOTPRINTS);
            $($name::keep();)+
        }
    };
    (@training online $network:ty, $optimizer:ty) => { Training<$network, $optimizer, Absent> };
    (@training batch $network:ty, $optimizer:ty) => { Training<$network, $optimizer, Present> };
    (@ram online $network:ty, $optimizer:ty) => { ram_training::<$network, $optimizer, 1>() };
    (@ram batch $network:ty, $optimizer:ty) => { ram_training::<$network, $optimizer, 32>() };
}

#[rustfmt::skip]
footprints! {
    n00 ".nn.flash.00" ".nn.inference.00" ".nn.training.00" online []
        Chain<Dense<8, 6, Relu>, Dense<6, 3, Softmax>>, Sgd = Untrained::UNTRAINED;
    n01 ".nn.flash.01" ".nn.inference.01" ".nn.training.01" batch []
        Chain<Dense<8, 6, Relu>, Dense<6, 3, Softmax>>, Momentum = Untrained::UNTRAINED;
    n02 ".nn.flash.02" ".nn.inference.02" ".nn.training.02" online []
        Chain<Dense<8, 6, Relu>, Dense<6, 3, Softmax>>, Adam = Untrained::UNTRAINED;
    n03 ".nn.flash.03" ".nn.inference.03" ".nn.training.03" online []
        Chain<Dense<784, 30, Sigmoid>, Dense<30, 10, Softmax>>, Rmsprop = Untrained::UNTRAINED;
    n04 ".nn.flash.04" ".nn.inference.04" ".nn.training.04" batch []
        Chain<Dense<784, 30, Sigmoid>, Dense<30, 10, Softmax>>, AmsGrad = Untrained::UNTRAINED;
    n05 ".nn.flash.05" ".nn.inference.05" ".nn.training.05" online []
        Chain<Dense<784, 30, Sigmoid>, Dense<30, 10, Softmax>>, Adadelta = Untrained::UNTRAINED;
    n06 ".nn.flash.06" ".nn.inference.06" ".nn.training.06" online []
        Chain<Chain<Dense<12, 7, Gelu>, Dropout<7>>, Dense<7, 2, Identity>>, Sgd = Untrained::UNTRAINED;
    n07 ".nn.flash.07" ".nn.inference.07" ".nn.training.07" batch []
        Chain<Chain<Dense<12, 7, Gelu>, Dropout<7>>, Dense<7, 2, Identity>>, Momentum = Untrained::UNTRAINED;
    n08 ".nn.flash.08" ".nn.inference.08" ".nn.training.08" online []
        Chain<Chain<Dense<12, 7, Gelu>, Dropout<7>>, Dense<7, 2, Identity>>, Adam = Untrained::UNTRAINED;
    n09 ".nn.flash.09" ".nn.inference.09" ".nn.training.09" online []
        Chain<Residual<Chain<LayerNorm<6>, Dense<6, 6, Relu, Owned, 0>>, Skip<6>>, Dense<6, 3, Softmax>>, Rmsprop = Untrained::UNTRAINED;
    n10 ".nn.flash.10" ".nn.inference.10" ".nn.training.10" batch []
        Chain<Residual<Chain<LayerNorm<6>, Dense<6, 6, Relu, Owned, 0>>, Skip<6>>, Dense<6, 3, Softmax>>, AmsGrad = Untrained::UNTRAINED;
    n11 ".nn.flash.11" ".nn.inference.11" ".nn.training.11" online []
        Chain<Residual<Chain<LayerNorm<6>, Dense<6, 6, Relu, Owned, 0>>, Skip<6>>, Dense<6, 3, Softmax>>, Adadelta = Untrained::UNTRAINED;
    n12 ".nn.flash.12" ".nn.inference.12" ".nn.training.12" online []
        Chain<Concatenate<Dense<5, 4, Tanh>, Prelu<5>, 9>, BatchNorm<9>>, Sgd = Untrained::UNTRAINED;
    n13 ".nn.flash.13" ".nn.inference.13" ".nn.training.13" batch []
        Chain<Concatenate<Dense<5, 4, Tanh>, Prelu<5>, 9>, BatchNorm<9>>, Momentum = Untrained::UNTRAINED;
    n14 ".nn.flash.14" ".nn.inference.14" ".nn.training.14" online []
        Chain<Concatenate<Dense<5, 4, Tanh>, Prelu<5>, 9>, BatchNorm<9>>, Adam = Untrained::UNTRAINED;
    n15 ".nn.flash.15" ".nn.inference.15" ".nn.training.15" online [KERNEL: [[f32; 20]; 100], BIAS: [f32; 20]]
        Chain<Dense<100, 20, Relu, Borrowed<'static>>, Dense<20, 10, Softmax>>, Rmsprop = Chain::new(Dense::borrowed(&KERNEL, &BIAS, Relu), Untrained::UNTRAINED);
    n16 ".nn.flash.16" ".nn.inference.16" ".nn.training.16" batch [KERNEL: [[f32; 20]; 100], BIAS: [f32; 20]]
        Chain<Dense<100, 20, Relu, Borrowed<'static>>, Dense<20, 10, Softmax>>, AmsGrad = Chain::new(Dense::borrowed(&KERNEL, &BIAS, Relu), Untrained::UNTRAINED);
    n17 ".nn.flash.17" ".nn.inference.17" ".nn.training.17" online [KERNEL: [[f32; 20]; 100], BIAS: [f32; 20]]
        Chain<Dense<100, 20, Relu, Borrowed<'static>>, Dense<20, 10, Softmax>>, Adadelta = Chain::new(Dense::borrowed(&KERNEL, &BIAS, Relu), Untrained::UNTRAINED);
    n18 ".nn.flash.18" ".nn.inference.18" ".nn.training.18" online [KERNEL: [[f32; 16]; 33], BIAS: [f32; 16]]
        Chain<Dense<33, 16, Silu, Borrowed<'static>>, Chain<Prelu<16>, Dense<16, 4, Softmax>>>, Sgd = Chain::new(Dense::borrowed(&KERNEL, &BIAS, Silu), Untrained::UNTRAINED);
    n19 ".nn.flash.19" ".nn.inference.19" ".nn.training.19" batch [KERNEL: [[f32; 16]; 33], BIAS: [f32; 16]]
        Chain<Dense<33, 16, Silu, Borrowed<'static>>, Chain<Prelu<16>, Dense<16, 4, Softmax>>>, Momentum = Chain::new(Dense::borrowed(&KERNEL, &BIAS, Silu), Untrained::UNTRAINED);
    n20 ".nn.flash.20" ".nn.inference.20" ".nn.training.20" online [KERNEL: [[f32; 16]; 33], BIAS: [f32; 16]]
        Chain<Dense<33, 16, Silu, Borrowed<'static>>, Chain<Prelu<16>, Dense<16, 4, Softmax>>>, Adam = Chain::new(Dense::borrowed(&KERNEL, &BIAS, Silu), Untrained::UNTRAINED);
    n21 ".nn.flash.21" ".nn.inference.21" ".nn.training.21" online [KERNEL: [[f32; 9]; 9]]
        Chain<Dense<4, 9, Relu>, Chain<Dense<9, 9, Gelu, Borrowed<'static>, 0>, Dense<9, 3, Softmax>>>, Rmsprop = Chain::new(Untrained::UNTRAINED, Chain::new(Dense::borrowed_without_bias(&KERNEL, Gelu), Untrained::UNTRAINED));
    n22 ".nn.flash.22" ".nn.inference.22" ".nn.training.22" batch [KERNEL: [[f32; 9]; 9]]
        Chain<Dense<4, 9, Relu>, Chain<Dense<9, 9, Gelu, Borrowed<'static>, 0>, Dense<9, 3, Softmax>>>, AmsGrad = Chain::new(Untrained::UNTRAINED, Chain::new(Dense::borrowed_without_bias(&KERNEL, Gelu), Untrained::UNTRAINED));
    n23 ".nn.flash.23" ".nn.inference.23" ".nn.training.23" online [KERNEL: [[f32; 9]; 9]]
        Chain<Dense<4, 9, Relu>, Chain<Dense<9, 9, Gelu, Borrowed<'static>, 0>, Dense<9, 3, Softmax>>>, Adadelta = Chain::new(Untrained::UNTRAINED, Chain::new(Dense::borrowed_without_bias(&KERNEL, Gelu), Untrained::UNTRAINED));
}

/// Ends at once: the sections are read from the file.
#[board::entry]
fn main() -> ! {
    keep();
    board::succeed()
}
