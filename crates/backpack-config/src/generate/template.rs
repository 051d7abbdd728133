use std::fmt;
use std::path::Path;
use std::{fs, io};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value as Variable};
use minijinja::{Environment, Error, ErrorKind, context};

use crate::{Description, text};

/// Templates in the language of Jinja.
///
/// They have the variables `nodes`, `edges`, `interface` and `markdown`, and the filter `to_pretty_json`, which writes any of them as JSON.
impl Description {
    /// Renders a template. Others that it includes are looked for from the root folder on.
    ///
    /// # Errors
    /// If the template is not valid or cannot be rendered, with the line.
    ///
    /// ```
    /// # use backpack_config::{Description, Parameters};
    /// # #[derive(Parameters)]
    /// # struct App {
    /// #     /// How sure the model has to be.
    /// #     #[param(default = 0.85)]
    /// #     threshold: f32,
    /// # }
    /// let graph = Description::of::<App>().render(r#"{"nodeGraph": {"edges": {{ edges | to_pretty_json }}}}"#, "code")?;
    /// let graph: serde_json::Value = serde_json::from_str(&graph)?;
    /// assert_eq!(graph["nodeGraph"]["edges"][0]["consumer"], "code.threshold");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn render(&self, template: &str, code_node: &str) -> Result<String, TemplateError> {
        self.render_from(Path::new("/"), "template", template, code_node)
    }

    /// Renders the template in a file. Others that it includes are looked for beside it, and then from the root folder on.
    ///
    /// # Errors
    /// If the file cannot be read, or the template is not valid or cannot be rendered, with the line.
    pub fn render_file(&self, path: impl AsRef<Path>, code_node: &str) -> Result<String, TemplateError> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let template = fs::read_to_string(path).map_err(|error| {
            let message = format!("the template {name} cannot be read");
            TemplateError(Error::new(ErrorKind::TemplateNotFound, message).with_source(error))
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        self.render_from(folder, &name, &template, code_node)
    }

    fn render_from(
        &self,
        folder: &Path,
        name: &str,
        template: &str,
        code_node: &str,
    ) -> Result<String, TemplateError> {
        let mut environment = environment().map_err(TemplateError)?;
        let folder = folder.to_owned();
        environment.set_loader(move |name| included(&folder, name));
        let variables = context! {
            nodes => Variable::from(Serde(self.nodes())),
            edges => Variable::from(Serde(self.edges(code_node))),
            interface => Variable::from(Serde(self.interfaces())),
            markdown => self.markdown(),
        };
        environment.render_named_str(name, template, variables).map_err(TemplateError)
    }
}

/// Set up as Python's Jinja is for templates of this kind: nothing is escaped, and the line break after a block goes with it.
fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).build()?);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    environment.add_filter("to_pretty_json", |value: Variable| {
        text::pretty(&value).map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))
    });
    Ok(environment)
}

/// A template that is included by another.
fn included(folder: &Path, name: &str) -> Result<Option<String>, Error> {
    for path in [folder.join(name), Path::new("/").join(name)] {
        match fs::read_to_string(&path) {
            Ok(template) => return Ok(Some(template)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let message = format!("the template {} cannot be read", path.display());
                return Err(Error::new(ErrorKind::TemplateNotFound, message).with_source(error));
            }
        }
    }
    Ok(None)
}

/// Why a template cannot be rendered.
#[derive(Debug)]
pub struct TemplateError(Error);

/// In one line, with the template and the line in it.
impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for TemplateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.0)
    }
}
