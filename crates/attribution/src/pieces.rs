//! Text between separators. The patterns of `str` bring a search machinery that alone costs the browser script a
//! kilobyte; every separator here is an ASCII byte, which is never a part of another character.

/// The pieces of a text, as `str::split` gives them: at least one, and empty ones too.
pub struct Pieces<'a> {
    rest: Option<&'a str>,
    separators: &'static [u8],
}

/// Splits a text at every separator.
#[must_use]
pub fn pieces<'a>(text: &'a str, separators: &'static [u8]) -> Pieces<'a> {
    Pieces {
        rest: Some(text),
        separators,
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let (piece, rest) = cut(self.rest?, self.separators);
        self.rest = rest;
        Some(piece)
    }
}

/// What stands before the first separator, and what stands behind it, if there is one.
#[inline(never)]
#[allow(
    clippy::manual_contains,
    reason = "`contains` calls a search routine for every byte, which is more of the script and three times slower in it"
)]
#[must_use]
pub fn cut<'a>(text: &'a str, separators: &[u8]) -> (&'a str, Option<&'a str>) {
    let is_separator = |byte| separators.iter().any(|separator| *separator == byte);
    let Some(place) = text.bytes().position(is_separator) else {
        return (text, None);
    };
    (text.get(..place).unwrap_or_default(), text.get(place + 1..))
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
            assert_eq!(pieces(text, b",;").collect::<Vec<_>>(), expected, "{text:?}");
            assert_eq!(cut(text, b",").1, text.split_once(',').map(|(_, rest)| rest));
            assert_eq!(cut_last(text, b','), text.rsplit_once(','));
        }
    }
}
