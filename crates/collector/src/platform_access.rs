//! How this deployment reaches the platforms: addresses and secrets, and the tokens that the secrets are good for.

use attribution::google::data_manager;
use attribution::microsoft::offline_conversions;
use attribution::timestamp::{HOUR_MS, SECOND_MS, Timestamp};
use attribution::trial::sentence_of;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::network::{Network, Outbound};
use crate::sealed_token::Seal;

/// What the deployment has for one platform.
#[derive(Clone, Debug, Default)]
pub struct PlatformAccess {
    /// Scheme and host of the API. Only tests have another than the platform's own.
    pub api_url: String,
    /// Where tokens are given out.
    pub token_url: String,
    /// The secret of `wrangler secret`, as it was stored.
    pub secret: Option<String>,
}

/// All platforms.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// Google: a service account's key file, or `{"client_id","client_secret","refresh_token"}`.
    pub google: PlatformAccess,
    /// Microsoft: `{"client_id","client_secret","refresh_token","developer_token"}`.
    pub microsoft: PlatformAccess,
    /// Meta: the access token of a system user.
    pub meta: PlatformAccess,
}

impl Access {
    /// The platform's part, by the name of the registry of click ids.
    #[must_use]
    pub fn of(&self, platform: &str) -> Option<&PlatformAccess> {
        match platform {
            "google" => Some(&self.google),
            "microsoft" => Some(&self.microsoft),
            "meta" => Some(&self.meta),
            _ => None,
        }
    }
}

/// The names of a platform's secret and of its two variables.
#[must_use]
pub fn names_of(platform: &str) -> [&'static str; 3] {
    match platform {
        "google" => ["GOOGLE_CREDENTIALS", "GOOGLE_API_URL", "GOOGLE_TOKEN_URL"],
        "microsoft" => [
            "MICROSOFT_CREDENTIALS",
            "MICROSOFT_API_URL",
            "MICROSOFT_TOKEN_URL",
        ],
        _ => ["META_CREDENTIALS", "META_API_URL", "META_TOKEN_URL"],
    }
}

/// Where a platform really is: the API, and who gives out its tokens.
#[must_use]
pub fn own_urls(platform: &str) -> [&'static str; 2] {
    match platform {
        "google" => [
            "https://datamanager.googleapis.com",
            "https://oauth2.googleapis.com/token",
        ],
        "microsoft" => [
            "https://campaign.api.bingads.microsoft.com",
            "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        ],
        _ => ["https://graph.facebook.com", ""],
    }
}

/// The headers that let a request in.
pub type Headers = Vec<(&'static str, String)>;

/// Why there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAccess {
    /// No secret is stored.
    Missing,
    /// What is stored is no secret of this platform's, or a key that cannot sign.
    Unreadable,
    /// The platform does not know the secret.
    Refused {
        /// The platform's sentence about it.
        said: Option<String>,
    },
    /// The platform did not answer.
    Lost,
}

/// A secret as people store it.
#[derive(Deserialize)]
struct Secret {
    #[serde(default)]
    client_email: String,
    #[serde(default)]
    private_key: String,
    #[serde(default)]
    client_id: String,
    client_secret: Option<String>,
    #[serde(default)]
    refresh_token: String,
    #[serde(default)]
    developer_token: String,
}

/// What lets a destination in.
#[derive(Clone, Debug, Default)]
pub struct Admission {
    /// The headers.
    pub headers: Headers,
    /// A refresh token that Microsoft gave out along, sealed.
    pub newer_token: Option<String>,
    /// Whether the token that was kept did it, and not the one of the secret.
    pub is_by_kept_token: bool,
}

impl PlatformAccess {
    /// Asks for a token and makes the headers of it. A token is good for an hour, and a run for minutes, so each run
    /// asks anew. `kept` is the sealed refresh token that was given out last for this destination.
    ///
    /// # Errors
    /// Whether there is a secret, the platform refused it, or did not answer.
    pub async fn admit<N: Network>(
        &self,
        platform: &str,
        destination: &str,
        kept: Option<&str>,
        network: &N,
    ) -> Result<Admission, NoAccess> {
        let secret = self.secret.as_deref().map(str::trim).unwrap_or_default();
        if secret.is_empty() {
            return Err(NoAccess::Missing);
        }
        if platform == "meta" {
            return Ok(Admission::of(vec![bearer(secret).ok_or(NoAccess::Unreadable)?]));
        }
        let secret: Secret = serde_json::from_str(secret).map_err(|_| NoAccess::Unreadable)?;
        if platform == "microsoft" {
            return self.admit_to_microsoft(&secret, destination, kept, network).await;
        }
        let form = if secret.private_key.is_empty() {
            refresh_form(platform, &secret, &secret.refresh_token)
        } else {
            let assertion = assertion(&secret, &self.token_url, network).await;
            let assertion = assertion.ok_or(NoAccess::Unreadable)?;
            let grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
            form_of(&[("grant_type", grant), ("assertion", &assertion)])
        };
        let token = token(&self.token_url, form, network).await?;
        Ok(Admission::of(vec![
            bearer(&token.access_token).ok_or(NoAccess::Lost)?,
        ]))
    }

    /// By the token that was given out last; where that is none any more, by the one of the secret.
    async fn admit_to_microsoft<N: Network>(
        &self,
        secret: &Secret,
        destination: &str,
        kept: Option<&str>,
        network: &N,
    ) -> Result<Admission, NoAccess> {
        let developer_token = in_header(&secret.developer_token).ok_or(NoAccess::Unreadable)?;
        let client_secret = secret.client_secret.as_deref().unwrap_or_default();
        let seal = Seal::of(&[&secret.client_id, client_secret, &secret.refresh_token]);
        let seal = seal.ok_or(NoAccess::Unreadable)?;
        let ask = async |refresh_token: &str| {
            let form = refresh_form("microsoft", secret, refresh_token);
            token(&self.token_url, form, network).await
        };
        let by_kept_token = match kept.and_then(|sealed| seal.open(destination, sealed)) {
            Some(kept) => match ask(&kept).await {
                Err(NoAccess::Refused { .. }) => None,
                answered => Some(answered?),
            },
            None => None,
        };
        let is_by_kept_token = by_kept_token.is_some();
        let token = match by_kept_token {
            Some(token) => token,
            None => ask(&secret.refresh_token).await?,
        };
        let newer = token.refresh_token.zip(network.nonce());
        Ok(Admission {
            headers: vec![
                bearer(&token.access_token).ok_or(NoAccess::Lost)?,
                ("DeveloperToken", developer_token.to_owned()),
            ],
            newer_token: newer.and_then(|(newer, nonce)| seal.close(destination, &newer, nonce)),
            is_by_kept_token,
        })
    }
}

impl Admission {
    fn of(headers: Headers) -> Self {
        Self {
            headers,
            ..Self::default()
        }
    }
}

fn bearer(token: &str) -> Option<(&'static str, String)> {
    in_header(token).map(|token| ("Authorization", format!("Bearer {token}")))
}

/// A token as it may stand in a header. Whatever else was stored by mistake would be an error of the network's, which is
/// tried again for days, and not one that tells a person what to mend.
fn in_header(token: &str) -> Option<&str> {
    let is_token = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    is_token.then_some(token)
}

/// <https://www.rfc-editor.org/rfc/rfc6749#section-6>
fn refresh_form(platform: &str, secret: &Secret, refresh_token: &str) -> String {
    let mut pairs = vec![
        ("grant_type", "refresh_token"),
        ("client_id", &secret.client_id),
        ("refresh_token", refresh_token),
    ];
    if let Some(client_secret) = &secret.client_secret {
        pairs.push(("client_secret", client_secret));
    }
    if platform == "microsoft" {
        pairs.push(("scope", offline_conversions::SCOPE));
    }
    form_of(&pairs)
}

fn form_of(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// The word of a service account for itself (<https://developers.google.com/identity/protocols/oauth2/service-account>).
async fn assertion<N: Network>(secret: &Secret, token_url: &str, network: &N) -> Option<String> {
    #[derive(Serialize)]
    struct Claims<'a> {
        iss: &'a str,
        scope: &'a str,
        aud: &'a str,
        iat: i64,
        exp: i64,
    }
    let now: Timestamp = network.now();
    let claims = Claims {
        iss: &secret.client_email,
        scope: data_manager::SCOPE,
        aud: token_url,
        iat: now.ms() / SECOND_MS,
        exp: now.plus_ms(HOUR_MS).ms() / SECOND_MS,
    };
    let claims = serde_json::to_string(&claims).ok()?;
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let text = format!("{}.{}", encode(r#"{"alg":"RS256","typ":"JWT"}"#), encode(&claims));
    let signature = network.sign(&der_of(&secret.private_key)?, &text).await?;
    Some(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// The bytes inside `-----BEGIN PRIVATE KEY-----` (<https://www.rfc-editor.org/rfc/rfc7468>).
fn der_of(pem: &str) -> Option<Vec<u8>> {
    let lines = pem
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with("-----"));
    STANDARD.decode(lines.collect::<String>()).ok()
}

/// What a platform gives out.
#[derive(Deserialize)]
struct Token {
    access_token: String,
    refresh_token: Option<String>,
}

async fn token<N: Network>(url: &str, form: String, network: &N) -> Result<Token, NoAccess> {
    let request = Outbound {
        method: "POST",
        url: url.to_owned(),
        headers: vec![("Content-Type", "application/x-www-form-urlencoded".to_owned())],
        body: form,
    };
    let answer = network.send(&request).await.ok_or(NoAccess::Lost)?;
    match answer.status {
        200 => serde_json::from_slice(&answer.body).map_err(|_| NoAccess::Lost),
        408 | 429 | 500.. => Err(NoAccess::Lost),
        _ => Err(NoAccess::Refused {
            said: sentence_of(&answer.body),
        }),
    }
}
