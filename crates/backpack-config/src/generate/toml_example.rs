use super::environment::explained;
use crate::{Description, Parameter, Value};

impl Description {
    /// An example of a configuration file in TOML that sets every parameter to its default. What has no default is commented out, and so are secrets.
    pub fn toml(&self) -> String {
        let mut example = String::new();
        self.table(&[], &mut example);
        // TOML wants a struct's own parameters before those of structs inside.
        for group in self.groups() {
            let separator = if example.is_empty() { "" } else { "\n" };
            let comment = match group.description {
                "" => String::new(),
                description => format!("# {description}\n"),
            };
            example += &format!("{separator}{comment}[{}]\n", group.path.join("."));
            self.table(&group.path, &mut example);
        }
        example
    }

    /// The parameters of the struct at `path`.
    fn table(&self, path: &[&'static str], example: &mut String) {
        for parameter in self.parameters() {
            if let Some((name, groups)) = parameter.path().split_last()
                && groups == path
            {
                *example += &format!("# {}\n{}\n", explained(parameter), line(name, parameter));
            }
        }
    }
}

fn line(name: &str, parameter: &Parameter) -> String {
    match default(parameter) {
        Some(value) => format!("{name} = {value}"),
        None => format!("# {name} ="),
    }
}

/// The default as a file has it, or else, if TOML has no such values, as text.
fn default(parameter: &Parameter) -> Option<toml::Value> {
    let values = [parameter.structured_default()?, parameter.default_value()?];
    values.into_iter().find_map(toml_value)
}

/// The same value in TOML, which has no null and no larger integers than 64 bits with a sign.
fn toml_value(value: &Value) -> Option<toml::Value> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(boolean) => (*boolean).into(),
        Value::Number(number) if number.is_f64() => number.as_f64()?.into(),
        Value::Number(number) => number.as_i64()?.into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(toml_value).collect::<Option<Vec<_>>>()?.into(),
        Value::Object(table) => {
            let entries = table.iter().map(|(key, value)| Some((key.clone(), toml_value(value)?)));
            entries.collect::<Option<toml::Table>>()?.into()
        }
    })
}
