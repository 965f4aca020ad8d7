//! `application/x-www-form-urlencoded` as the URL standard defines it (<https://url.spec.whatwg.org/#urlencoded-parsing>).
//! The crate `form_urlencoded` costs the browser script 1 kB; the tests hold this one to it.

use crate::digits::{UPPER_CASE, push_digit};
use crate::pieces::{cut, pieces};

/// The names and values of a query, decoded.
pub(crate) fn parse(query: &str) -> impl Iterator<Item = (String, String)> {
    pieces(query, b"&").filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = cut(pair, b"=");
        (decode(name), decode(value.unwrap_or_default()))
    })
}

/// A text without its escapes. What is not UTF-8 becomes U+FFFD; a percent sign without two digits stays.
#[inline(never)]
pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut behind = rest.clone();
        let escaped = (byte == b'%').then(|| Some(digit(behind.next()?)? << 4 | digit(behind.next()?)?));
        bytes.push(match escaped.flatten() {
            Some(escaped) => {
                rest = behind;
                escaped
            }
            None if byte == b'+' => b' ',
            None => byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes a text so that it may stand in a query, and in a cookie.
#[inline(never)]
pub(crate) fn encode(text: &mut String, plain: &str) {
    for byte in plain.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => {
                text.push(char::from(byte & 127));
            }
            b' ' => text.push('+'),
            _ => {
                text.push('%');
                push_digit(text, UPPER_CASE, byte >> 4);
                push_digit(text, UPPER_CASE, byte & 15);
            }
        }
    }
}

fn digit(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every text of up to five of the bytes that matter.
    fn texts() -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut longest = texts.clone();
        for _ in 0..5 {
            longest = longest
                .iter()
                .flat_map(|text| {
                    ["%", "+", "&", "=", "4", "e", "F", "é", "%C3", "%a9"].map(|more| format!("{text}{more}"))
                })
                .collect();
            texts.extend_from_slice(&longest);
        }
        texts
    }

    #[test]
    fn reads_like_the_standard() {
        for text in texts() {
            let expected: Vec<_> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
            assert_eq!(parse(&text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn writes_like_the_standard() {
        for character in ('\0'..='\u{ff}').chain("€😀".chars()) {
            let plain = format!("a{character}b");
            let mut text = String::new();
            encode(&mut text, &plain);
            let expected: String = form_urlencoded::byte_serialize(plain.as_bytes()).collect();
            assert_eq!(text, expected);
            assert_eq!(decode(&text), plain);
        }
    }
}
