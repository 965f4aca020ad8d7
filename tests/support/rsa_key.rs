//! A service account's key: made anew for each run, so that none lies about. Node.js makes it and checks what it signed,
//! because it is there anyway, and because a signature of one library is best checked by another.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// Both halves, as PEM.
#[derive(Clone, Debug)]
pub struct RsaKey {
    /// PKCS #8.
    pub private_key: String,
    /// SubjectPublicKeyInfo.
    pub public_key: String,
}

const MAKE: &str = "const pem = type => ({type, format: 'pem'}); \
    const {privateKey, publicKey} = require('crypto').generateKeyPairSync('rsa', {modulusLength: 2048, \
        privateKeyEncoding: pem('pkcs8'), publicKeyEncoding: pem('spki')}); \
    console.log(JSON.stringify({privateKey, publicKey}))";

const CHECK: &str = "const {key, text, signature} = JSON.parse(require('fs').readFileSync(0)); \
    const signed = require('crypto').verify('RSA-SHA256', text, key, Buffer.from(signature, 'hex')); \
    process.exit(signed ? 0 : 1)";

impl RsaKey {
    /// Makes one.
    ///
    /// # Panics
    /// When there is no Node.js.
    #[must_use]
    pub fn make() -> Self {
        let made = Command::new("node").args(["-e", MAKE]).output().expect("Node.js");
        let made: Value = serde_json::from_slice(&made.stdout).expect("a key");
        let half = |name: &str| made[name].as_str().expect("PEM").to_owned();
        Self {
            private_key: half("privateKey"),
            public_key: half("publicKey"),
        }
    }
}

/// Whether the private half of this key has signed the text, by RSASSA-PKCS1-v1_5 with SHA-256.
///
/// # Panics
/// When there is no Node.js.
#[must_use]
pub fn has_signed(public_key: &str, text: &str, signature: &[u8]) -> bool {
    let node = Command::new("node")
        .args(["-e", CHECK])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut node = node.expect("Node.js");
    let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    let question = json!({"key": public_key, "text": text, "signature": hex}).to_string();
    let mut input = node.stdin.take().expect("its input");
    input.write_all(question.as_bytes()).expect("a question");
    drop(input);
    node.wait().expect("an answer").success()
}
