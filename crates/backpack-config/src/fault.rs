/// What kind of thing is wrong with a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// There is no value, and no default.
    Missing,
    /// The value is of another type, such as a text where a number is expected.
    WrongType,
    /// The text cannot be read as what is expected.
    Malformed,
    /// The value lies outside of the range.
    OutOfRange,
    /// The value is none of the choices.
    NotOneOf,
    /// A check refused the value.
    Rejected,
    /// There is no such parameter.
    Unknown,
    /// A file cannot be read, or is not in the format that it should be in.
    Unreadable,
    /// Two parameters have the same name outside of files.
    Ambiguous,
}
