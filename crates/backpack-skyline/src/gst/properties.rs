use gstreamer as gst;
use gstreamer::prelude::*;

/// Sets a numeric property to the nearest value that this version of the element allows.
pub(super) fn set(element: &gst::Element, name: &str, value: u32) -> Result<(), String> {
    let spec = find(element, name)?;
    if let Some(range) = spec.downcast_ref::<gst::glib::ParamSpecUInt>() {
        element.set_property(name, value.clamp(range.minimum(), range.maximum()));
    } else if let Some(range) = spec.downcast_ref::<gst::glib::ParamSpecInt>() {
        element.set_property(name, signed(value).clamp(range.minimum(), range.maximum()));
    } else if spec.value_type() == bool::static_type() {
        element.set_property(name, value != 0);
    } else {
        return Err(format!("has a property {name} of an unknown kind"));
    }
    Ok(())
}

/// Sets a property from its text form.
pub(super) fn set_text(element: &gst::Element, name: &str, text: &str) -> Result<(), String> {
    let spec = find(element, name)?;
    let value = gst::glib::Value::deserialize(text, spec.value_type())
        .map_err(|_| format!("does not know {text} for its property {name}"))?;
    element.set_property_from_value(name, &value);
    Ok(())
}

/// Sets a property of an element that runs.
pub(super) fn change(element: &gst::Element, name: &str, value: u32) -> Result<(), String> {
    if !find(element, name)?.flags().contains(gst::PARAM_FLAG_MUTABLE_PLAYING) {
        return Err(format!("cannot change its property {name} while it runs"));
    }
    set(element, name, value)
}

fn find(element: &gst::Element, name: &str) -> Result<gst::glib::ParamSpec, String> {
    element.find_property(name).ok_or_else(|| format!("has no property {name}"))
}

pub(super) fn signed(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
