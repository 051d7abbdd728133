use syn::{DeriveInput, LitStr, Path, Result, parse_quote};

/// What is said about the struct as a whole.
pub struct Container {
    /// Where backpack-config is.
    pub library: Path,
    /// Functions that look at all parameters together.
    pub checks: Vec<Path>,
}

impl Container {
    pub fn parse(input: &DeriveInput) -> Result<Self> {
        let mut container = Self { library: parse_quote!(::backpack_config), checks: Vec::new() };
        for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("param")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("crate") {
                    container.library = meta.value()?.parse::<LitStr>()?.parse()?;
                    Ok(())
                } else if meta.path.is_ident("check") {
                    container.checks.push(meta.value()?.parse()?);
                    Ok(())
                } else {
                    Err(meta.error("a struct of parameters has the attributes `check` and `crate`"))
                }
            })?;
        }
        Ok(container)
    }
}
