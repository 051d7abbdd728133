use crate::parameter::MASK;
use crate::{Description, Parameter, Value, text};

impl Description {
    /// A table of the parameters in Markdown, for documentation.
    ///
    /// Truth values and defaults that are none look as in Python, `True` and `None`, so that the documentation of an application that comes from there
    /// stays as it was; both are read back.
    #[doc(alias = "get_panorama_markdown_doc")]
    pub fn markdown(&self) -> String {
        let mut table =
            "| name | type    | default | description |\n|------|---------|---------|-------------|"
                .to_owned();
        for parameter in self.parameters() {
            let (name, interface) = (parameter.name(), parameter.interface());
            let (default, description) = (cell(&default(parameter)), cell(parameter.description()));
            table += &format!("\n| {name} | {interface} | {default} | {description} |");
        }
        table
    }
}

fn default(parameter: &Parameter) -> String {
    match parameter.default_value() {
        None if parameter.is_secret() && parameter.default.is_some() => MASK.to_owned(),
        None | Some(Value::Null) => "None".to_owned(),
        Some(Value::Bool(true)) => "True".to_owned(),
        Some(Value::Bool(false)) => "False".to_owned(),
        Some(value) => text::of(value),
    }
}

/// Text that stays in its cell.
fn cell(text: &str) -> String {
    text.replace(['\r', '\n'], " ").replace('|', "\\|")
}
