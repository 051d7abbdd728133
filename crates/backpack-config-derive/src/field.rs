use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{
    Error, Expr, ExprArray, GenericArgument, Ident, LitChar, LitStr, Path, PathArguments, Result, Type,
};

use crate::description::description;

const KNOWN: &str = "`check`, `default`, `interface`, `nested`, `one_of`, `range`, `rename`, `repeated`, `secret`, `short`, \
                     `value_name`, `with`";

/// A field of the struct and what is said about it.
pub struct Field<'a> {
    pub ident: &'a Ident,
    pub ty: &'a Type,
    pub description: String,
    pub rename: Option<LitStr>,
    pub default: Option<Default>,
    pub nested: Option<Path>,
    pub with: Option<Path>,
    pub range: Option<Expr>,
    pub one_of: Option<ExprArray>,
    pub checks: Vec<Path>,
    pub interface: Option<LitStr>,
    pub secret: Option<Path>,
    pub short: Option<LitChar>,
    pub value_name: Option<LitStr>,
    pub repeated: Option<Path>,
}

pub enum Default {
    /// That of the type.
    OfType(Path),
    Value(Path, Expr),
}

impl<'a> Field<'a> {
    pub fn parse(field: &'a syn::Field, ident: &'a Ident) -> Result<Self> {
        let mut parsed = Self {
            ident,
            ty: &field.ty,
            description: description(&field.attrs),
            rename: None,
            default: None,
            nested: None,
            with: None,
            range: None,
            one_of: None,
            checks: Vec::new(),
            interface: None,
            secret: None,
            short: None,
            value_name: None,
            repeated: None,
        };
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("param")) {
            attribute.parse_nested_meta(|meta| parsed.attribute(&meta))?;
        }
        parsed.check()?;
        Ok(parsed)
    }

    fn attribute(&mut self, meta: &ParseNestedMeta) -> Result<()> {
        let path = meta.path.clone();
        let name = path.get_ident().map(Ident::to_string).unwrap_or_default();
        match &*name {
            "check" => {
                self.checks.push(meta.value()?.parse()?);
                Ok(())
            }
            "default" if meta.input.peek(syn::Token![=]) => {
                let value = meta.value()?.parse()?;
                once(&mut self.default, meta, Default::Value(path, value))
            }
            "default" => once(&mut self.default, meta, Default::OfType(path)),
            "interface" => once(&mut self.interface, meta, meta.value()?.parse()?),
            "nested" => once(&mut self.nested, meta, path),
            "one_of" => once(&mut self.one_of, meta, meta.value()?.parse()?),
            "range" => once(&mut self.range, meta, meta.value()?.parse()?),
            "rename" => once(&mut self.rename, meta, meta.value()?.parse()?),
            "repeated" => once(&mut self.repeated, meta, path),
            "secret" => once(&mut self.secret, meta, path),
            "short" => once(&mut self.short, meta, meta.value()?.parse()?),
            "value_name" => once(&mut self.value_name, meta, meta.value()?.parse()?),
            "with" => once(&mut self.with, meta, meta.value()?.parse()?),
            _ => Err(meta.error(format!("a parameter has the attributes {KNOWN}"))),
        }
    }

    /// The name in files; other names are made from it.
    pub fn name(&self) -> String {
        self.rename.as_ref().map_or_else(|| self.ident.unraw().to_string(), LitStr::value)
    }

    /// The type inside if this is an `Option`, as far as its spelling tells.
    pub fn inner(&self) -> Option<&'a Type> {
        argument(self.ty, "Option")
    }

    pub fn is_list(&self) -> bool {
        argument(self.inner().unwrap_or(self.ty), "Vec").is_some()
    }

    fn check(&self) -> Result<()> {
        self.check_name()?;
        self.check_nested()?;
        self.check_interface()?;
        if let (Some(_), Some(default)) = (self.inner(), &self.default) {
            let message =
                "an `Option` is `None` unless it is given: leave out either the default or the `Option`";
            return Err(Error::new_spanned(default.path(), message));
        }
        if let (false, Some(repeated)) = (self.is_list(), &self.repeated) {
            return Err(Error::new_spanned(repeated, "only a `Vec` can be given an item at a time"));
        }
        if let (Some(secret), Some(attribute)) = (&self.secret, self.argument_attribute()) {
            let mut error = Error::new(
                attribute,
                "a secret is no command line argument, as anyone can see those of a process",
            );
            error.combine(Error::new_spanned(secret, "it is marked as a secret here"));
            return Err(error);
        }
        Ok(())
    }

    /// The name has to do as a key in TOML, an environment variable, an argument and a node of a manifest.
    fn check_name(&self) -> Result<()> {
        let name = self.name();
        let is_fit = name.starts_with(|first: char| first.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if is_fit {
            return Ok(());
        }
        let span = self.rename.as_ref().map_or_else(|| self.ident.span(), Spanned::span);
        let message = format!(
            "`{name}` is no name for a parameter: it has to be made of a to z, 0 to 9 and _, and begin with a letter"
        );
        Err(Error::new(span, message))
    }

    fn check_nested(&self) -> Result<()> {
        let Some(nested) = &self.nested else { return Ok(()) };
        if let Some(inner) = self.inner() {
            let message =
                "a nested struct is always there: leave out the `Option`, and make its parameters optional";
            return Err(Error::new_spanned(inner, message));
        }
        let others = [
            self.default.as_ref().map(|default| default.path().span()),
            self.with.as_ref().map(Spanned::span),
            self.range.as_ref().map(Spanned::span),
            self.one_of.as_ref().map(Spanned::span),
            self.checks.first().map(Spanned::span),
            self.interface.as_ref().map(Spanned::span),
            self.secret.as_ref().map(Spanned::span),
            self.argument_attribute(),
        ];
        match others.into_iter().flatten().next() {
            Some(span) => {
                let mut error = Error::new(
                    span,
                    "this is about a parameter, and a nested struct is none: say it inside the struct",
                );
                error.combine(Error::new_spanned(nested, "the struct is nested here"));
                Err(error)
            }
            None => Ok(()),
        }
    }

    fn check_interface(&self) -> Result<()> {
        let Some(interface) = &self.interface else { return Ok(()) };
        match &*interface.value() {
            "boolean" | "float32" | "int32" | "string" => Ok(()),
            _ => Err(Error::new_spanned(
                interface,
                "the interfaces of Panorama are boolean, float32, int32 and string",
            )),
        }
    }

    /// Where something is said that only command line arguments have.
    fn argument_attribute(&self) -> Option<proc_macro2::Span> {
        let spans = [
            self.short.as_ref().map(Spanned::span),
            self.value_name.as_ref().map(Spanned::span),
            self.repeated.as_ref().map(Spanned::span),
        ];
        spans.into_iter().flatten().next()
    }
}

impl Default {
    fn path(&self) -> &Path {
        match self {
            Self::OfType(path) | Self::Value(path, _) => path,
        }
    }
}

fn once<T>(slot: &mut Option<T>, meta: &ParseNestedMeta, value: T) -> Result<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(meta.error("this is said twice")),
    }
}

/// The `T` of a type that is written as `name<T>`.
fn argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match (last.ident == name, arguments.args.len(), arguments.args.first()?) {
        (true, 1, GenericArgument::Type(inner)) => Some(inner),
        _ => None,
    }
}
