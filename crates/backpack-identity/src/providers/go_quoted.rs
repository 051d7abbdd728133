//! Strings as Go quotes them, which is how Kubernetes writes labels into files.

use std::str::Chars;

/// The pairs of `key="value"` lines, where values are quoted by Go's rules; or what is wrong, with the number of the line.
pub fn pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| pair(line).ok_or(format!("line {} is not `key=\"value\"`", index + 1)))
        .collect()
}

fn pair(line: &str) -> Option<(String, String)> {
    let (key, quoted) = line.split_once('=')?;
    let inner = quoted.trim().strip_prefix('"')?.strip_suffix('"')?;
    (!key.is_empty()).then_some((key.to_owned(), unquoted(inner)?))
}

/// Bytes that are no UTF-8, which Go writes as `\xNN`, become the replacement character.
fn unquoted(inner: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return None,
            '\\' => escape(&mut chars, &mut bytes)?,
            c => push(&mut bytes, c),
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn escape(chars: &mut Chars<'_>, bytes: &mut Vec<u8>) -> Option<()> {
    match chars.next()? {
        'a' => bytes.push(0x07),
        'b' => bytes.push(0x08),
        'f' => bytes.push(0x0c),
        'n' => bytes.push(b'\n'),
        'r' => bytes.push(b'\r'),
        't' => bytes.push(b'\t'),
        'v' => bytes.push(0x0b),
        c @ ('\\' | '"') => push(bytes, c),
        'x' => bytes.push(hex(chars, 2)?.try_into().ok()?),
        'u' => push(bytes, char::from_u32(hex(chars, 4)?)?),
        'U' => push(bytes, char::from_u32(hex(chars, 8)?)?),
        _ => return None,
    }
    Some(())
}

fn hex(chars: &mut Chars<'_>, digits: usize) -> Option<u32> {
    let mut value = 0_u32;
    for _ in 0..digits {
        value = value.checked_mul(16)? | chars.next()?.to_digit(16)?;
    }
    Some(value)
}

fn push(bytes: &mut Vec<u8>, c: char) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}
