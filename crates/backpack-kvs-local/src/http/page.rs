//! A plain page for people: what is stored, and as files to play.

use std::fmt::Write;

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};

use super::Body;
use crate::Playback;
use crate::service::Service;

/// So many of a stream's newest fragments are listed.
const LISTED: usize = 100;

pub fn show(service: &Service, path: &str) -> Response<Body> {
    if path == "/" {
        let text =
            service.read(|state| state.streams.values().map(|stream| list(&stream.playback())).collect());
        return page(StatusCode::OK, text);
    }
    let name = path.strip_prefix("/streams/").and_then(|file| file.strip_suffix(".mkv"));
    let playback =
        name.and_then(|name| service.read(|state| state.streams.get(name).map(|one| one.playback())));
    match playback.map(|playback| playback.to_mkv()) {
        Some(Ok(file)) => answer(StatusCode::OK, "video/x-matroska", file),
        Some(Err(error)) => page(StatusCode::NOT_FOUND, format!("<p>{}</p>", escape(&error.to_string()))),
        None => page(StatusCode::NOT_FOUND, "<p>There is no such stream.</p>".into()),
    }
}

fn list(playback: &Playback) -> String {
    let Playback { stream, fragments, replaced } = playback;
    let name = escape(&stream.name);
    let mut text = format!(
        "<h2>{name}</h2><p>{} fragments, {replaced} replaced. <a href=\"/streams/{name}.mkv\">As a file</a></p>\
         <table><tr><th>producer timestamp, ms<th>duration<th>frames<th>bytes<th>tags<th>number</tr>",
        fragments.len()
    );
    for fragment in fragments.iter().rev().take(LISTED) {
        let tags: Vec<_> = fragment.tags.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let _ = write!(
            text,
            "<tr><td>{}<td>{:?}<td>{}<td>{}<td>{}<td>{}</tr>",
            fragment.producer_timestamp,
            fragment.duration(),
            fragment.frames.len(),
            fragment.bytes,
            escape(&tags.join(", ")),
            escape(&fragment.number)
        );
    }
    text + "</table>"
}

fn page(status: StatusCode, content: String) -> Response<Body> {
    let head = "<!DOCTYPE html><meta charset=\"utf-8\"><title>local-kvs</title><h1>local-kvs</h1>";
    answer(status, "text/html; charset=utf-8", format!("{head}{content}").into_bytes())
}

fn answer(status: StatusCode, content_type: &'static str, content: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Either::Left(Full::new(Bytes::from(content))));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'"));
    response
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
