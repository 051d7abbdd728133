use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit};

/// An expression for a value of a field: texts become what the field holds, such as a `String` or a `PathBuf`.
pub fn value(expression: &Expr) -> TokenStream {
    match expression {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
            quote_spanned!(text.span()=> ::core::convert::Into::into(#text))
        }
        other => quote!(#other),
    }
}

/// A list of such values.
pub fn list(elements: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let elements = elements.into_iter();
    quote!([#(#elements),*])
}

/// The default of a field; of one that holds a `Vec` it may be written as an array.
pub fn default(expression: &Expr, is_list: bool) -> TokenStream {
    match expression {
        Expr::Array(array) if is_list => {
            let elements = list(array.elems.iter().map(value));
            quote_spanned!(array.span()=> ::std::vec::Vec::from(#elements))
        }
        other => value(other),
    }
}
