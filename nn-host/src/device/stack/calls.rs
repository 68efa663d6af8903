//! Functions that call one another, and the most stack that a call of one can take.

use std::collections::{BTreeMap, BTreeSet};

use nn_core::format::MOST_DEPTH;

use super::UnknownStack;

/// The type of nn-core's that calls itself, once for each block of layers inside another, in the name of a symbol.
const NESTED: &str = "11ShapeReader";

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

impl Function {
    /// How many calls of a function there may be at one time, if it may call itself.
    fn most_nested(&self) -> Option<usize> {
        self.name.contains(NESTED).then_some(usize::from(MOST_DEPTH) + 1)
    }
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
        let nested = self.path.iter().filter(|&&caller| caller == address).count();
        match function.most_nested() {
            // It is checked there that there are no more.
            Some(most) if nested >= most => return Ok(0),
            None if nested > 0 => return Err(UnknownStack::Recursion { function: function.name.clone() }),
            _ => {}
        }
        let frame = function.frame.clone()?;
        self.path.push(address);
        let deepest = function.calls.iter().try_fold(0, |deepest, &callee| Ok(self.depth(callee)?.max(deepest)))?;
        self.path.pop();
        let depth = frame + deepest;
        // Inside of itself a function takes less than from outside.
        if function.most_nested().is_none() {
            self.depths.insert(address, depth);
        }
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
    fn blocks_are_nested_as_deep_as_they_may_be() {
        let mut functions = functions([(1, 8, &[2]), (2, 16, &[3]), (3, 32, &[2, 4]), (4, 4, &[])]);
        for (address, name) in [(2, "join"), (3, "part")] {
            functions.get_mut(&address).unwrap().name = format!("_ZN7nn_core6format5shape11ShapeReader4{name}E");
        }
        let nested = u64::from(MOST_DEPTH) + 1;
        assert_eq!(Calls::new(&functions).depth(1), Ok(8 + nested * (16 + 32) + 4));
        functions.get_mut(&3).unwrap().name = "part".to_owned();
        assert!(matches!(Calls::new(&functions).depth(1), Err(UnknownStack::Recursion { .. })));
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
