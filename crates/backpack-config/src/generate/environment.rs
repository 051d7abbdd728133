use crate::{Description, Parameter, text};

impl Description {
    /// A list of the environment variables with their defaults, which a shell reads too. Those without a default are commented out, and so are secrets.
    pub fn environment(&self, prefix: &str) -> String {
        let mut list = String::new();
        for parameter in self.parameters() {
            let separator = if list.is_empty() { "" } else { "\n" };
            list += &format!("{separator}# {}\n", explained(parameter));
            let variable = parameter.variable(prefix);
            list += &match parameter.default_value() {
                Some(default) => format!("{variable}={}\n", quoted(&text::of(default))),
                None => format!("# {variable}=\n"),
            };
        }
        list
    }
}

/// What a value is for, what it looks like, and whether it has to be given.
pub(super) fn explained(parameter: &Parameter) -> String {
    let description = parameter.description();
    let need = match (parameter.is_secret(), parameter.is_required()) {
        (true, true) => "; a secret, required",
        (true, false) => "; a secret",
        (false, true) => "; required",
        (false, false) => "",
    };
    let separator = if description.is_empty() { "" } else { " " };
    // A control character would end the comment.
    let text = format!("{description}{separator}({}{need})", parameter.expected());
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The text as one word of a shell.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:,@%+=".contains(c);
    if text.chars().all(is_plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
