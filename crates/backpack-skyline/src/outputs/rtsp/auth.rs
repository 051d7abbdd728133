use std::sync::OnceLock;

use gstreamer::glib;
use gstreamer_rtsp_server as gst_rtsp;
use gstreamer_rtsp_server::gst_rtsp::{RTSPAuthMethod, RTSPHeaderField};
use gstreamer_rtsp_server::prelude::*;
use gstreamer_rtsp_server::subclass::prelude::*;

/// Part of what players ask their users with.
const REALM: &str = "backpack";

glib::wrapper! {
    /// Asks for a name and a password for everything, or for nothing if there are no users.
    pub(crate) struct Auth(ObjectSubclass<Imp>) @extends gst_rtsp::RTSPAuth;
}

#[derive(Debug, Default)]
pub(crate) struct Imp {
    has_users: OnceLock<bool>,
}

impl Auth {
    /// Takes users with their passwords, which only GStreamer keeps.
    pub(crate) fn new(users: Vec<(String, String)>) -> Self {
        let auth: Self = glib::Object::new();
        auth.imp().has_users.get_or_init(|| !users.is_empty());
        auth.set_supported_methods(RTSPAuthMethod::Digest);
        auth.set_realm(Some(REALM));
        let token = gst_rtsp::RTSPToken::builder()
            .field(gst_rtsp::RTSP_TOKEN_TRANSPORT_CLIENT_SETTINGS.as_str(), true)
            .build();
        for (name, password) in users {
            auth.add_basic(&gst_rtsp::RTSPAuth::make_basic(&name, &password), &token);
            auth.add_digest(&name, &password, &token);
        }
        auth
    }
}

#[glib::object_subclass]
impl ObjectSubclass for Imp {
    const NAME: &'static str = "BackpackRtspAuth";
    type Type = Auth;
    type ParentType = gst_rtsp::RTSPAuth;
}

impl ObjectImpl for Imp {}

impl RTSPAuthImpl for Imp {
    fn check(&self, context: &gst_rtsp::RTSPContext, check: &glib::GString) -> bool {
        let check = check.as_str();
        if check == gst_rtsp::RTSP_AUTH_CHECK_CONNECT {
            // Sets the certificate up.
            return self.parent_check(context, &check.into());
        }
        if check == gst_rtsp::RTSP_AUTH_CHECK_URL {
            // Made for every request. The parent would only look at those for existing mounts, and so would tell strangers which exist; but this
            // other check of its own answers whoever has no valid credentials, and passes the rest.
            let authenticated = gst_rtsp::RTSP_AUTH_CHECK_TRANSPORT_CLIENT_SETTINGS;
            return !self.has_users.get().copied().unwrap_or(true)
                || self.parent_check(context, &authenticated.into());
        }
        // Nobody may have the stream sent to somebody else's address; the mounts are open to all users.
        check != gst_rtsp::RTSP_AUTH_CHECK_TRANSPORT_CLIENT_SETTINGS
    }

    /// Offers Basic behind Digest; the binding can name only one of the methods, though the server understands both.
    fn generate_authenticate_header(&self, context: &gst_rtsp::RTSPContext) {
        self.parent_generate_authenticate_header(context);
        if let Some(response) = context.response() {
            response.add_header(RTSPHeaderField::WwwAuthenticate, &format!("Basic realm=\"{REALM}\""));
        }
    }
}
