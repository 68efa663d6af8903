//! Where the samples of a training come from: a data set in memory, or the windows of a source.

use core::convert::Infallible;
use std::borrow::Cow;
use std::sync::Arc;

use nn_core::format::Scaling;

use super::read_ahead::Windows;
use super::{FitError, StreamError};
use crate::data::{Dataset, Order, byte_lists};
use crate::gemm::ByteLists;
use crate::model::Model;

/// Some samples of an epoch.
pub(super) struct Window<'w> {
    pub(super) data: Cow<'w, Dataset>,
    /// What of the features is not zero, where that is worth knowing.
    pub(super) lists: Option<&'w Arc<ByteLists>>,
    /// The samples of `data` in the order of the epoch.
    pub(super) order: Vec<usize>,
}

/// Where the samples of a training come from, epoch by epoch.
pub(super) trait Feed {
    /// Why they do not come.
    type Error;

    /// Begins an epoch.
    fn begin(&mut self, order: Order) -> Result<(), StreamError<Self::Error>>;

    /// The next samples, which fit this model; `None` at the end of the epoch.
    fn next_window(&mut self, model: &Model) -> Result<Option<Window<'_>>, StreamError<Self::Error>>;
}

/// A data set that fits the model, in one window.
pub(super) struct Whole<'d> {
    data: &'d Dataset,
    lists: Option<Arc<ByteLists>>,
    order: Option<Order>,
}

impl<'d> Whole<'d> {
    pub(super) const fn new(data: &'d Dataset) -> Self {
        Self { data, lists: None, order: None }
    }

    /// The same, with lists of what is not zero to a network with this scaling, if they are worth it.
    pub(super) fn listed(self, scaling: Scaling) -> Self {
        Self { lists: byte_lists(self.data, scaling).map(Arc::new), ..self }
    }
}

impl Feed for Whole<'_> {
    type Error = Infallible;

    fn begin(&mut self, order: Order) -> Result<(), StreamError<Infallible>> {
        self.order = Some(order);
        Ok(())
    }

    fn next_window(&mut self, _: &Model) -> Result<Option<Window<'_>>, StreamError<Infallible>> {
        let order = self.order.take();
        let Self { data, lists, .. } = &*self;
        Ok(order.map(|order| {
            let order = order.places(data.len(), 0);
            Window { data: Cow::Borrowed(*data), lists: lists.as_ref(), order }
        }))
    }
}

/// Windows that come in their order; each is checked.
pub(super) struct Streamed<W> {
    windows: W,
    /// Samples of an epoch and of a window.
    sizes: (usize, usize),
    /// Samples of this epoch so far.
    seen: usize,
}

impl<W: Windows> Streamed<W> {
    /// Windows of an epoch of so many samples, of so many each.
    pub(super) fn new(windows: W, (samples, window): (usize, usize)) -> Self {
        Self { windows, sizes: (samples, window.max(1)), seen: 0 }
    }

    /// The first window as the source has it.
    pub(super) fn first(&mut self, model: &Model) -> Result<Dataset, StreamError<W::Error>> {
        self.begin(Order::AsTheyAre)?;
        let first = self.next_window(model)?.map(|window| window.data.into_owned());
        first.ok_or(StreamError::Fit(FitError::Window { expected: self.sizes.1, found: 0 }))
    }
}

impl<W: Windows> Feed for Streamed<W> {
    type Error = W::Error;

    fn begin(&mut self, order: Order) -> Result<(), StreamError<W::Error>> {
        self.seen = 0;
        self.windows.begin(order).map_err(StreamError::Read)
    }

    fn next_window(&mut self, model: &Model) -> Result<Option<Window<'_>>, StreamError<W::Error>> {
        let data = self.windows.next_window().map_err(StreamError::Read)?;
        let (samples, window) = self.sizes;
        let expected = window.min(samples.saturating_sub(self.seen));
        let found = data.as_ref().map_or(0, Dataset::len);
        if found != expected {
            return Err(FitError::Window { expected, found }.into());
        }
        self.seen += found;
        let Some(data) = data else { return Ok(None) };
        model.check_data(&data).map_err(FitError::Training)?;
        Ok(Some(Window { order: (0..data.len()).collect(), lists: None, data: Cow::Owned(data) }))
    }
}
