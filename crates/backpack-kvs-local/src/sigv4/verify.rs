use std::fmt::Write;
use std::time::{Duration, SystemTime};

use hmac::{Hmac, KeyInit, Mac};
use hyper::HeaderMap;
use hyper::http::request::Parts;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::authorization::Authorization;
use super::credentials::Credentials;
use super::signature_error::SignatureError;
use super::{canonical, date};

/// Headers that need no signature though their names begin like those that do.
const FREE: [&str; 2] = ["x-amz-user-agent", "x-amzn-trace-id"];

/// What signatures are checked against.
pub struct Verifier<'a> {
    pub credentials: &'a [Credentials],
    /// The region and the service that credentials must be scoped to; no region allows any.
    pub region: Option<&'a str>,
    pub service: &'a str,
    pub now: SystemTime,
    pub skew: Duration,
}

/// Checks the signature of a request with this body; gives the access key it was signed with.
pub fn verify(request: &Parts, body: &[u8], verifier: &Verifier<'_>) -> Result<String, SignatureError> {
    let headers = &request.headers;
    let header = text(headers, "authorization").ok_or(SignatureError::Missing)?;
    let authorization = Authorization::parse(header)?;
    check_signed(headers, &authorization)?;
    let signed = text(headers, "x-amz-date").unwrap_or_default();
    let credentials = verifier.known(headers, &authorization)?;
    verifier.check_date(signed)?;
    verifier.check_scope(&authorization, signed)?;

    let payload = hex(&Sha256::digest(body));
    // A hash that is announced is what was signed, and must be true.
    if text(headers, "x-amz-content-sha256").is_some_and(|announced| announced != payload) {
        return Err(SignatureError::Mismatch);
    }
    let method = request.method.as_str();
    let canonical =
        canonical::request(method, &request.uri, headers, &authorization.signed_headers, &payload);
    let expected = signature(&credentials.secret_key, &authorization, signed, &canonical);
    if !bool::from(expected.as_bytes().ct_eq(authorization.signature.as_bytes())) {
        return Err(SignatureError::Mismatch);
    }
    credentials.check_expiry(verifier.now)?;
    Ok(authorization.access_key)
}

/// The host, the date and everything of AWS's own must be signed.
fn check_signed(headers: &HeaderMap, authorization: &Authorization) -> Result<(), SignatureError> {
    let own = headers.keys().map(|name| name.as_str()).filter(|name| name.starts_with("x-amz"));
    let needed = ["host", "x-amz-date"].into_iter().chain(own.filter(|name| !FREE.contains(name)));
    for name in needed {
        if !authorization.signed_headers.iter().any(|signed| signed == name) {
            return Err(SignatureError::Unsigned(name.into()));
        }
    }
    for name in &authorization.signed_headers {
        if !headers.contains_key(name) {
            return Err(SignatureError::Incomplete(format!("{name} is signed, but not there")));
        }
    }
    Ok(())
}

impl Verifier<'_> {
    fn known(
        &self,
        headers: &HeaderMap,
        authorization: &Authorization,
    ) -> Result<&Credentials, SignatureError> {
        let token = text(headers, "x-amz-security-token");
        let mut of_key =
            self.credentials.iter().filter(|known| known.access_key == authorization.access_key).peekable();
        if of_key.peek().is_none() {
            return Err(SignatureError::UnknownKey);
        }
        of_key
            .find(|known| known.session.as_ref().map(|session| session.token.as_str()) == token)
            .ok_or(SignatureError::Token)
    }

    fn check_date(&self, signed: &str) -> Result<(), SignatureError> {
        let signed = date::parse(signed)
            .ok_or_else(|| SignatureError::Incomplete("x-amz-date is not YYYYMMDDTHHMMSSZ".into()))?;
        let now = seconds(self.now);
        if signed.abs_diff(now) > self.skew.as_secs() {
            return Err(SignatureError::Expired { signed, now, skew: self.skew.as_secs() });
        }
        Ok(())
    }

    fn check_scope(&self, authorization: &Authorization, signed: &str) -> Result<(), SignatureError> {
        let wrong = |what: String| Err(SignatureError::Scope(what));
        if !signed.starts_with(&authorization.day) || authorization.day.len() != 8 {
            return wrong(format!("the day of {signed}, not {}", authorization.day));
        }
        if let Some(region) = self.region.filter(|&region| region != authorization.region) {
            return wrong(format!("a valid region: {region}, not {}", authorization.region));
        }
        if authorization.service != self.service {
            return wrong(format!("correct service: {}, not {}", self.service, authorization.service));
        }
        Ok(())
    }
}

impl Credentials {
    pub(crate) fn check_expiry(&self, now: SystemTime) -> Result<(), SignatureError> {
        let expires = self.session.as_ref().and_then(|session| session.expires);
        if expires.is_some_and(|expires| expires <= now) {
            return Err(SignatureError::ExpiredToken);
        }
        Ok(())
    }
}

fn signature(secret: &str, authorization: &Authorization, signed: &str, canonical: &str) -> String {
    let scope = authorization.scope();
    let to_sign = format!("AWS4-HMAC-SHA256\n{signed}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let mut key = mac(format!("AWS4{secret}").as_bytes(), &authorization.day);
    for part in [&authorization.region, &authorization.service, "aws4_request"] {
        key = mac(&key, part);
    }
    hex(&mac(&key, &to_sign))
}

fn mac(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of HMAC may have any length");
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn seconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
