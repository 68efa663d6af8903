//! What must not link: an index, and memory from a heap.
#![expect(clippy::indexing_slicing, reason = "planted, so that the test of the others can fail")]

entries! {
    fn index(w: &[f32], i: usize) -> f32 { w[i] }
    fn heap(bytes: usize) -> *mut u8 {
        unsafe extern "C" {
            fn malloc(bytes: usize) -> *mut u8;
        }
        // SAFETY: never called, because it does not link.
        unsafe { malloc(bytes) }
    }
}
