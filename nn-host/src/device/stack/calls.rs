//! Functions that call one another, and the most stack that a call of one can take.

use std::collections::{BTreeMap, BTreeSet};

use super::UnknownStack;

/// What a function's code says of its stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Function {
    /// The name of its symbol.
    pub(super) name: String,
    /// Bytes that its own frame takes.
    pub(super) frame: Result<u64, UnknownStack>,
    /// Addresses of the functions that it goes to.
    pub(super) calls: BTreeSet<u32>,
}

/// A walk through the functions of a program, by their addresses.
pub(super) struct Calls<'f> {
    functions: &'f BTreeMap<u32, Function>,
    /// Functions that are being called, the outermost first.
    path: Vec<u32>,
    /// What has been found out.
    depths: BTreeMap<u32, u64>,
}

impl<'f> Calls<'f> {
    pub(super) const fn new(functions: &'f BTreeMap<u32, Function>) -> Self {
        Self { functions, path: Vec::new(), depths: BTreeMap::new() }
    }

    /// Bytes of stack that a call of a function takes at most, with all that it calls.
    ///
    /// # Errors
    /// [`UnknownStack`] if that has no bound, or the code does not show it.
    pub(super) fn depth(&mut self, address: u32) -> Result<u64, UnknownStack> {
        if let Some(&depth) = self.depths.get(&address) {
            return Ok(depth);
        }
        let function = self.functions.get(&address).ok_or(UnknownStack::NoFunction { address })?;
        if self.path.contains(&address) {
            return Err(UnknownStack::Recursion { function: function.name.clone() });
        }
        let frame = function.frame.clone()?;
        self.path.push(address);
        let deepest = function.calls.iter().try_fold(0, |deepest, &callee| Ok(self.depth(callee)?.max(deepest)))?;
        self.path.pop();
        let depth = frame + deepest;
        self.depths.insert(address, depth);
        Ok(depth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn functions<const N: usize>(functions: [(u32, u64, &[u32]); N]) -> BTreeMap<u32, Function> {
        let function = |(address, frame, calls): (u32, u64, &[u32])| {
            (
                address,
                Function { name: format!("f{address}"), frame: Ok(frame), calls: calls.iter().copied().collect() },
            )
        };
        functions.into_iter().map(function).collect()
    }

    #[test]
    fn the_deepest_path_counts() {
        let functions = functions([(1, 8, &[2, 3]), (2, 100, &[4]), (3, 16, &[4, 5]), (4, 4, &[]), (5, 96, &[])]);
        let mut calls = Calls::new(&functions);
        assert_eq!(calls.depth(1), Ok(8 + 16 + 96));
        assert_eq!(calls.depth(2), Ok(104));
    }

    #[test]
    fn recursion_has_no_bound() {
        let functions = functions([(1, 8, &[2]), (2, 8, &[3, 4]), (3, 0, &[]), (4, 8, &[2])]);
        let recursion = UnknownStack::Recursion { function: "f2".to_owned() };
        assert_eq!(Calls::new(&functions).depth(1), Err(recursion));
        assert_eq!(Calls::new(&functions).depth(3), Ok(0));
    }

    #[test]
    fn a_frame_that_is_not_known_matters_where_it_is_reached() {
        let mut functions = functions([(1, 8, &[2]), (2, 8, &[]), (3, 8, &[2])]);
        let pointer = UnknownStack::Pointer { function: "f3".to_owned() };
        functions.get_mut(&3).unwrap().frame = Err(pointer.clone());
        assert_eq!(Calls::new(&functions).depth(1), Ok(16));
        assert_eq!(Calls::new(&functions).depth(3), Err(pointer));
    }

    #[test]
    fn a_call_of_what_is_no_function_is_told() {
        let functions = functions([(1, 8, &[7])]);
        assert_eq!(Calls::new(&functions).depth(1), Err(UnknownStack::NoFunction { address: 7 }));
    }
}
