use std::fmt;

/// The type of a parameter in the manifests of AWS Panorama.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Interface {
    /// True or false.
    Boolean,
    /// A whole number.
    Int32,
    /// A number.
    Float32,
    /// Text, and everything that is written as text.
    String,
}

/// As the manifests have it: `boolean`, `int32`, `float32`, `string`.
impl fmt::Display for Interface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Boolean => "boolean",
            Self::Int32 => "int32",
            Self::Float32 => "float32",
            Self::String => "string",
        })
    }
}
