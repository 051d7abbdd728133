use std::ffi::OsString;
use std::fmt;
use std::io::{self, Write};
use std::marker::PhantomData;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command, builder::PathBufValueParser};

use crate::{Description, Parameters, ReadError, Sources, Value, text};

/// A command line tool that prints what is made from the description of an application's parameters, and checks files against it.
///
/// Give it a program of its own, such as `src/bin/parameters.rs`:
///
/// ```no_run
/// use std::process::ExitCode;
///
/// use backpack_config::{Parameters, Snippets};
///
/// #[derive(Parameters)]
/// struct App {
///     /// How sure the model has to be.
///     #[param(default = 0.85)]
///     threshold: f32,
/// }
///
/// fn main() -> ExitCode {
///     Snippets::<App>::new("my-app", "MY_APP").run()
/// }
/// ```
///
/// It has the commands `nodes`, `edges`, `interface`, `markdown`, `schema`, `toml`, `env`, `config-map`, `greengrass`, `render` and `check`, as far as
/// the features of this crate go.
#[doc(alias = "cli")]
pub struct Snippets<T> {
    name: String,
    prefix: String,
    parameters: PhantomData<T>,
}

impl<T: Parameters> Snippets<T> {
    /// The tool for an application with this name, whose environment variables have this prefix.
    pub fn new(name: impl Into<String>, prefix: impl Into<String>) -> Self {
        Self { name: name.into(), prefix: prefix.into(), parameters: PhantomData }
    }

    /// Does what the command line says, prints the result or the error, and tells how it went.
    pub fn run(&self) -> ExitCode {
        match self.run_from(std::env::args_os(), &mut io::stdout().lock()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(SnippetError::Usage(error)) => error.exit(),
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        }
    }

    /// Does what `arguments` say, of which the first is the name of the program, and writes the result to `output`.
    ///
    /// # Errors
    /// If the arguments are not those of the tool (or ask for its help), if a template or file is wrong, or if nothing can be written.
    pub fn run_from<A: Into<OsString> + Clone>(
        &self,
        arguments: impl IntoIterator<Item = A>,
        output: &mut impl Write,
    ) -> Result<(), SnippetError> {
        let matches = self.command().try_get_matches_from(arguments)?;
        let Some((command, matches)) = matches.subcommand() else { return Ok(()) };
        let text = self.output(command, matches)?;
        writeln!(output, "{text}")?;
        Ok(())
    }

    fn command(&self) -> Command {
        let code_node = Arg::new("code-node").long("code-node").short('c').default_value("code_node");
        let code_node = code_node.value_name("NAME").help("The node of the application's code");
        let template = Arg::new("template").long("template").short('t').value_name("FILE").required(true);
        let template = template.value_parser(PathBufValueParser::new()).help("The template");
        let files = Arg::new("file").value_name("FILE").num_args(1..).required(true);
        let files = files.value_parser(PathBufValueParser::new());
        let files = files.help("Files in the order in which they are read: later ones win");
        let simple = |name: &'static str, about: &'static str| Command::new(name).about(about);
        let mut command = Command::new(self.name.clone())
            .about(format!(
                "Prints snippets for the parameters of {}, and checks configuration files",
                self.name
            ))
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand(
                simple("nodes", "The nodes for nodeGraph.nodes in graph.json")
                    .arg(code_node.clone().hide(true)),
            )
            .subcommand(simple("edges", "The edges for nodeGraph.edges in graph.json").arg(code_node.clone()))
            .subcommand(simple("interface", "The inputs for nodePackage.interfaces in package.json"))
            .subcommand(simple("markdown", "A table for documentation"))
            .subcommand(simple("schema", "A JSON Schema for configuration files"))
            .subcommand(simple("env", "The environment variables with their defaults"))
            .subcommand(simple("config-map", "A ConfigMap for Kubernetes"))
            .subcommand(simple("greengrass", "The defaults for the recipe of a Greengrass component"))
            .subcommand(simple("check", "Looks for mistakes in configuration files").arg(files));
        if cfg!(feature = "toml") {
            command = command.subcommand(simple("toml", "An example of a configuration file"));
        }
        if cfg!(feature = "template") {
            let about = "Renders a Jinja template with nodes, edges, interface and markdown";
            command = command.subcommand(simple("render", about).args([template, code_node]));
        }
        command
    }

    fn output(&self, command: &str, matches: &ArgMatches) -> Result<String, SnippetError> {
        let description = Description::of::<T>();
        let code_node = || matches.get_one::<String>("code-node").map_or("", String::as_str);
        Ok(match command {
            "nodes" => json(&description.nodes()),
            "edges" => json(&description.edges(code_node())),
            "interface" => json(&description.interfaces()),
            "markdown" => description.markdown(),
            "schema" => json(&description.json_schema()),
            "env" => without_end(description.environment(&self.prefix)),
            "config-map" => yaml(&description.config_map(&self.name, &self.prefix)),
            "greengrass" => yaml(&description.greengrass()),
            #[cfg(feature = "toml")]
            "toml" => without_end(description.toml()),
            #[cfg(feature = "template")]
            "render" => {
                let template = matches.get_one::<PathBuf>("template").cloned().unwrap_or_default();
                description.render_file(template, code_node()).map_err(SnippetError::Template)?
            }
            _ => self.check(matches)?,
        })
    }

    fn check(&self, matches: &ArgMatches) -> Result<String, SnippetError> {
        let files = matches.get_many::<PathBuf>("file").unwrap_or_default();
        let missing = files.fold(Sources::new(), Sources::file).check::<T>()?;
        if missing.is_empty() {
            return Ok("everything is fine".to_owned());
        }
        Ok(format!("everything in there is fine; what has to come from elsewhere: {}", missing.join(", ")))
    }
}

/// Without the line break at the end, as one comes with printing.
fn without_end(text: String) -> String {
    text.strip_suffix('\n').map_or_else(|| text.clone(), str::to_owned)
}

fn json(value: &Value) -> String {
    // A value of JSON has nothing that JSON has not.
    text::pretty(value).unwrap_or_default()
}

/// YAML, or JSON where that cannot be had: every JSON is YAML too.
fn yaml(value: &Value) -> String {
    #[cfg(feature = "yaml")]
    if let Ok(yaml) = serde_saphyr::to_string(value) {
        return without_end(yaml);
    }
    json(value)
}

/// Why the snippet tool printed no snippet.
#[derive(Debug)]
#[non_exhaustive]
pub enum SnippetError {
    /// The arguments are not those of the tool, or ask for its help.
    Usage(clap::Error),
    /// The files have mistakes.
    Check(ReadError),
    /// The template cannot be rendered.
    #[cfg(feature = "template")]
    Template(crate::TemplateError),
    /// The output cannot be written.
    Output(io::Error),
}

impl fmt::Display for SnippetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(error) => write!(f, "{error}"),
            Self::Check(error) => write!(f, "{error}"),
            #[cfg(feature = "template")]
            Self::Template(error) => write!(f, "{error}"),
            Self::Output(error) => write!(f, "the output cannot be written: {error}"),
        }
    }
}

impl std::error::Error for SnippetError {}

impl From<clap::Error> for SnippetError {
    fn from(error: clap::Error) -> Self {
        Self::Usage(error)
    }
}

impl From<ReadError> for SnippetError {
    fn from(error: ReadError) -> Self {
        Self::Check(error)
    }
}

impl From<io::Error> for SnippetError {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
