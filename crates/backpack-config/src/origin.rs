use std::fmt;
use std::path::PathBuf;

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// The default in the program.
    Default,
    /// A file.
    File(PathBuf),
    /// The environment variable of this name.
    Variable(String),
    /// The command line argument of this name.
    Argument(String),
    /// The parameter port of this name.
    Port(String),
    /// The configuration of the Greengrass component.
    Greengrass,
    /// A text or a value that the program has by this name.
    Named(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => write!(f, "environment variable {name}"),
            Self::Argument(name) => write!(f, "argument --{name}"),
            Self::Port(name) => write!(f, "parameter port {name}"),
            Self::Greengrass => f.write_str("Greengrass configuration"),
            Self::Named(name) => f.write_str(name),
        }
    }
}
