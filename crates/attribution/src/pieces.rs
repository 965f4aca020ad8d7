//! Text between separators. The patterns of `str` bring a search machinery that alone costs the browser script a
//! kilobyte; every separator here is an ASCII byte, which is never a part of another character.

/// The bytes that end a piece: one, or any of a few. By value, because the script splits texts in fifty places, and each
/// would hand in a slice of one byte.
#[derive(Clone, Copy)]
pub struct Separators(u64);

impl Separators {
    /// Any of these, at most eight.
    #[must_use]
    pub const fn any_of(bytes: &[u8]) -> Self {
        let mut all = 0;
        let mut rest = bytes;
        while let [before @ .., byte] = rest {
            all = all << 8 | *byte as u64;
            rest = before;
        }
        Self(all)
    }

    fn contains(self, byte: u8) -> bool {
        let mut rest = self.0;
        loop {
            if rest as u8 == byte {
                return true;
            }
            rest >>= 8;
            if rest == 0 {
                return false;
            }
        }
    }
}

impl From<u8> for Separators {
    fn from(byte: u8) -> Self {
        Self(u64::from(byte))
    }
}

/// The pieces of a text, as `str::split` gives them: at least one, and empty ones too.
pub struct Pieces<'a> {
    rest: Option<&'a str>,
    separators: Separators,
}

/// Splits a text at every separator.
#[must_use]
pub fn pieces<'a>(text: &'a str, separators: impl Into<Separators>) -> Pieces<'a> {
    Pieces {
        rest: Some(text),
        separators: separators.into(),
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let (piece, rest) = cut_at(self.rest?, self.separators);
        self.rest = rest;
        Some(piece)
    }
}

/// What stands before the first separator, and what stands behind it, if there is one.
#[must_use]
pub fn cut(text: &str, separators: impl Into<Separators>) -> (&str, Option<&str>) {
    cut_at(text, separators.into())
}

#[inline(never)]
fn cut_at(text: &str, separators: Separators) -> (&str, Option<&str>) {
    let Some(place) = text.bytes().position(|byte| separators.contains(byte)) else {
        return (text, None);
    };
    (text.get(..place).unwrap_or_default(), text.get(place + 1..))
}

/// The first pieces, as many as are asked for. Those that the text does not have are empty.
#[must_use]
pub fn first_pieces<const N: usize>(text: &str, separator: u8) -> [&str; N] {
    let mut all = [""; N];
    fill(&mut all, text, separator);
    all
}

#[inline(never)]
fn fill<'a>(all: &mut [&'a str], text: &'a str, separator: u8) {
    for (place, piece) in all.iter_mut().zip(pieces(text, separator)) {
        *place = piece;
    }
}

/// At which place of a list with commas between a word stands.
#[inline(never)]
#[must_use]
pub fn place_of(word: &str, list: &'static str) -> Option<usize> {
    pieces(list, b',').position(|other| other == word)
}

/// What stands before the last separator, and what stands behind it.
#[must_use]
pub fn cut_last(text: &str, separator: u8) -> Option<(&str, &str)> {
    let place = text.bytes().rposition(|byte| byte == separator)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_like_the_standard_library() {
        for text in ["", "a", "a,b", ",", ",,a;", "é,ü;", "a;b,c"] {
            let expected: Vec<&str> = text.split([',', ';']).collect();
            assert_eq!(
                pieces(text, Separators::any_of(b",;")).collect::<Vec<_>>(),
                expected,
                "{text:?}"
            );
            assert_eq!(cut(text, b',').1, text.split_once(',').map(|(_, rest)| rest));
            assert_eq!(cut_last(text, b','), text.rsplit_once(','));
            let mut both = text.split(',');
            let [first, second] = first_pieces(text, b',');
            assert_eq!(
                (Some(first), second),
                (both.next(), both.next().unwrap_or_default()),
                "{text:?}"
            );
        }
    }
}
