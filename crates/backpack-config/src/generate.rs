//! What is made from a description, one kind of output in each file.

#[cfg(feature = "clap")]
mod arguments;
mod environment;
mod greengrass;
mod json_schema;
mod kubernetes;
mod markdown;
mod panorama;
#[cfg(feature = "template")]
mod template;
#[cfg(feature = "toml")]
mod toml_example;
mod tree;

#[cfg(feature = "template")]
pub use template::TemplateError;
