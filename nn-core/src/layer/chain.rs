//! Two layers, one after the other; chains of chains make networks.

use super::{Layer, Trainable};
use crate::Zero;
use crate::loss::Loss;
use crate::optimizer::Rule;
use crate::train::Occasion;

/// `first`, then `second`, whose input has the size of the output of `first`. Made by [`Layer::then`].
///
/// ```
/// use nn_core::activation::Identity;
/// use nn_core::layer::{Chain, Dense, Layer};
/// type Network = Chain<Dense<1, 1, Identity>, Dense<1, 2, Identity>>;
/// let network: Network = Dense::new([[2.0]], [0.0], Identity).then(Dense::new([[1.0, 3.0]], [0.0; 2], Identity));
/// assert_eq!(network.predict(&[5.0]), [10.0, 30.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chain<F, S> {
    first: F,
    second: S,
}

impl<F: Layer, S: Layer<Input = F::Output>> Chain<F, S> {
    /// `first`, then `second`.
    pub const fn new(first: F, second: S) -> Self {
        Self { first, second }
    }

    /// The first part.
    pub const fn first(&self) -> &F {
        &self.first
    }

    /// The second part.
    pub const fn second(&self) -> &S {
        &self.second
    }
}

impl<F: Layer, S: Layer<Input = F::Output>> Layer for Chain<F, S> {
    type Input = F::Input;
    type Output = S::Output;

    const LAYERS: u16 = F::LAYERS + S::LAYERS;

    #[inline]
    fn forward(&self, x: &F::Input, a: &mut S::Output) {
        let mut hidden = F::Output::ZERO;
        self.first.forward(x, &mut hidden);
        self.second.forward(&hidden, a);
    }
}

impl<F: Trainable, S: Trainable<Input = F::Output>> Trainable for Chain<F, S> {
    type Tape = (F::Tape, S::Tape);
    type Gradients = (F::Gradients, S::Gradients);
    type State<R: Rule> = (F::State<R>, S::State<R>);

    fn forward_taped(&self, x: &F::Input, occasion: Occasion, (first, second): &mut Self::Tape) {
        self.first.forward_taped(x, occasion, first);
        let (hidden, _) = F::signals(first);
        self.second.forward_taped(hidden, occasion.after(F::LAYERS), second);
    }

    fn signals((_, second): &mut Self::Tape) -> (&S::Output, &mut S::Output) {
        S::signals(second)
    }

    fn output_error(&self, loss: &impl Loss, y: &S::Output, (_, second): &mut Self::Tape) {
        self.second.output_error(loss, y, second);
    }

    fn error(&self, (_, second): &mut Self::Tape) {
        self.second.error(second);
    }

    fn backward(
        &self,
        x: &F::Input,
        (first, second): &mut Self::Tape,
        dx: Option<&mut F::Input>,
        gradients: &mut Self::Gradients,
    ) {
        let (hidden, d) = F::signals(first);
        self.second.backward(hidden, second, Some(d), &mut gradients.1);
        self.first.error(first);
        self.first.backward(x, first, dx, &mut gradients.0);
    }

    fn update<R: Rule>(&mut self, step: R::Step, scale: f32, gradients: &Self::Gradients, state: &mut Self::State<R>) {
        self.first.update::<R>(step, scale, &gradients.0, &mut state.0);
        self.second.update::<R>(step, scale, &gradients.1, &mut state.1);
    }

    fn backward_update<R: Rule>(
        &mut self,
        x: &F::Input,
        (first, second): &mut Self::Tape,
        dx: Option<&mut F::Input>,
        step: R::Step,
        state: &mut Self::State<R>,
    ) {
        let (hidden, d) = F::signals(first);
        self.second.backward_update::<R>(hidden, second, Some(d), step, &mut state.1);
        self.first.error(first);
        self.first.backward_update::<R>(x, first, dx, step, &mut state.0);
    }
}
