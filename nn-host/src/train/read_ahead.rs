//! A source that is read one window ahead, so that the training waits for the disk and the parser only where they take
//! longer than it does itself.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::Scope;

use crate::data::{DataSource, Dataset, Order};

/// What comes in windows, epoch by epoch.
pub(super) trait Windows {
    /// Why it does not come.
    type Error;

    /// Begins an epoch, wherever the last one is.
    fn begin(&mut self, order: Order) -> Result<(), Self::Error>;

    /// The next samples; `None` at the end of the epoch.
    fn next_window(&mut self) -> Result<Option<Dataset>, Self::Error>;
}

impl<S: DataSource> Windows for &mut S {
    type Error = S::Error;

    fn begin(&mut self, order: Order) -> Result<(), S::Error> {
        S::begin(self, order)
    }

    fn next_window(&mut self) -> Result<Option<Dataset>, S::Error> {
        S::next_window(self)
    }
}

/// What reading the next window brought.
type Window<E> = Result<Option<Dataset>, E>;

/// A source in the hands of a thread, which has the next window ready while one is trained on.
#[derive(Debug)]
pub(super) struct ReadAhead<E> {
    /// Epochs to be read, each with the way for its windows.
    epochs: Sender<(Order, SyncSender<Window<E>>)>,
    /// The windows of the epoch under way.
    windows: Option<Receiver<Window<E>>>,
}

impl<E: Send> ReadAhead<E> {
    /// Hands a source over to a thread of its own, which ends soon after this is dropped.
    pub(super) fn start<'scope, S: DataSource<Error = E>>(
        scope: &'scope Scope<'scope, '_>,
        source: &'scope mut S,
    ) -> Self
    where
        E: 'scope,
    {
        let (epochs, orders) = channel::<(Order, SyncSender<Window<E>>)>();
        scope.spawn(move || {
            for (order, windows) in orders {
                read(source, order, &windows);
            }
        });
        Self { epochs, windows: None }
    }
}

/// Reads an epoch to its end, or as long as anybody takes its windows.
fn read<S: DataSource>(source: &mut S, order: Order, windows: &SyncSender<Window<S::Error>>) {
    let mut window = source.begin(order).and_then(|()| source.next_window());
    loop {
        let is_last = !matches!(window, Ok(Some(_)));
        if windows.send(window).is_err() || is_last {
            return;
        }
        window = source.next_window();
    }
}

impl<E> Windows for ReadAhead<E> {
    type Error = E;

    /// An error of the source comes in place of the first window.
    fn begin(&mut self, order: Order) -> Result<(), E> {
        // No room in between: a window waits in the hands of the thread, so that two are in memory and not three.
        let (sender, windows) = sync_channel(0);
        self.windows = Some(windows);
        // The thread takes epochs for as long as there is a sender.
        let _ = self.epochs.send((order, sender));
        Ok(())
    }

    fn next_window(&mut self) -> Result<Option<Dataset>, E> {
        self.windows.as_ref().and_then(|windows| windows.recv().ok()).unwrap_or(Ok(None))
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::sync::mpsc::{Sender, channel};
    use std::thread;

    use nalgebra::DMatrix;

    use super::{ReadAhead, Windows};
    use crate::data::{DataSource, Dataset, Features, Order, Targets};

    /// Numbers from 0, one a window, of which it says when it reads them; reading fails at one of them.
    struct Numbers {
        next: u8,
        fails_at: u8,
        read: Sender<u8>,
    }

    impl DataSource for Numbers {
        type Error = String;

        fn samples(&self) -> usize {
            4
        }

        fn window(&self) -> usize {
            1
        }

        fn inputs(&self) -> usize {
            1
        }

        fn outputs(&self) -> usize {
            1
        }

        fn class_counts(&self) -> Option<&[usize]> {
            None
        }

        fn sha256(&self) -> [u8; 32] {
            [0; 32]
        }

        fn begin(&mut self, _: Order) -> Result<(), String> {
            self.next = 0;
            Ok(())
        }

        fn next_window(&mut self) -> Result<Option<Dataset>, String> {
            let number = self.next;
            if number == self.fails_at {
                return Err(format!("cannot read {number}"));
            }
            self.next += 1;
            self.read.send(number).unwrap();
            let (x, y) = (DMatrix::from_element(1, 1, number), DMatrix::zeros(1, 1));
            Ok((number < 4).then(|| Dataset::new(Features::Bytes(x), Targets::Values(y)).unwrap()))
        }
    }

    fn next(ahead: &mut ReadAhead<String>) -> Result<Option<u8>, String> {
        let window = ahead.next_window()?;
        Ok(window.map(|data| data.raw(0)[0]))
    }

    #[test]
    fn the_next_window_is_read_before_it_is_asked_for_and_none_after_it() {
        let (read, reads) = channel();
        let mut numbers = Numbers { next: 0, fails_at: 9, read };
        thread::scope(|scope| {
            let mut ahead = ReadAhead::start(scope, &mut numbers);
            ahead.begin(Order::AsTheyAre).unwrap();
            assert_eq!(next(&mut ahead), Ok(Some(0)));
            let within = |time| reads.recv_timeout(time).ok();
            assert_eq!([(); 2].map(|()| within(Duration::from_secs(60))), [Some(0), Some(1)]);
            assert_eq!(within(Duration::from_millis(50)), None);
        });
    }

    #[test]
    fn an_epoch_that_is_left_is_followed_by_a_whole_one() {
        let (read, _reads) = channel();
        let mut numbers = Numbers { next: 0, fails_at: 9, read };
        thread::scope(|scope| {
            let mut ahead = ReadAhead::start(scope, &mut numbers);
            for windows in [1, 0, 5, 6] {
                ahead.begin(Order::AsTheyAre).unwrap();
                let expected = [Some(0), Some(1), Some(2), Some(3), None, None];
                assert!((0..windows).map(|_| next(&mut ahead).unwrap()).eq(expected.into_iter().take(windows)));
            }
        });
    }

    #[test]
    fn an_error_comes_where_its_window_would() {
        let (read, _reads) = channel();
        let mut numbers = Numbers { next: 0, fails_at: 1, read };
        thread::scope(|scope| {
            let mut ahead = ReadAhead::start(scope, &mut numbers);
            ahead.begin(Order::AsTheyAre).unwrap();
            assert_eq!(next(&mut ahead), Ok(Some(0)));
            assert_eq!(next(&mut ahead), Err("cannot read 1".to_owned()));
            assert_eq!(next(&mut ahead), Ok(None));
        });
    }
}
