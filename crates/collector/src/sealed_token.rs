//! A refresh token as it is kept: whoever reads the database cannot use it, and whoever holds the deployment's secret can.
//! Microsoft's document asks to store it as safely as other credentials
//! (<https://learn.microsoft.com/entra/identity-platform/refresh-tokens>).

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hkdf::Hkdf;
use sha2::Sha256;

/// Bytes of the number that is used once (<https://doi.org/10.6028/NIST.SP.800-38D>).
pub const NONCE_BYTES: usize = 12;

/// What the key is for, so that no other use of the secret has the same.
const PURPOSE: &[u8] = b"throughline refresh token 1";

/// What closes and opens the tokens of one secret.
pub struct Seal(Aes256Gcm);

impl Seal {
    /// The seal of a secret's parts. Whoever stores another one, be it the client's secret or a refresh token alone, is not
    /// answered by what an earlier one has brought. `None` only where the library has no key of that length, which it has.
    #[must_use]
    pub fn of(secret: &[&str]) -> Option<Self> {
        let secret = serde_json::to_vec(secret).ok()?;
        let mut key = [0; 32];
        // HKDF (<https://www.rfc-editor.org/rfc/rfc5869>).
        Hkdf::<Sha256>::new(None, &secret)
            .expand(PURPOSE, &mut key)
            .ok()?;
        Aes256Gcm::new_from_slice(&key).ok().map(Self)
    }

    /// Closes the token of a destination. The number must never have been used before.
    #[must_use]
    pub fn close(&self, destination: &str, token: &str, nonce: [u8; NONCE_BYTES]) -> Option<String> {
        let payload = Payload {
            msg: token.as_bytes(),
            aad: destination.as_bytes(),
        };
        let closed = self.0.encrypt(&Nonce::from(nonce), payload).ok()?;
        Some(STANDARD.encode([nonce.as_slice(), &closed].concat()))
    }

    /// Opens the token of a destination. `None` where it was closed by another secret, for another destination, or altered.
    #[must_use]
    pub fn open(&self, destination: &str, sealed: &str) -> Option<String> {
        let sealed = STANDARD.decode(sealed).ok()?;
        let (nonce, closed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload {
            msg: closed,
            aad: destination.as_bytes(),
        };
        let token = self.0.decrypt(&Nonce::from(*nonce), payload).ok()?;
        String::from_utf8(token).ok()
    }
}

/// Nothing of a key is ever written anywhere.
impl std::fmt::Debug for Seal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Seal")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "M.C5_BAY.0.U.-refresh token of any length, 1,500 characters as a rule";

    #[test]
    fn only_the_secret_and_the_destination_that_closed_it_open_it() {
        let seal = Seal::of(&["client", "secret", "token"]).unwrap();
        let sealed = seal.close("sales", TOKEN, [7; NONCE_BYTES]).unwrap();
        assert_eq!(seal.open("sales", &sealed).as_deref(), Some(TOKEN));
        assert!(!sealed.contains("refresh"));
        assert_eq!(seal.open("other", &sealed), None);
        for other in [
            ["client", "secret", "another"],
            ["client", "another", "token"],
            ["another", "secret", "token"],
            ["clients", "ecret", "token"],
        ] {
            let other = Seal::of(&other).unwrap();
            assert_eq!(other.open("sales", &sealed), None);
        }
    }

    #[test]
    fn err_an_altered_text_opens_nothing() {
        let seal = Seal::of(&["client", "secret", "token"]).unwrap();
        let sealed = seal.close("sales", TOKEN, [7; NONCE_BYTES]).unwrap();
        let bytes = STANDARD.decode(&sealed).unwrap();
        for place in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[place] ^= 1;
            assert_eq!(seal.open("sales", &STANDARD.encode(altered)), None, "{place}");
        }
        for text in ["", "AAAA", "no base64", &sealed[..sealed.len() - 4]] {
            assert_eq!(seal.open("sales", text), None, "{text}");
        }
    }

    #[test]
    fn the_same_token_under_another_number_is_another_text() {
        let seal = Seal::of(&["client", "secret", "token"]).unwrap();
        let close = |number: u8| seal.close("sales", TOKEN, [number; NONCE_BYTES]);
        assert_ne!(close(1), close(2));
    }
}
