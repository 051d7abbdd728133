use std::path::Path;

use crate::Value;

/// A format of configuration files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// JSON.
    Json,
    /// TOML 1.1; needs the feature `toml`.
    Toml,
    /// YAML 1.2; needs the feature `yaml`.
    Yaml,
}

impl Format {
    /// The format that a file with this name has, by its extension.
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match &*extension {
            "json" => Some(Self::Json),
            "toml" => Some(Self::Toml),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }

    /// The values in `text`. Errors tell the place but show nothing of the text, as there may be secrets in it.
    pub(crate) fn parse(self, text: &str) -> Result<Value, String> {
        match self {
            Self::Json => serde_json::from_str(text).map_err(|error| format!("not valid JSON: {error}")),
            Self::Toml => toml(text),
            Self::Yaml => yaml(text),
        }
    }
}

#[cfg(feature = "toml")]
fn toml(text: &str) -> Result<Value, String> {
    match text.parse::<toml::Table>() {
        Ok(table) => Ok(json(toml::Value::Table(table))),
        Err(error) => {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
            Err(format!("not valid TOML: {} at line {line} column {column}", error.message()))
        }
    }
}

/// The same value as JSON has it. What that has no numbers for becomes text, which is refused where a number is expected.
#[cfg(feature = "toml")]
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(integer) => integer.into(),
        toml::Value::Float(float) if float.is_finite() => float.into(),
        toml::Value::Float(float) => float.to_string().into(),
        toml::Value::Boolean(boolean) => boolean.into(),
        toml::Value::Datetime(datetime) => datetime.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(json).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, json(value))).collect(),
    }
}

#[cfg(not(feature = "toml"))]
fn toml(_: &str) -> Result<Value, String> {
    Err("TOML cannot be read without the feature `toml`".to_owned())
}

#[cfg(feature = "yaml")]
fn yaml(text: &str) -> Result<Value, String> {
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| format!("not valid YAML: {error}"))
}

#[cfg(not(feature = "yaml"))]
fn yaml(_: &str) -> Result<Value, String> {
    Err("YAML cannot be read without the feature `yaml`".to_owned())
}
