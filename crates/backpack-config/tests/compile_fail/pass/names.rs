//! Names of fields hide nothing, the crate may go by another name, and generics are passed on.
#![deny(warnings)]

extern crate backpack_config as renamed;

use renamed::{Codec, Native, Parameters};

#[derive(Parameters)]
#[param(crate = "renamed", check = check)]
struct Names<T>
where
    T: PartialOrd + Clone + 'static,
    Native: Codec<T>,
{
    /// It is called as what is around it.
    #[param(default, check = check_number)]
    walker: i32,
    #[param(default, check = check_number)]
    check_number: i32,
    #[param(default)]
    parameters: i32,
    check: Option<i32>,
    r#type: T,
    #[param(nested)]
    r#in: Inner,
}

#[derive(Parameters)]
#[param(crate = "renamed")]
struct Inner {}

fn check_number(_: &i32) -> Result<(), String> {
    Ok(())
}

fn check<T>(names: &Names<T>) -> Result<(), String>
where
    T: PartialOrd + Clone + 'static,
    Native: Codec<T>,
{
    let _ = (names.walker, names.check_number, names.parameters, names.check, &names.r#type, &names.r#in);
    Ok(())
}

fn main() {
    let names = renamed::Description::of::<Names<u8>>();
    let names: Vec<_> = names.parameters().iter().map(|parameter| parameter.key()).collect();
    assert_eq!(names, ["walker", "check_number", "parameters", "check", "type"]);
}
