use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The doc comments among `attributes` as one line of text.
pub fn description(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(line);
    let words = lines.flat_map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    words.collect::<Vec<_>>().join(" ")
}

fn line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else { return None };
    match &meta.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if meta.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}
