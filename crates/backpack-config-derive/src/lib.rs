#![doc = include_str!("../README.md")]

mod container;
mod description;
mod expand;
mod field;
mod literal;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct the description of an application's parameters.
///
/// The attributes are documented with the trait `Parameters` of backpack-config.
#[proc_macro_derive(Parameters, attributes(param))]
pub fn parameters(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
