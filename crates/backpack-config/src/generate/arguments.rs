use clap::{Arg, ArgAction};

use crate::{Description, Interface, Parameter, Value, text};

impl Description {
    /// Command line arguments for clap, one for each parameter but secrets: anyone can see the arguments of a process.
    ///
    /// They take any text; what is in it is looked at by [`Sources::read`](crate::Sources::read), together with all else that may be wrong. Their
    /// ids are the [names](Parameter::name) of the parameters, by which clap's own attributes can be added: `command.mut_arg("camera_url", …)`.
    ///
    /// ```
    /// use backpack_config::{Description, Parameters, Sources};
    ///
    /// #[derive(Parameters)]
    /// struct App {
    ///     /// What to look at.
    ///     #[param(default = ["test"], repeated)]
    ///     input: Vec<String>,
    ///     /// Begin again at the end.
    ///     #[param(default, rename = "loop")]
    ///     looping: bool,
    /// }
    ///
    /// let command = clap::Command::new("app").args(Description::of::<App>().arguments());
    /// let matches = command.get_matches_from(["app", "--input", "a.mp4", "--input", "b.mp4", "--loop"]);
    /// let app = Sources::new().arguments(&matches).read::<App>()?;
    /// assert_eq!(app.input, ["a.mp4", "b.mp4"]);
    /// assert!(app.looping);
    /// # Ok::<(), backpack_config::ReadError>(())
    /// ```
    pub fn arguments(&self) -> Vec<Arg> {
        self.parameters().iter().filter(|parameter| !parameter.is_secret()).map(argument).collect()
    }
}

fn argument(parameter: &Parameter) -> Arg {
    let arg = Arg::new(parameter.name()).long(parameter.argument()).help(help(parameter));
    let arg = match parameter.short {
        Some(short) => arg.short(short),
        None => arg,
    };
    let arg = arg.value_name(parameter.value_name.unwrap_or(match parameter.interface() {
        Interface::Boolean => "true|false",
        Interface::Int32 | Interface::Float32 => "NUMBER",
        Interface::String => "TEXT",
    }));
    match parameter.interface() {
        // The name alone switches it on, and what follows is no value of it.
        Interface::Boolean => arg.num_args(0..=1).require_equals(true).default_missing_value("true"),
        Interface::Int32 | Interface::Float32 => arg.allow_negative_numbers(true),
        Interface::String if parameter.is_repeated => arg.action(ArgAction::Append),
        Interface::String => arg,
    }
}

/// Description and default; `false` and nothing go without saying.
fn help(parameter: &Parameter) -> String {
    let description = parameter.description();
    let default = match parameter.default_value() {
        None | Some(Value::Bool(false)) => String::new(),
        Some(default) => text::of(default),
    };
    if default.is_empty() {
        return description.to_owned();
    }
    format!("{description} [default: {default}]").trim_start().to_owned()
}
