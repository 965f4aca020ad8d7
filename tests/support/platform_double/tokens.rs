//! Who gives out tokens, and to whom: a service account that signs for itself, and a refresh token.

use attribution::google::data_manager;
use attribution::microsoft::offline_conversions;
use attribution::timestamp::{DAY_MS, SECOND_MS};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use collector::network::{Inbound, Outbound};
use collector::platform_access::{Access, PlatformAccess};
use serde_json::{Value, json};

use super::{PlatformDouble, URL, header, own_signature, reply, token_url};

/// The service account that Google knows.
pub const ACCOUNT_EMAIL: &str = "sender@project.iam.example";

/// The only token that Meta knows.
pub const META_TOKEN: &str = "token-meta-1";

const CLIENT_ID: &str = "client-1";
const CLIENT_SECRET: &str = "the client's secret";
const REFRESH_TOKEN: &str = "the refresh/token";
/// How long each of Microsoft's is good.
const REFRESH_TOKEN_DAYS: i64 = 90;
/// As Microsoft says that one has ended.
const ENDED: &str = "AADSTS700082: The refresh token has expired due to inactivity.";
/// Microsoft's, beside the token.
pub(super) const DEVELOPER_TOKEN: &str = "developer-1";

/// By what the double knows that a service account signed.
#[derive(Clone, Debug)]
pub enum Signatures {
    /// By its own hand, in this process.
    Own,
    /// By the public key of the account, as PEM, and Node's own library.
    #[cfg(feature = "runtime")]
    Rsa(String),
}

/// The key of [`Signatures::Own`], which opens nothing.
const OWN_KEY: &[u8] = b"the double's own key";

/// A service account's key file with this key, as PEM; without one, the double's own.
#[must_use]
pub fn service_account(private_key: Option<&str>) -> String {
    let own = || {
        let key = STANDARD.encode(OWN_KEY);
        format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n")
    };
    let private_key = private_key.map_or_else(own, str::to_owned);
    let file = json!({"type": "service_account", "project_id": "project", "private_key_id": "1",
        "private_key": private_key, "client_email": ACCOUNT_EMAIL, "client_id": "1",
        "token_uri": "https://oauth2.googleapis.com/token", "universe_domain": "googleapis.com"});
    file.to_string()
}

/// The secret of a person who has signed in once.
#[must_use]
pub fn refresh_secret() -> String {
    json!({"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN,
        "developer_token": DEVELOPER_TOKEN})
    .to_string()
}

/// What a deployment in this process has for the double: secrets that it knows.
#[must_use]
pub fn access() -> Access {
    let of = |platform: &str, secret: String| PlatformAccess {
        api_url: URL.to_owned(),
        token_url: token_url(URL, platform),
        secret: Some(secret),
    };
    Access {
        google: of("google", service_account(None)),
        microsoft: of("microsoft", refresh_secret()),
        meta: of("meta", META_TOKEN.to_owned()),
    }
}

impl PlatformDouble {
    pub(super) fn token(&self, platform: &str, request: &Outbound) -> Inbound {
        self.token_requests.set(self.token_requests.get() + 1);
        if self.refuses_secrets.get() {
            return refused("Token has been expired or revoked.");
        }
        let form = header(request, "Content-Type") == "application/x-www-form-urlencoded";
        let pairs: Vec<(String, String)> = form_urlencoded::parse(request.body.as_bytes())
            .into_owned()
            .collect();
        let wrong = match platform {
            _ if !form || request.method != "POST" => Some("The request is no form.".to_owned()),
            "google" if field(&pairs, "assertion").is_some() => self.wrong_assertion(&pairs),
            "google" => wrong_refresh(&pairs, REFRESH_TOKEN, &[]),
            "microsoft" => {
                let refresh_token = field(&pairs, "refresh_token").unwrap_or_default();
                if !self.is_good(refresh_token) {
                    return refused(ENDED);
                }
                wrong_refresh(&pairs, refresh_token, &[("scope", offline_conversions::SCOPE)])
            }
            _ => Some(format!("{platform} gives out no tokens.")),
        };
        if let Some(wrong) = wrong {
            self.breach(format!("{platform} gave no token: {wrong}"));
            return refused(&wrong);
        }
        self.tokens.set(self.tokens.get() + 1);
        let token = format!("token-{platform}-{}", self.tokens.get());
        let mut given = json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600});
        if platform == "microsoft" {
            let newer = format!("newer-microsoft-{}", self.token_requests.get());
            given["refresh_token"] = json!(newer);
            let ends = self.now.get().plus_ms(REFRESH_TOKEN_DAYS * DAY_MS);
            self.refresh_tokens.borrow_mut().insert(newer, ends);
        }
        reply(200, &given)
    }

    /// Whether Microsoft takes a refresh token. A newer one does not end it, time does
    /// (<https://learn.microsoft.com/entra/identity-platform/refresh-tokens>).
    fn is_good(&self, refresh_token: &str) -> bool {
        let given = self.refresh_tokens.borrow().get(refresh_token).copied();
        let of_secret = || (refresh_token == REFRESH_TOKEN).then(|| self.secret_token_ends.get());
        given.or_else(of_secret).is_some_and(|ends| self.now.get() < ends)
    }

    /// What is wrong with the word of a service account for itself
    /// (<https://developers.google.com/identity/protocols/oauth2/service-account>).
    fn wrong_assertion(&self, pairs: &[(String, String)]) -> Option<String> {
        let wrong = |what: &str| Some(what.to_owned());
        if field(pairs, "grant_type") != Some("urn:ietf:params:oauth:grant-type:jwt-bearer")
            || pairs.len() != 2
        {
            return wrong("Invalid grant type.");
        }
        let assertion = field(pairs, "assertion").unwrap_or_default();
        let parts: Vec<&str> = assertion.split('.').collect();
        let [head, claims, signature] = parts.as_slice() else {
            return wrong("The JWT has not three parts.");
        };
        let json_of = |part: &str| -> Value {
            let bytes = URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
            serde_json::from_slice(&bytes).unwrap_or_default()
        };
        if json_of(head) != json!({"alg": "RS256", "typ": "JWT"}) {
            return wrong("Invalid JWT header.");
        }
        let claims = json_of(claims);
        let seconds = |name: &str| claims[name].as_i64().unwrap_or_default();
        let now = self.now.get().ms() / SECOND_MS;
        let (iat, exp) = (seconds("iat"), seconds("exp"));
        if claims.as_object().map(serde_json::Map::len) != Some(5) {
            return wrong("Invalid JWT claims.");
        }
        if claims["iss"] != ACCOUNT_EMAIL || claims["scope"] != data_manager::SCOPE {
            return wrong("Not a valid email or user ID, or an invalid scope.");
        }
        if claims["aud"] != token_url(&self.url, "google") {
            return wrong("Invalid JWT audience.");
        }
        if iat > now + 60 || exp <= now || exp - iat > 3_600 {
            return wrong("Invalid JWT: Token must be a short-lived token and in a reasonable timeframe.");
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        let text = format!("{head}.{}", parts[1]);
        let is_signed = match &self.signatures {
            Signatures::Own => signature == own_signature(OWN_KEY, &text),
            #[cfg(feature = "runtime")]
            Signatures::Rsa(public_key) => crate::rsa_key::has_signed(public_key, &text, &signature),
        };
        (!is_signed).then(|| "Invalid JWT Signature.".to_owned())
    }

    pub(super) fn lets_in(&self, platform: &str, request: &Outbound) -> bool {
        let prefix = format!("Bearer token-{platform}-");
        let token = header(request, "Authorization").strip_prefix(&prefix);
        let token = token.and_then(|token| token.parse::<u32>().ok());
        token.is_some_and(|token| token >= self.oldest_token.get())
    }

    /// As each platform says that it does not know a token.
    pub(super) fn unauthenticated(&self, platform: &str) -> Inbound {
        let body = match platform {
            "google" => json!({"error": {"code": 401, "status": "UNAUTHENTICATED",
                "message": "Request had invalid authentication credentials."}}),
            "microsoft" => json!({"Errors": [{"Code": 109, "ErrorCode": "AuthenticationTokenExpired"}]}),
            _ => json!({"error": {"code": 190, "type": "OAuthException",
                "message": "Invalid OAuth access token - Cannot parse access token"}}),
        };
        reply(401, &body)
    }
}

/// <https://www.rfc-editor.org/rfc/rfc6749#section-6>
fn wrong_refresh(pairs: &[(String, String)], refresh_token: &str, more: &[(&str, &str)]) -> Option<String> {
    let expected = [
        ("grant_type", "refresh_token"),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("refresh_token", refresh_token),
    ];
    let expected: Vec<(&str, &str)> = expected.iter().chain(more).copied().collect();
    let is_right = expected.len() == pairs.len()
        && expected
            .iter()
            .all(|(name, value)| field(pairs, name) == Some(value));
    (!is_right).then(|| "Bad Request".to_owned())
}

fn field<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = pairs.iter().find(|(other, _)| other == name);
    found.map(|(_, value)| value.as_str())
}

fn refused(why: &str) -> Inbound {
    reply(400, &json!({"error": "invalid_grant", "error_description": why}))
}
