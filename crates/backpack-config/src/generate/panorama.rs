use serde_json::json;

use crate::{Description, Value};

/// Manifests of AWS Panorama.
impl Description {
    /// The nodes of the parameters, for `nodeGraph.nodes` in `graph.json`.
    ///
    /// A parameter without a default has the value `null`, and so has a secret.
    #[doc(alias = "get_panorama_definitions")]
    pub fn nodes(&self) -> Value {
        let nodes = self.parameters().iter().map(|parameter| {
            let name = parameter.name();
            json!({
                "name": name,
                "interface": parameter.interface().to_string(),
                "value": parameter.default_value(),
                "overridable": true,
                "decorator": { "title": name, "description": parameter.description() },
            })
        });
        nodes.collect()
    }

    /// The edges from the parameters to the node of the application's code, for `nodeGraph.edges` in `graph.json`.
    #[doc(alias = "get_panorama_edges")]
    pub fn edges(&self, code_node: &str) -> Value {
        let edges = self.parameters().iter().map(|parameter| {
            let name = parameter.name();
            json!({ "producer": name, "consumer": format!("{code_node}.{name}") })
        });
        edges.collect()
    }

    /// The inputs of the application, for `nodePackage.interfaces` in its `package.json`.
    #[doc(alias = "get_panorama_app_interface")]
    pub fn interfaces(&self) -> Value {
        let interfaces = self
            .parameters()
            .iter()
            .map(|parameter| json!({ "name": parameter.name(), "type": parameter.interface().to_string() }));
        interfaces.collect()
    }
}
