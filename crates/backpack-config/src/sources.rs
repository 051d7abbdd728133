use std::ffi::OsString;
use std::path::PathBuf;
use std::{env, fs, io};

use crate::layers::{Found, Layer, PortValues, Tree, Unknown, Variables};
use crate::reading::Reading;
use crate::{Description, Fault, Format, Loaded, Origin, Parameters, Ports, Problem, ReadError, Value};

/// Where an application's parameters are read from, one source after the other: later ones win.
///
/// What is wrong with any of them is found when all is read, and then together.
///
/// ```
/// use backpack_config::{Parameters, Sources};
///
/// #[derive(Debug, Parameters)]
/// struct App {
///     /// How sure the model has to be.
///     #[param(default = 0.85, range = 0.0..=1.0)]
///     threshold: f32,
///     /// Whom to tell.
///     topic: String,
/// }
///
/// let error = Sources::new()
///     .toml("app.toml", "treshold = 0.5\ntopic = 7")
///     .variables("APP", [("APP_THRESHOLD", "1.5")])
///     .read::<App>()
///     .unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "there are 3 problems with the parameters:
///   treshold (app.toml): there is no such parameter; did you mean threshold?
///   threshold = \"1.5\" (environment variable APP_THRESHOLD): out of range; expected a number from 0 to 1
///   topic = 7 (app.toml): a number is of the wrong type; expected a text"
/// );
/// ```
#[derive(Default)]
pub struct Sources<'a> {
    layers: Vec<Box<dyn Layer + 'a>>,
}

impl<'a> Sources<'a> {
    /// No source at all, only defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// A file that has to be there; its extension tells the format: `.json`, `.toml`, `.yaml` or `.yml`. An unknown parameter in it is a problem.
    pub fn file(self, path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let values = read(&path).unwrap_or_else(|error| Err(format!("cannot be read: {error}")));
        self.tree(Origin::File(path), values, Unknown::Problem)
    }

    /// A file that need not be there.
    pub fn optional_file(self, path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let values = match read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return self,
            Err(error) => Err(format!("cannot be read: {error}")),
            Ok(values) => values,
        };
        self.tree(Origin::File(path), values, Unknown::Problem)
    }

    /// A text in the format of a file, by the name that errors call it.
    pub fn text(self, name: impl Into<String>, format: Format, text: &str) -> Self {
        self.tree(Origin::Named(name.into()), format.parse(text), Unknown::Problem)
    }

    /// A text in TOML, by the name that errors call it.
    #[cfg(feature = "toml")]
    pub fn toml(self, name: impl Into<String>, text: &str) -> Self {
        self.text(name, Format::Toml, text)
    }

    /// Values by the names of files, by the name that errors call them.
    pub fn value(self, name: impl Into<String>, value: Value) -> Self {
        self.tree(Origin::Named(name.into()), Ok(value), Unknown::Problem)
    }

    /// The process's environment variables that begin with `prefix` and an underscore: `APP_CAMERA_URL` for `camera.url`.
    ///
    /// Where all else is unknown is only a warning, as others may add variables of their own: Kubernetes does so for a service with the same name.
    pub fn environment(self, prefix: impl Into<String>) -> Self {
        self.variables(prefix, env::vars_os())
    }

    /// The same with an environment that is handed in.
    pub fn variables<N: Into<OsString>, V: Into<OsString>>(
        self,
        prefix: impl Into<String>,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        self.layer(Variables { prefix: prefix.into(), variables, unknown: Unknown::Warning })
    }

    /// The command line, from a command that has the [arguments](Description::arguments) of the parameters, or some of them.
    #[cfg(feature = "clap")]
    pub fn arguments(self, matches: &clap::ArgMatches) -> Self {
        self.layer(crate::layers::Arguments { matches: matches.clone() })
    }

    /// Parameter ports as those of AWS Panorama, by names such as `camera_url`.
    #[doc(alias = "from_panorama_params")]
    pub fn ports(self, ports: &'a dyn Ports) -> Self {
        self.layer(PortValues(ports))
    }

    /// The configuration of an AWS IoT Greengrass component, the `value` of `GetConfiguration`, with an object for each struct.
    ///
    /// Unknown names are only a warning, as what a deployment merges in stays there when the next version of the component no longer has it.
    pub fn greengrass(self, configuration: Value) -> Self {
        self.tree(Origin::Greengrass, Ok(configuration), Unknown::Warning)
    }

    /// Reads all parameters.
    ///
    /// # Errors
    /// With all that is wrong: sources that cannot be read, values that are not what is expected, parameters that are missing or unknown.
    pub fn read<T: Parameters>(&self) -> Result<Loaded<T>, ReadError> {
        let mut reading = Reading::new(self.look(&Description::of::<T>()), true);
        let parameters = T::walk(&mut reading);
        match parameters {
            Some(parameters) if reading.problems.is_empty() => {
                Ok(Loaded { parameters, settings: reading.settings, warnings: reading.warnings })
            }
            _ => {
                // What is unknown may be what is missing.
                reading.problems.splice(0..0, reading.warnings);
                Err(ReadError::new(reading.problems))
            }
        }
    }

    /// Looks at what the sources have, without asking that they have all. Returns the parameters that are still to be given.
    ///
    /// # Errors
    /// With all that is wrong, unknown names included whatever source they are in.
    pub fn check<T: Parameters>(&self) -> Result<Vec<String>, ReadError> {
        let mut reading = Reading::new(self.look(&Description::of::<T>()), false);
        let _: Option<T> = T::walk(&mut reading);
        reading.problems.splice(0..0, reading.warnings);
        if reading.problems.is_empty() { Ok(reading.missing) } else { Err(ReadError::new(reading.problems)) }
    }

    fn look(&self, description: &Description) -> Found {
        let mut found = Found::default();
        found.problems.extend(description.ambiguities().map(|(first, second)| Problem {
            fault: Fault::Ambiguous,
            parameter: second.key(),
            origin: None,
            value: None,
            reason: format!("cannot be told from {} outside of files: rename one of them", first.key()),
            expected: None,
        }));
        self.layers.iter().for_each(|layer| layer.look(description, &mut found));
        found
    }

    fn tree(self, origin: Origin, values: Result<Value, String>, unknown: Unknown) -> Self {
        self.layer(Tree { origin, values, unknown })
    }

    fn layer(mut self, layer: impl Layer + 'a) -> Self {
        self.layers.push(Box::new(layer));
        self
    }
}

/// The values in a file, or why it has none; an error if the file cannot be read at all.
fn read(path: &PathBuf) -> io::Result<Result<Value, String>> {
    let Some(format) = Format::of(path) else {
        return Ok(
            Err("of no known format: the name has to end with .json, .toml, .yaml or .yml".to_owned()),
        );
    };
    Ok(format.parse(&fs::read_to_string(path)?))
}
