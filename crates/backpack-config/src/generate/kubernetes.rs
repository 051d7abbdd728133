use serde_json::{Map, json};

use crate::{Description, Value, text};

impl Description {
    /// A Kubernetes `ConfigMap` of the defaults as environment variables, for a container's `envFrom`.
    ///
    /// Parameters without a default are left out, and so are secrets, which belong into a `Secret`.
    pub fn config_map(&self, name: &str, prefix: &str) -> Value {
        let defaults = self.parameters().iter().filter_map(|parameter| {
            let default = parameter.default_value()?;
            Some((parameter.variable(prefix), text::of(default).into()))
        });
        let data = defaults.collect::<Map<_, _>>();
        json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name }, "data": data })
    }
}
