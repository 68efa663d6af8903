//! Many words of a stream at a time, in vectors: for hosts, because chips would have to carry the code and gain nothing.

use super::Stream;

impl Stream {
    /// As many [`word`](Self::word)s one after the other, in less time.
    ///
    /// ```
    /// use nn_core::random::{Purpose, Stream};
    /// let mut stream = Stream::new(42, Purpose::Shuffle, 0, 0);
    /// let mut words = [0; 100];
    /// stream.clone().fill_words(&mut words);
    /// assert!(words.iter().all(|&word| word == stream.word()));
    /// ```
    pub fn fill_words(&mut self, words: &mut [u32]) {
        self.0.fill_u32(words);
    }
}
