use serde_json::{Map, json};

use super::tree::table_at;
use crate::{Description, Parameter, Value};

impl Description {
    /// A JSON Schema (draft 2020-12) of configuration files, by which editors complete and check them.
    ///
    /// Secrets are not required by it, as they hardly come from a file.
    pub fn json_schema(&self) -> Value {
        let mut root = object("");
        for parameter in self.parameters() {
            let Some((name, groups)) = parameter.path().split_last() else { continue };
            self.open(&mut root, groups);
            properties(&mut root, groups).insert((*name).to_owned(), schema(parameter));
            if parameter.is_required() && !parameter.is_secret() {
                self.require(&mut root, parameter.path());
            }
        }
        let mut schema = Map::new();
        schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        schema.extend(root);
        schema.into()
    }

    /// Adds the structs around a parameter that are not there yet.
    fn open(&self, root: &mut Map<String, Value>, path: &[&'static str]) {
        for (depth, name) in path.iter().enumerate() {
            let group = self.groups().iter().find(|group| group.path == path[..=depth]);
            let description = group.map_or("", |group| group.description);
            let properties = properties(root, &path[..depth]);
            properties.entry(*name).or_insert_with(|| object(description).into());
        }
    }

    /// Requires a parameter of its struct, and the struct of the one around it.
    fn require(&self, root: &mut Map<String, Value>, path: &[&'static str]) {
        for (depth, name) in path.iter().enumerate() {
            let table = table_at(root, &steps(&path[..depth]));
            let required = table.entry("required").or_insert_with(|| json!([]));
            if let Value::Array(names) = required
                && !names.iter().any(|known| known == name)
            {
                names.push(json!(name));
            }
        }
    }
}

/// The schema of a struct.
fn object(description: &str) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("type".to_owned(), json!("object"));
    if !description.is_empty() {
        object.insert("description".to_owned(), json!(description));
    }
    object.insert("properties".to_owned(), json!({}));
    object.insert("additionalProperties".to_owned(), json!(false));
    object
}

/// The properties of the struct at `path`.
fn properties<'a>(root: &'a mut Map<String, Value>, path: &[&'static str]) -> &'a mut Map<String, Value> {
    let mut steps = steps(path);
    steps.push("properties");
    table_at(root, &steps)
}

/// The way to the schema of the struct at `path`.
fn steps(path: &[&'static str]) -> Vec<&'static str> {
    path.iter().flat_map(|name| ["properties", name]).collect()
}

fn schema(parameter: &Parameter) -> Value {
    let mut schema = parameter.schema.clone();
    if !parameter.description().is_empty() {
        schema["description"] = json!(parameter.description());
    }
    if let Some(default) = parameter.structured_default() {
        schema["default"] = default.clone();
    }
    if parameter.is_secret() {
        schema["writeOnly"] = json!(true);
    }
    schema
}
