//! Hashes that a page may hold our files to (<https://www.w3.org/TR/SRI/>).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha384};

/// The shortest hash that browsers take; for what the tag itself holds, where bytes decide.
pub(crate) fn sha256(content: &[u8]) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(content)))
}

/// The hash that is customary in `<script integrity>`; for what site owners hold.
pub(crate) fn sha384(content: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of <https://www.w3.org/TR/SRI/#grammardef-hash-expression>.
    #[test]
    fn ok_as_the_specification_writes_it() {
        assert_eq!(
            sha384(b"alert('Hello, world.');"),
            "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO"
        );
        assert_eq!(sha256(b""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
