//! What cannot work does not compile, and says so where it stands.
//!
//! The compiler lists types that would do, so all of them have to be there.
#![cfg(all(feature = "color", feature = "geometry"))]

#[test]
fn what_cannot_work_does_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/compile_fail/pass/*.rs");
    cases.compile_fail("tests/compile_fail/*.rs");
}
