use hyper::HeaderMap;
use hyper::http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The form of a request that is signed.
pub fn request(
    method: &str,
    uri: &Uri,
    headers: &HeaderMap,
    signed: &[String],
    payload_hash: &str,
) -> String {
    let headers: String = signed.iter().map(|name| format!("{name}:{}\n", value(headers, name))).collect();
    [
        method,
        &path(uri.path()),
        &query(uri.query().unwrap_or_default()),
        &headers,
        &signed.join(";"),
        payload_hash,
    ]
    .join("\n")
}

/// Without dots and double slashes, each segment encoded once more: all services but S3 sign what is encoded already.
fn path(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    let encoded = segments.iter().map(|segment| utf8_percent_encode(segment, RESERVED).to_string());
    let mut canonical = format!("/{}", encoded.collect::<Vec<_>>().join("/"));
    if path.ends_with('/') && canonical.len() > 1 {
        canonical.push('/');
    }
    canonical
}

/// Sorted by names, then by values, after encoding.
fn query(query: &str) -> String {
    let encode = |text: &str| {
        let decoded: Vec<u8> = percent_decode_str(text).collect();
        percent_encoding::percent_encode(&decoded, RESERVED).to_string()
    };
    let mut pairs: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// All values of a header, without spaces around them and with single ones within.
fn value(headers: &HeaderMap, name: &str) -> String {
    let values = headers.get_all(name).iter().map(|value| {
        let text = String::from_utf8_lossy(value.as_bytes());
        text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    });
    values.collect::<Vec<_>>().join(",")
}
