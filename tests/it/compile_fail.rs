//! What must not compile, and how the compiler says so.

#[test]
fn wrong_joins_do_not_compile() {
    trybuild::TestCases::new().compile_fail("it/compile_fail/*.rs");
}
