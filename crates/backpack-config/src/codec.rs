use crate::{Input, Interface, Invalid, Value};

/// How values of the type `T` are read and written.
///
/// The crate has [`Native`] codecs for many types and more [`with`](crate::with) attributes. For a type of your own, implement `Codec<YourType> for
/// Native` to use it like any other, or for a type of yours to name it in `#[param(with = …)]`.
///
/// ```
/// use backpack_config::{Codec, Input, Invalid, Native, Parameters, Sources, Value};
///
/// /// A camera by its number, such as `cam-7`.
/// #[derive(Debug, PartialEq)]
/// struct CameraId(u32);
///
/// impl Codec<CameraId> for Native {
///     fn expected() -> String {
///         "a camera such as cam-7".to_owned()
///     }
///
///     fn decode(input: Input<'_>) -> Result<CameraId, Invalid> {
///         let number = input.text()?.strip_prefix("cam-").ok_or_else(|| Invalid::malformed("there is no cam- in front"))?;
///         number.parse().map(CameraId).map_err(Invalid::malformed)
///     }
///
///     fn encode(value: &CameraId) -> Value {
///         format!("cam-{}", value.0).into()
///     }
/// }
///
/// #[derive(Parameters)]
/// struct App {
///     /// Where to look.
///     #[param(default = CameraId(1))]
///     camera: CameraId,
/// }
///
/// let app = Sources::new().variables("APP", [("APP_CAMERA", "cam-7")]).read::<App>()?;
/// assert_eq!(app.camera, CameraId(7));
/// # Ok::<(), backpack_config::ReadError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot read and write `{T}` as a parameter",
    label = "not a type that a parameter can have as it is",
    note = "`#[param(nested)]` is for structs with parameters of their own, `#[param(with = Json)]` for types of serde, \
            `#[param(with = Text)]` for types with `FromStr` and `Display`"
)]
pub trait Codec<T> {
    /// The type in Panorama's manifests.
    const INTERFACE: Interface = Interface::String;

    /// Whether values are to be masked wherever they are shown.
    const IS_SECRET: bool = false;

    /// What values look like, for errors and documentation: a phrase that goes on a sentence, such as "a number".
    fn expected() -> String;

    /// Reads a value.
    ///
    /// # Errors
    /// If it is none; the error need not repeat what is [expected](Codec::expected).
    fn decode(input: Input<'_>) -> Result<T, Invalid>;

    /// The value where there are no lists or tables: a boolean, a number or a text that [`decode`](Codec::decode) reads back.
    fn encode(value: &T) -> Value;

    /// The value where there are lists and tables, as in files; it has to be read back too.
    fn encode_structured(value: &T) -> Value {
        Self::encode(value)
    }

    /// The JSON Schema of values in files.
    fn schema() -> Value {
        let json_type = match Self::INTERFACE {
            Interface::Boolean => "boolean",
            Interface::Int32 => "integer",
            Interface::Float32 => "number",
            Interface::String => "string",
        };
        serde_json::json!({ "type": json_type })
    }
}

/// The codec of types that can be parameters as they are: booleans, integers, floats, texts, paths, durations (in seconds), JSON values, lists of
/// numbers or texts, [secrets](crate::Secret), and by features shapes and colours.
#[derive(Debug, Clone, Copy)]
pub struct Native;
