use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, Ident, Path, Result};

use crate::container::Container;
use crate::field::{Default, Field};
use crate::literal;

/// The implementation of `Parameters`.
pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let fields = fields(input)?;
    let Container { library, checks } = Container::parse(input)?;
    let [walker, parameters] = ["walker", "parameters"].map(|name| free(name, &fields));
    let reads = fields.iter().map(|field| read(field, &library, &walker));
    let values = fields.iter().map(|field| {
        let (ident, variable) = (field.ident, variable(field));
        quote!(#ident: #variable?)
    });
    let checks = checks.iter().map(|check| {
        quote_spanned! {check.span()=> let #parameters = #walker.check(#parameters, #check)?; }
    });

    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        // A default may be a call, around which its closure looks redundant.
        #[allow(clippy::redundant_closure)]
        impl #impl_generics #library::Parameters for #ident #ty_generics #where_clause {
            fn walk<W: #library::Walker>(#walker: &mut W) -> ::core::option::Option<Self> {
                #(#reads)*
                let #parameters = Self { #(#values),* };
                #(#checks)*
                ::core::option::Option::Some(#parameters)
            }
        }
    })
}

/// The fields of the struct; all that is wrong with them is said at once.
fn fields(input: &DeriveInput) -> Result<Vec<Field<'_>>> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "only a struct can describe parameters"));
    };
    let Fields::Named(named) = &data.fields else {
        return Err(Error::new_spanned(
            &input.ident,
            "parameters need names: use a struct with named fields",
        ));
    };
    let mut errors: Option<Error> = None;
    let mut add = |error| match &mut errors {
        Some(errors) => errors.combine(error),
        None => errors = Some(error),
    };
    let mut names = HashMap::new();
    let mut fields = Vec::new();
    for field in &named.named {
        let Some(ident) = &field.ident else { continue };
        match Field::parse(field, ident) {
            Ok(field) => {
                if let Some(first) = names.insert(field.name(), ident) {
                    add(Error::new_spanned(
                        field.ident,
                        format!("`{}` is the name of `{first}` already", field.name()),
                    ));
                }
                fields.push(field);
            }
            Err(error) => add(error),
        }
    }
    errors.map_or(Ok(fields), Err)
}

/// The statement that reads one field into a variable of its name.
fn read(field: &Field, library: &Path, walker: &Ident) -> TokenStream {
    let Field { ty, description, .. } = field;
    let variable = variable(field);
    let name = field.name();
    let held = field.inner().unwrap_or(ty);
    // Errors are to point at the field's type.
    let here = spanned(library, held.span());
    if field.nested.is_some() {
        let group =
            quote_spanned!(ty.span()=> group(#here::Group::<#ty>::new(#name).description(#description)));
        return quote!(let #variable = #walker.#group;);
    }
    let native = || quote_spanned!(held.span()=> #here::Native);
    let codec = field.with.as_ref().map_or_else(native, |with| quote!(#with));
    let new = quote_spanned!(held.span()=> #here::Field::<#held>::new::<#codec>(#name));
    let calls = calls(field, library);
    quote!(let #variable = #walker.parameter(#new.description(#description) #(#calls)*);)
}

/// The tokens of a path as if they stood at `span`.
fn spanned(path: &Path, span: Span) -> TokenStream {
    let tokens = path.to_token_stream().into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    tokens.collect()
}

/// A variable that is called `name`, or like it if a field is called so.
fn free(name: &str, fields: &[Field]) -> Ident {
    let mut name = name.to_owned();
    while fields.iter().any(|field| *field.ident == name) {
        name.push('_');
    }
    Ident::new(&name, Span::mixed_site())
}

/// A variable for the field's value that hides nothing which is named in an attribute.
fn variable(field: &Field) -> Ident {
    let mut variable = field.ident.clone();
    variable.set_span(Span::mixed_site());
    variable
}

/// What is said about a parameter beyond name, type and description; that it is optional comes last, as all else is about what it holds.
fn calls(field: &Field, library: &Path) -> Vec<TokenStream> {
    let mut calls = Vec::new();
    if let Some(interface) = &field.interface {
        let variant = match &*interface.value() {
            "boolean" => format_ident!("Boolean"),
            "float32" => format_ident!("Float32"),
            "int32" => format_ident!("Int32"),
            _ => format_ident!("String"),
        };
        calls.push(quote!(.interface(#library::Interface::#variant)));
    }
    calls.extend(field.secret.as_ref().map(|_| quote!(.secret())));
    match &field.default {
        Some(Default::OfType(path)) => {
            calls.push(quote_spanned!(path.span()=> .default(::core::default::Default::default)));
        }
        Some(Default::Value(_, value)) => {
            let value = literal::default(value, field.is_list());
            calls.push(quote_spanned!(value.span()=> .default(|| #value)));
        }
        None => {}
    }
    calls.extend(field.range.as_ref().map(|range| quote_spanned!(range.span()=> .range(#range))));
    calls.extend(field.one_of.as_ref().map(|choices| {
        let choices = literal::list(choices.elems.iter().map(literal::value));
        quote_spanned!(choices.span()=> .one_of(#choices))
    }));
    calls.extend(field.checks.iter().map(|check| quote_spanned!(check.span()=> .check(#check))));
    calls.extend(field.short.as_ref().map(|short| quote!(.short(#short))));
    calls.extend(field.value_name.as_ref().map(|name| quote!(.value_name(#name))));
    calls.extend(field.repeated.as_ref().map(|_| quote!(.repeated())));
    calls.extend(field.inner().map(|_| quote!(.optional())));
    calls
}
