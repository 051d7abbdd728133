//! Decoded pictures over HTTP.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

#[cfg(feature = "gstreamer")]
pub(crate) use with_decoder::{all, newest};
#[cfg(not(feature = "gstreamer"))]
pub(crate) use without_decoder::{all, newest};

fn no_decoder(reason: &str) -> Response {
    (StatusCode::NOT_IMPLEMENTED, format!("Pictures cannot be decoded here: {reason}.\n")).into_response()
}

#[cfg(feature = "gstreamer")]
mod with_decoder {
    use std::convert::Infallible;
    use std::time::Duration;

    use axum::body::Body;
    use axum::http::header;
    use axum::response::{IntoResponse, Response};
    use bytes::Bytes;
    use futures_util::stream::unfold;
    use futures_util::{StreamExt, stream};

    use super::super::hub::Hub;
    use super::super::pictures::{NoPictures, Watch};
    use super::super::routes::unavailable;
    use super::no_decoder;

    /// How long somebody waits for the first picture.
    const FIRST: Duration = Duration::from_secs(5);

    const BOUNDARY: &str = "--picture\r\n";

    fn no_pictures(reason: NoPictures) -> Response {
        match reason {
            NoPictures::NoStream => unavailable(),
            NoPictures::NoDecoder(reason) => no_decoder(&reason),
        }
    }

    /// The newest picture.
    pub(crate) async fn newest(hub: &Hub) -> Response {
        let watched = hub.watch_pictures();
        let mut watch = match watched {
            Ok(watch) => watch,
            Err(reason) => return no_pictures(reason),
        };
        let first = tokio::time::timeout(FIRST, watch.newest.wait_for(Option::is_some)).await;
        let picture = match first {
            Ok(Ok(picture)) => picture.clone().unwrap_or_default(),
            _ => return unavailable(),
        };
        ([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "no-store")], picture).into_response()
    }

    /// One picture after the other, the newest each time (multipart/x-mixed-replace).
    pub(crate) fn all(hub: &Hub) -> Response {
        let mut watch = match hub.watch_pictures() {
            Ok(watch) => watch,
            Err(reason) => return no_pictures(reason),
        };
        // The one that is there counts as new.
        watch.newest.mark_changed();
        let viewer = hub.viewers().join();
        let parts = unfold((watch, viewer), |(mut watch, viewer)| async move {
            let part = part(next(&mut watch).await?);
            Some((part, (watch, viewer)))
        });
        let body = stream::once(async { Bytes::from_static(BOUNDARY.as_bytes()) }).chain(parts);
        let media = "multipart/x-mixed-replace; boundary=picture";
        let headers = [(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, "no-store")];
        (headers, Body::from_stream(body.map(Ok::<_, Infallible>))).into_response()
    }

    /// The newest picture that was not seen yet; `None` when there will be none any more.
    async fn next(watch: &mut Watch) -> Option<Bytes> {
        loop {
            watch.newest.changed().await.ok()?;
            if let Some(picture) = &*watch.newest.borrow_and_update() {
                return Some(picture.clone());
            }
        }
    }

    /// The boundary comes behind the picture, as browsers show a picture when they see its end.
    fn part(picture: Bytes) -> Bytes {
        let head = format!("Content-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n", picture.len());
        [head.as_bytes(), &picture, b"\r\n", BOUNDARY.as_bytes()].concat().into()
    }
}

#[cfg(not(feature = "gstreamer"))]
mod without_decoder {
    use axum::response::Response;

    use super::super::hub::Hub;
    use super::no_decoder;

    pub(crate) async fn newest(hub: &Hub) -> Response {
        all(hub)
    }

    pub(crate) fn all(_: &Hub) -> Response {
        no_decoder("this program was built without the feature `gstreamer`")
    }
}
