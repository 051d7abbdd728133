/// Keys whose values are secrets, in the query part of an address and among the properties of GStreamer elements.
const SECRET_KEYS: [&str; 9] =
    ["user-pw", "proxy-pw", "password", "passwd", "passphrase", "pass", "pwd", "token", "secret"];

/// The text with the passwords in it replaced by `***`: those in addresses, `scheme://user:password@host`, and those after a key such as
/// `user-pw=`.
pub(crate) fn mask(text: &str) -> String {
    mask_values(&mask_addresses(text))
}

fn mask_addresses(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("://") {
        let (before, address) = rest.split_at(start + 3);
        masked.push_str(before);
        let end = address.find(ends_word).unwrap_or(address.len());
        let (address, after) = address.split_at(end);
        match credentials(address) {
            Some((user, host)) => masked.extend([user, ":***@", host]),
            None => masked.push_str(address),
        }
        rest = after;
    }
    masked + rest
}

/// The user's name and what follows the `@`, if the address has a password.
fn credentials(address: &str) -> Option<(&str, &str)> {
    let authority = &address[..address.find(['/', '?', '#']).unwrap_or(address.len())];
    let (user, password) = authority.split_once(':')?;
    // A password that nobody escaped can contain a slash; a port consists of digits.
    let area = if authority.contains('@') || password.bytes().all(|byte| byte.is_ascii_digit()) {
        authority
    } else {
        address
    };
    let at = area.rfind('@')?;
    (at > user.len()).then(|| (user, &address[at + 1..]))
}

fn mask_values(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(equals) = rest.find('=') {
        let (before, value) = rest.split_at(equals + 1);
        masked.push_str(before);
        rest = value;
        if has_secret_key(&before[..equals]) {
            masked.push_str("***");
            rest = after_value(value);
        }
    }
    masked + rest
}

/// Whether the word at the end of `text` names a secret.
fn has_secret_key(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let word = text.trim_end().rsplit(|c| !is_word(c)).next().unwrap_or_default();
    SECRET_KEYS.iter().any(|key| word.eq_ignore_ascii_case(key))
}

/// What follows a value, which may be quoted.
fn after_value(text: &str) -> &str {
    let text = text.trim_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted.split_once(quote).map_or("", |(_, after)| after);
        }
    }
    &text[text.find(|c: char| c == '&' || ends_word(c)).unwrap_or(text.len())..]
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '!' | '<' | '>' | ')')
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn passwords_are_masked_and_the_rest_is_kept() {
        let cases = [
            ("rtsp://cam.local/live", "rtsp://cam.local/live"),
            ("rtsp://cam.local:554/a@b", "rtsp://cam.local:554/a@b"),
            ("rtsp://admin@cam/live", "rtsp://admin@cam/live"),
            ("rtsp://admin:secret@cam:554/live?x=1", "rtsp://admin:***@cam:554/live?x=1"),
            ("rtsp://admin:se@cret@cam/live", "rtsp://admin:***@cam/live"),
            ("rtsp://admin:se/cr@cam/live", "rtsp://admin:***@cam/live"),
            ("rtsp://admin:1234@cam/live", "rtsp://admin:***@cam/live"),
            ("rtsp://:secret@cam", "rtsp://:***@cam"),
            ("http://cam/v?user=me&password=secret&x=1", "http://cam/v?user=me&password=***&x=1"),
            ("open rtsp://a:b@c: no, nor rtsp://d:e@f", "open rtsp://a:***@c: no, nor rtsp://d:***@f"),
            (
                "rtspsrc location=\"rtsp://a:b@c\" user-pw = \"x y\" ! x",
                "rtspsrc location=\"rtsp://a:***@c\" user-pw =*** ! x",
            ),
            ("ü=PASS=1 bypass=2 Token='a b' x", "ü=PASS=*** bypass=2 Token=*** x"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(mask(text), expected);
        }
    }
}
