use crate::{Input, Value, text};

/// A value that a source has for a parameter.
#[derive(Debug, Clone)]
pub(crate) enum Given {
    Text(String),
    #[cfg_attr(not(feature = "clap"), expect(dead_code))]
    Items(Vec<String>),
    Typed(Value),
}

impl Given {
    pub(crate) fn input(&self) -> Input<'_> {
        match self {
            Self::Text(text) => Input::Text(text),
            Self::Items(items) => Input::Items(items),
            Self::Typed(value) => Input::Typed(value),
        }
    }

    /// The value for an error.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Typed(Value::String(text)) => text::shown(text),
            Self::Items(items) => text::shown(&items.join(", ")),
            Self::Typed(value) => text::shown_value(value),
        }
    }
}
