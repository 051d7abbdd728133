use std::fmt;

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use subtle::ConstantTimeEq;

/// Who may watch.
pub(crate) enum Access {
    Everybody,
    /// Who knows the token.
    Token(String),
    /// Who knows a name and a password, kept in the form in which they are sent (RFC 7617).
    User(String),
}

/// What a request may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Granted,
    /// The token stood in the address; the browser should remember it.
    GrantedByAddress,
    Denied,
}

impl Access {
    pub(crate) fn token(token: String) -> Result<Self, &'static str> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if token.is_empty() || !token.bytes().all(is_plain) {
            return Err("the token must consist of letters, digits and -._~, and not be empty");
        }
        Ok(Self::Token(token))
    }

    pub(crate) fn user(name: &str, password: &str) -> Result<Self, &'static str> {
        if name.is_empty() || name.contains(':') || password.is_empty() {
            return Err("the user needs a name without a colon, and a password");
        }
        Ok(Self::User(BASE64_STANDARD.encode(format!("{name}:{password}"))))
    }

    /// Looks for the right credentials in a request.
    pub(crate) fn check(&self, headers: &HeaderMap, query: Option<&str>, cookie: &str) -> Verdict {
        let granted = |granted| if granted { Verdict::Granted } else { Verdict::Denied };
        match self {
            Self::Everybody => Verdict::Granted,
            Self::User(user) => granted(credentials(headers, "Basic").is_some_and(|sent| same(sent, user))),
            Self::Token(token) => {
                let sent = credentials(headers, "Bearer").or_else(|| cookie_value(headers, cookie));
                if sent.is_some_and(|sent| same(sent, token)) {
                    return Verdict::Granted;
                }
                let sent =
                    query.and_then(|query| query.split('&').find_map(|part| part.strip_prefix("token=")));
                match sent {
                    Some(sent) if same(sent, token) => Verdict::GrantedByAddress,
                    _ => Verdict::Denied,
                }
            }
        }
    }

    /// How credentials are sent, for those who came without.
    pub(crate) fn challenge(&self) -> &'static str {
        match self {
            Self::User(_) => "Basic realm=\"live video\", charset=\"UTF-8\"",
            _ => "Bearer realm=\"live video\"",
        }
    }

    /// What the browser sends from now on instead of an address with the token.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let Self::Token(token) = self else { return None };
        Some(format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax"))
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Everybody => "Everybody",
            Self::Token(_) => "Token(…)",
            Self::User(_) => "User(…)",
        })
    }
}

/// Compares without telling by the time it takes where the difference is.
fn same(sent: &str, secret: &str) -> bool {
    sent.as_bytes().ct_eq(secret.as_bytes()).into()
}

fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (sent_scheme, sent) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    sent_scheme.eq_ignore_ascii_case(scheme).then_some(sent.trim())
}

fn cookie_value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}
