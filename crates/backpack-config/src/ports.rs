use std::collections::{BTreeMap, HashMap};

use crate::Value;

/// Parameter ports by which AWS Panorama hands an application its parameters, or anything that knows values by name.
///
/// Maps from names to values are ports, and so is `|name: &str| -> Option<Value> { … }`.
#[doc(alias = "panoramasdk.port")]
pub trait Ports {
    /// The value of the port with this name, or nothing if there is none.
    fn value(&self, name: &str) -> Option<Value>;
}

impl<F: Fn(&str) -> Option<Value>> Ports for F {
    fn value(&self, name: &str) -> Option<Value> {
        self(name)
    }
}

impl Ports for HashMap<String, Value> {
    fn value(&self, name: &str) -> Option<Value> {
        self.get(name).cloned()
    }
}

impl Ports for BTreeMap<String, Value> {
    fn value(&self, name: &str) -> Option<Value> {
        self.get(name).cloned()
    }
}
