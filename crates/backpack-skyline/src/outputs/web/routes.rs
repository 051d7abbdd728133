use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use futures_util::StreamExt;
use futures_util::stream::poll_fn;
use serde_json::json;

use super::access::{Access, Verdict};
use super::hub::{Hub, Subscription};
use super::site::Site;

/// Nothing that is live may be kept by a cache.
const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

/// The page needs nothing from elsewhere.
const POLICY: &str = "default-src 'self'; media-src 'self' blob:; style-src 'self' 'unsafe-inline'";

/// What is shown to somebody without the token.
const TOKEN_FORM: &str = "<!doctype html><meta name=viewport content=\"width=device-width\"><title>Live</title>\
    <form style=\"font: 1.1rem system-ui; margin: 3rem auto; max-width: 20rem\">\
    <label>This page needs a token: <input name=token type=password autofocus></label> <button>Show</button></form>\n";

pub(crate) fn router(site: Arc<Site>) -> Router {
    let router = Router::new()
        .route("/", get(page))
        .route("/page.css", get(|| async { file("text/css", include_str!("page.css")) }))
        .route("/page.js", get(|| async { file("text/javascript", include_str!("page.js")) }))
        .route("/health.json", get(health))
        .route("/{file}", get(stream));
    #[cfg(feature = "hls")]
    let router = router.route("/hls/{name}/{file}", get(super::files::serve));
    // The last layer is the first to see a request, whatever its path.
    router.layer(middleware::from_fn_with_state(Arc::clone(&site), guard)).with_state(site)
}

/// Lets nobody through without the right credentials.
async fn guard(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let verdict = site.access.check(request.headers(), request.uri().query(), &site.cookie);
    let mut response = match verdict {
        Verdict::Denied => denied(&site.access),
        Verdict::Granted | Verdict::GrantedByAddress => next.run(request).await,
    };
    let headers = response.headers_mut();
    if verdict == Verdict::GrantedByAddress
        && let Some(Ok(cookie)) = site.access.cookie(&site.cookie).map(HeaderValue::try_from)
    {
        headers.insert(header::SET_COOKIE, cookie);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // An address may hold the token.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

fn denied(access: &Access) -> Response {
    let challenge = (header::WWW_AUTHENTICATE, access.challenge());
    match access {
        Access::Token(_) => {
            (StatusCode::UNAUTHORIZED, [challenge, NO_STORE], Html(TOKEN_FORM)).into_response()
        }
        _ => (StatusCode::UNAUTHORIZED, [challenge, NO_STORE], "This page needs a name and a password.\n")
            .into_response(),
    }
}

async fn page(State(site): State<Arc<Site>>) -> impl IntoResponse {
    let hubs = site.hubs();
    let names: Vec<&str> = hubs.iter().map(|hub| hub.name()).collect();
    let header = escaped(&site.title);
    let title = if header.is_empty() { "Live" } else { &header };
    // Names have no character that means something in HTML. The title comes last, as it may be anything.
    let page = include_str!("page.html").replace("{streams}", &names.join(" "));
    ([NO_STORE], Html(page.replace("{title}", title).replace("{header}", &header)))
}

/// Text as HTML, without the braces that stand for something on the page.
fn escaped(text: &str) -> String {
    let escape = |c: char| match c {
        '&' | '<' | '>' | '"' | '{' | '}' => format!("&#{};", u32::from(c)),
        _ => c.to_string(),
    };
    text.chars().map(escape).collect()
}

fn file(media: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, media), NO_STORE], text)
}

async fn health(State(site): State<Arc<Site>>) -> Response {
    let streams: Vec<_> = site.hubs().iter().map(|hub| hub.health()).collect();
    json_response(&json!({ "streams": streams }))
}

fn json_response(json: &serde_json::Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json"), NO_STORE], format!("{json}\n")).into_response()
}

/// Everything about one stream; the extension tells what.
async fn stream(State(site): State<Arc<Site>>, Path(file): Path<String>) -> Response {
    let nothing = || (StatusCode::NOT_FOUND, [NO_STORE], "There is no such stream.\n").into_response();
    let Some((name, extension)) = file.rsplit_once('.') else { return nothing() };
    let Some(hub) = site.hub(name) else { return nothing() };
    match extension {
        "json" => json_response(&hub.health()),
        "mp4" => video(&hub),
        "jpg" => super::stills::newest(&hub).await,
        "mjpeg" => super::stills::all(&hub),
        _ => nothing(),
    }
}

fn video(hub: &Hub) -> Response {
    let Some(Subscription { mime, mut pieces, viewer }) = hub.subscribe() else { return unavailable() };
    let body = poll_fn(move |context| {
        // The viewer is counted for as long as somebody may ask for more.
        let _ = &viewer;
        pieces.poll_recv(context)
    });
    let headers = [(header::CONTENT_TYPE, mime), (NO_STORE.0, NO_STORE.1.to_owned())];
    (headers, Body::from_stream(body.map(Ok::<_, Infallible>))).into_response()
}

/// The answer while there is no stream.
pub(crate) fn unavailable() -> Response {
    let retry = (header::RETRY_AFTER, "1");
    (StatusCode::SERVICE_UNAVAILABLE, [NO_STORE, retry], "There is no stream yet.\n").into_response()
}
