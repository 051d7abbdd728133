use percent_encoding::percent_decode_str;

use super::token::{Token, tokens};

const MASK: &str = "***";

/// What may be a secret in a description, to be masked wherever it turns up.
#[derive(Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    pub(super) fn of(description: &str) -> Self {
        let mut secrets = Self::default();
        for token in tokens(description) {
            match token {
                Token::Property(name, value) => {
                    if is_secret(name) {
                        secrets.add(value);
                    }
                    secrets.add_uri(value);
                }
                Token::Word(word) => secrets.add_uri(word),
            }
        }
        // The longest first, as a short one may be a part of it.
        secrets.0.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.0.dedup();
        secrets
    }

    /// `text` with the secrets and all but the address of URIs masked.
    pub(super) fn mask(&self, text: &str) -> String {
        let text = self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, MASK));
        mask_uris(&text)
    }

    /// Everything in a URI but its scheme and address, and the words that may follow it in one property, such as librtmp's options.
    fn add_uri(&mut self, value: &str) {
        let Some((_, after)) = value.split_once("://") else { return };
        if address(after).is_none() {
            self.add(after);
            after.split(['/', '@', ':', '?', '#', '&', '=', ' ']).for_each(|part| self.add(part));
            return;
        }
        let (authority, tail) = after.split_at(after.find(['/', '?', '#']).unwrap_or(after.len()));
        if let Some((user, _)) = authority.rsplit_once('@') {
            self.add(user);
            user.split(':').for_each(|part| self.add(part));
        }
        let tail = tail.trim_start_matches(['/', '?', '#']);
        self.add(tail);
        let (path, options) = tail.split_at(tail.find(['?', '#', ' ']).unwrap_or(tail.len()));
        // The first part of a longer path is often a common word, such as `live`, and no secret without the others.
        path.split('/').skip(usize::from(path.contains('/'))).for_each(|part| self.add(part));
        for option in options.split(['?', '#', '&', ' ']) {
            self.add(option.split_once('=').map_or(option, |(_, value)| value));
        }
    }

    fn add(&mut self, secret: &str) {
        let plain = secret.replace('\\', "");
        let decoded = percent_decode_str(&plain).decode_utf8_lossy().into_owned();
        let variants = [secret.to_owned(), plain, decoded];
        // Shorter ones protect nothing, and a text without their letters could not be read.
        self.0.extend(variants.into_iter().filter(|secret| secret.len() > 3));
    }
}

/// Whether a property of this name holds a secret, or somebody's name.
fn is_secret(property: &str) -> bool {
    const WORDS: [&str; 18] = [
        "auth",
        "authorization",
        "certificate",
        "cookie",
        "cookies",
        "credential",
        "credentials",
        "headers",
        "pass",
        "passphrase",
        "passwd",
        "password",
        "pw",
        "pwd",
        "secret",
        "streamid",
        "token",
        "user",
    ];
    let name = property.to_ascii_lowercase();
    // `secret-key` is one, `key-int-max` is none.
    name.split(['-', '_']).any(|word| WORDS.contains(&word)) || name.ends_with("key")
}

/// The host and port at the beginning of `authority…`, behind a user if there is one; `None` if it cannot be told where they are.
pub(super) fn address(after_scheme: &str) -> Option<&str> {
    let end = after_scheme.find(['/', '?', '#', ' ']).unwrap_or(after_scheme.len());
    let (authority, path) = after_scheme.split_at(end);
    // A password with a slash in it looks like a host.
    if path.split(['?', '#']).next().is_some_and(|path| path.contains('@')) {
        return None;
    }
    let address = authority.rsplit_once('@').map_or(authority, |(_, address)| address);
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || ".-_:[]".contains(letter);
    (!address.is_empty() && address.chars().all(is_plain)).then_some(address)
}

fn mask_uris(text: &str) -> String {
    let mut masked = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        let end = after.find(|letter: char| letter.is_whitespace() || "\"'<>".contains(letter));
        let uri = after[..end.unwrap_or(after.len())].trim_end_matches([':', ',', '.', ';', ')']);
        let next = &after[uri.len()..];
        let kept = address(uri);
        masked.push_str(before);
        masked.push_str("://");
        masked.push_str(kept.unwrap_or(MASK));
        if kept.is_some_and(|kept| kept != uri) {
            masked.push_str("/***");
        }
        rest = next;
    }
    masked + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(description: &str, text: &str) -> String {
        Secrets::of(description).mask(text)
    }

    #[test]
    fn what_stands_in_a_uri_beside_its_address_is_masked() {
        let description =
            r#"x location="rtmp://joe:pa%20ss@host:1935/live/my-key?token=abcd live=1 pubPasswd=hidden""#;
        let text =
            "no rtmp://joe:pa%20ss@host:1935/live/my-key?token=abcd: joes, my-key, pa ss, abcd, hidden, live";
        assert_eq!(masked(description, text), "no rtmp://host:1935/***: joes, ***, ***, ***, ***, live");
    }

    #[test]
    fn a_uri_is_masked_even_if_it_is_not_of_the_description() {
        assert_eq!(masked("", "at 'http://u:p@h/x?y' and srt://h:1"), "at 'http://h/***' and srt://h:1");
        assert_eq!(masked("", "at rtmp://u:p/w@h/x"), "at rtmp://***");
    }

    #[test]
    fn a_uri_whose_host_cannot_be_told_is_masked_whole() {
        let description = "x location=rtmp://joe:hush/now!@host/live/my-key";
        assert_eq!(
            masked(description, "rtmp://joe:hush/now!@host/live/my-key: hush, my-key"),
            "rtmp://***: ***, ***"
        );
        let srt = "x uri=srt://:9000?mode=listener&passphrase=0123456789";
        assert_eq!(masked(srt, "srt://:9000?mode=listener&passphrase=0123456789"), "srt://:9000/***");
    }

    #[test]
    fn properties_with_secrets_are_known_by_their_names() {
        for name in ["secret-key", "access-key", "session-token", "passphrase", "streamid", "user-pw", "KEY"]
        {
            let description = format!("x {name}=\"hush now\"");
            assert_eq!(masked(&description, "to hush now"), "to ***", "{name}");
        }
        assert_eq!(masked("x264enc key-int-max=1234", "1234"), "1234");
        assert_eq!(masked(r"x password=a\ bcd", r"a bcd a\ bcd"), "*** ***");
    }
}
