use crate::{Interface, Value};

/// What is shown instead of a secret.
pub(crate) const MASK: &str = "***";

/// What there is to know about a parameter beside its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    pub(crate) path: Vec<&'static str>,
    pub(crate) description: &'static str,
    pub(crate) interface: Interface,
    pub(crate) expected: String,
    pub(crate) schema: Value,
    pub(crate) default: Option<Default>,
    pub(crate) is_required: bool,
    pub(crate) is_secret: bool,
    pub(crate) short: Option<char>,
    pub(crate) value_name: Option<&'static str>,
    pub(crate) is_repeated: bool,
}

/// A default in both of its forms.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Default {
    pub(crate) flat: Value,
    pub(crate) structured: Value,
}

impl Parameter {
    /// The names of the structs it is in, from the outside, and its own.
    pub fn path(&self) -> &[&'static str] {
        &self.path
    }

    /// Its name in files and errors: the path with dots, `camera.url`.
    pub fn key(&self) -> String {
        self.path.join(".")
    }

    /// Its name in Panorama's manifests: the path with underscores, `camera_url`.
    pub fn name(&self) -> String {
        self.path.join("_")
    }

    /// Its environment variable: `APP_CAMERA_URL` with the prefix `APP`, `CAMERA_URL` without one.
    pub fn variable(&self, prefix: &str) -> String {
        let separator = if prefix.is_empty() { "" } else { "_" };
        format!("{prefix}{separator}{}", self.name()).to_uppercase()
    }

    /// Its command line argument, without the hyphens in front: `camera-url`.
    pub fn argument(&self) -> String {
        self.name().replace('_', "-")
    }

    /// The doc comment of the field, in one line; empty if there is none.
    pub fn description(&self) -> &'static str {
        self.description
    }

    /// Its type in Panorama's manifests.
    pub fn interface(&self) -> Interface {
        self.interface
    }

    /// What values look like, as a phrase: "a number from 0 to 1".
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// The default as a boolean, a number or a text. There is none to see of a secret.
    pub fn default_value(&self) -> Option<&Value> {
        self.default.as_ref().map(|default| &default.flat).filter(|_| !self.is_secret)
    }

    /// The default as files have it, where there are lists and tables. There is none to see of a secret.
    pub fn structured_default(&self) -> Option<&Value> {
        self.default.as_ref().map(|default| &default.structured).filter(|_| !self.is_secret)
    }

    /// Whether it has to be given.
    pub fn is_required(&self) -> bool {
        self.is_required
    }

    /// Whether its values are masked.
    pub fn is_secret(&self) -> bool {
        self.is_secret
    }
}
