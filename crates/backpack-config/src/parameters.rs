use crate::Walker;

/// A struct that is the single source of an application's parameters; derive it.
///
/// Doc comments are the descriptions. A field without a default has to be given, unless it is an `Option`.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_config::{Parameters, Secret, Sources, with};
///
/// #[derive(Debug, Parameters)]
/// #[param(check = Watch::check)]
/// struct Watch {
///     /// What to look for.
///     #[param(default = ["person", "car"])]
///     classes: Vec<String>,
///     /// How sure the model has to be.
///     #[param(default = 0.85, range = 0.0..=1.0)]
///     threshold: f32,
///     /// How often to report.
///     #[param(default = Duration::from_secs(60), rename = "report_every")]
///     interval: Duration,
///     /// How a box is drawn.
///     #[param(default = "filled", one_of = ["filled", "outlined"])]
///     style: String,
///     /// Where to send alarms.
///     webhook: Option<String>,
///     /// Thresholds that single classes have instead.
///     #[param(default, with = with::Json)]
///     exceptions: std::collections::BTreeMap<String, f32>,
///     #[param(nested)]
///     camera: Camera,
/// }
///
/// /// Who looks.
/// #[derive(Debug, Parameters)]
/// struct Camera {
///     /// Its address.
///     #[param(check = is_address)]
///     url: String,
///     /// Its password.
///     password: Option<Secret<String>>,
/// }
///
/// fn is_address(url: &String) -> Result<(), String> {
///     if url.starts_with("rtsp://") { Ok(()) } else { Err("does not begin with rtsp://".to_owned()) }
/// }
///
/// impl Watch {
///     fn check(&self) -> Result<(), &'static str> {
///         if self.webhook.is_some() && self.classes.is_empty() { Err("there are no classes to send alarms for") } else { Ok(()) }
///     }
/// }
///
/// let watch = Sources::new()
///     .toml("watch.toml", "threshold = 0.5\n[camera]\nurl = 'rtsp://10.0.0.5/1'")
///     .variables("WATCH", [("WATCH_CAMERA_PASSWORD", "tr0ub4dor")])
///     .read::<Watch>()?;
/// assert_eq!(watch.threshold, 0.5);
/// assert_eq!(watch.origin("threshold").unwrap().to_string(), "watch.toml");
/// # Ok::<(), backpack_config::ReadError>(())
/// ```
///
/// | attribute of a field | |
/// |---|---|
/// | `default = 0.85` | the value if none is given; a text becomes what the field holds, an array the `Vec` that it is |
/// | `default` | the same with the type's own default |
/// | `nested` | the field is a struct with parameters of its own |
/// | `rename = "name"` | the name in files, from which all other names are made |
/// | `with = Codec` | how it is written: one of those in [`with`](crate::with) or a [`Codec`](crate::Codec) of your own |
/// | `range = 0.0..=1.0` | what numbers and durations are allowed; ranges with open ends will do |
/// | `one_of = ["a", "b"]` | what values are allowed |
/// | `check = function` | a function that looks at the value, `fn(&T) -> Result<(), impl Display>`; may be given several times |
/// | `secret` | the value is masked in every output, and it is no command line argument |
/// | `interface = "string"` | another type in Panorama's manifests: `boolean`, `int32`, `float32` or `string` |
/// | `short = 'c'`, `value_name = "URL"` | as the command line has it |
/// | `repeated` | on the command line a list is given an item at a time, and commas in it are nothing special |
///
/// The struct itself may have `check = function`, for what depends on several parameters, and `crate = "path"`, if this crate goes by another
/// name, such as `backpack::config`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no parameters",
    label = "a struct that derives `Parameters` is expected here"
)]
pub trait Parameters: Sized {
    /// Shows every parameter to `walker`, in the order of the fields, and puts the struct together from what it gives for them.
    fn walk<W: Walker>(walker: &mut W) -> Option<Self>;
}
