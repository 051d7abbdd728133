use crate::{Codec, Input, Interface, Invalid, Native, Value};

const WORDS: [(&str, bool); 8] = [
    ("true", true),
    ("false", false),
    ("yes", true),
    ("no", false),
    ("on", true),
    ("off", false),
    ("1", true),
    ("0", false),
];

/// As text `true` or `false`, `yes` or `no`, `on` or `off`, `1` or `0`, in upper or lower case.
impl Codec<bool> for Native {
    const INTERFACE: Interface = Interface::Boolean;

    fn expected() -> String {
        "true or false".to_owned()
    }

    fn decode(input: Input<'_>) -> Result<bool, Invalid> {
        match input {
            Input::Typed(Value::Bool(value)) => Ok(*value),
            Input::Text(text) => {
                let word = WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(text.trim()));
                word.map(|&(_, value)| value).ok_or_else(|| Invalid::malformed("neither true nor false"))
            }
            other => Err(other.wrong_type()),
        }
    }

    fn encode(value: &bool) -> Value {
        (*value).into()
    }
}
