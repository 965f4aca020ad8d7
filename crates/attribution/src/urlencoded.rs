//! `application/x-www-form-urlencoded` as the URL standard defines it (<https://url.spec.whatwg.org/#urlencoded-parsing>).
//! The crate `form_urlencoded` costs the browser script 1 kB; the tests hold this one to it.

use crate::digits::{UPPER_CASE, push_digit};
use crate::pieces::{cut, pieces};

/// The names and values of a query, decoded.
pub(crate) fn parse(query: &str) -> impl Iterator<Item = (String, String)> {
    pieces(query, b'&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = cut(pair, b'=');
        (decode(name), decode(value.unwrap_or_default()))
    })
}

/// A text without its escapes. What is not UTF-8 becomes U+FFFD; a percent sign without two digits stays.
#[inline(never)]
pub(crate) fn decode(text: &str) -> String {
    let mut decoded = Utf8::default();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut behind = rest.clone();
        let escaped = (byte == b'%').then(|| Some(digit(behind.next()?)? << 4 | digit(behind.next()?)?));
        decoded.push(match escaped.flatten() {
            Some(escaped) => {
                rest = behind;
                escaped
            }
            None if byte == b'+' => b' ',
            None => byte,
        });
    }
    decoded.end();
    decoded.text
}

/// The decoder of <https://encoding.spec.whatwg.org/#utf-8-decoder>, byte by byte. `String::from_utf8_lossy` would do it
/// too, for 200 bytes of the browser script.
#[derive(Default)]
struct Utf8 {
    text: String,
    /// How many bytes the present character has.
    length: u32,
    /// How many of them are still to come.
    missing: u32,
    /// The bits of those that came.
    bits: u32,
}

impl Utf8 {
    fn push(&mut self, byte: u8) {
        if self.missing > 0 && byte & 0xc0 == 0x80 {
            let bits = self.bits << 6 | u32::from(byte & 0x3f);
            // The first bits tell a surrogate, a character out of range, and one that is written longer than it must be.
            let lowest = char::from_u32(bits << (6 * (self.missing - 1)));
            if let Some(character) = lowest.filter(|lowest| lowest.len_utf8() as u32 == self.length) {
                self.bits = bits;
                self.missing -= 1;
                if self.missing == 0 {
                    self.text.push(character);
                }
                return;
            }
        }
        self.end();
        self.length = byte.leading_ones();
        match self.length {
            0 => self.text.push(char::from(byte)),
            2..=4 => {
                self.missing = self.length - 1;
                self.bits = u32::from(byte) & (0x7f >> self.length);
            }
            _ => self.text.push(char::REPLACEMENT_CHARACTER),
        }
    }

    /// Gives up what has begun.
    fn end(&mut self) {
        if self.missing > 0 {
            self.missing = 0;
            self.text.push(char::REPLACEMENT_CHARACTER);
        }
    }
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
    fn what_is_not_utf_8_is_replaced_like_in_the_standard_library() {
        // Every edge of what may begin a character and of what may follow.
        let edges = [
            0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed,
            0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xfb, 0xfc, 0xff_u8,
        ];
        let following = [0x41, 0x80, 0xbf, 0xc2, 0xe1, 0xf1];
        for first in edges {
            for second in edges {
                for third in following {
                    for fourth in following {
                        let bytes = [first, second, third, fourth];
                        let escaped: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
                        for (end, text) in [(4, escaped.as_str()), (3, &escaped[..9]), (2, &escaped[..6])] {
                            assert_eq!(decode(text), String::from_utf8_lossy(&bytes[..end]), "{text}");
                        }
                    }
                }
            }
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
