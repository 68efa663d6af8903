//! How many batches an epoch has: those of each window, since no batch crosses from one window to the next.

use super::FitOptions;

/// The sizes of an epoch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    samples: usize,
    /// Samples of a window; the last one has what is left.
    window: usize,
    batch_size: usize,
    /// The most batches of an epoch.
    limit: Option<usize>,
}

impl Extent {
    /// Of this data in windows of this size, at least one.
    pub(super) fn new((samples, window): (usize, usize), options: &FitOptions<'_>) -> Self {
        let FitOptions { batch_size, steps_per_epoch, .. } = *options;
        Self { samples, window: window.max(1), batch_size: batch_size.max(1), limit: steps_per_epoch }
    }

    const fn batches_of_window(self) -> usize {
        self.window.div_ceil(self.batch_size)
    }

    /// Batches of an epoch.
    pub(super) fn batches(self) -> usize {
        let (windows, rest) = (self.samples / self.window, self.samples % self.window);
        let all = windows * self.batches_of_window() + rest.div_ceil(self.batch_size);
        self.limit.map_or(all, |limit| limit.min(all))
    }

    /// Samples in the batches of an epoch.
    pub(super) fn samples(self) -> usize {
        let (windows, rest) = (self.batches() / self.batches_of_window(), self.batches() % self.batches_of_window());
        self.samples.min(windows * self.window + rest * self.batch_size)
    }

    /// Whether an epoch ends behind so many batches though there may be more.
    pub(super) fn ends_at(self, batches: usize) -> bool {
        self.limit.is_some_and(|limit| batches >= limit)
    }
}

#[cfg(test)]
mod tests {
    use super::{Extent, FitOptions};

    fn sizes(sizes: (usize, usize), batch_size: usize, steps_per_epoch: Option<usize>) -> (usize, usize) {
        let extent = Extent::new(sizes, &FitOptions { batch_size, steps_per_epoch, ..Default::default() });
        (extent.batches(), extent.samples())
    }

    #[test]
    fn batches_and_samples_are_those_of_the_windows_one_by_one() {
        for (samples, window, batch_size) in
            (1..30).flat_map(|s| (1..12).flat_map(move |w| (1..9).map(move |b| (s, w, b))))
        {
            let places: Vec<usize> = (0..samples).collect();
            let batches: Vec<usize> =
                places.chunks(window).flat_map(|window| window.chunks(batch_size)).map(<[usize]>::len).collect();
            assert_eq!(sizes((samples, window), batch_size, None), (batches.len(), samples));
            for limit in 1..=batches.len() + 1 {
                let expected = (limit.min(batches.len()), batches.iter().take(limit).sum());
                assert_eq!(
                    sizes((samples, window), batch_size, Some(limit)),
                    expected,
                    "{samples} {window} {batch_size}"
                );
            }
        }
    }
}
