//! Whether the platform takes a destination's settings, asked when they are set. The answer only informs: the settings are
//! stored whatever it says, because a platform may be ready for them later than the person who sets them, and because
//! nothing is lost by it. What is refused then is held with the same advice, and goes once the settings are set again.

use attribution::timestamp::Timestamp;
use attribution::trial::{Trial, sentence_of};
use serde::Serialize;

use crate::admission::let_in;
use crate::destination::DestinationRow;
use crate::network::{Inbound, Network, Outbound, http_answer};
use crate::platform_access::{Access, Headers, NoAccess, PlatformAccess, names_of};
use crate::store::Store;
use crate::store::database::Database;

/// What a room needs to ask a platform.
#[derive(Debug)]
pub struct Platforms<'a, N> {
    /// The way to them.
    pub network: &'a N,
    /// What the deployment has for them.
    pub access: &'a Access,
}

/// What became of the trial, as it is shown.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct ShownTrial {
    result: TrialResult,
    /// The platform's code, or ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// What happened, and what a person can do.
    detail: String,
    /// The platform's own sentence. Nothing of a visitor was sent, so none comes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum TrialResult {
    /// The platform takes the settings.
    Passed,
    /// The platform refuses the settings or the secret.
    Refused,
    /// Nobody knows.
    NotChecked,
}

/// Tries a destination's settings. `None` for a feed, which the platform fetches by itself.
pub async fn run<D: Database, N: Network>(
    store: &Store<D>,
    destination: &DestinationRow,
    platforms: &Platforms<'_, N>,
    now: Timestamp,
) -> Option<ShownTrial> {
    let action = destination.api_action()?;
    let platform = action.platform();
    let access = platforms.access.of(platform)?;
    let id = &destination.destination;
    let headers = match let_in(store, access, platform, id, platforms.network).await {
        Ok(headers) => headers,
        Err(reason) => return Some(without_access(platform, reason)),
    };
    let Some(request) = action.trial(now) else {
        return Some(no_trial(platform));
    };
    let answer = post(access, headers, request.path, request.body, platforms.network).await;
    let trial = action.read_trial(http_answer(answer.as_ref(), now));
    Some(shown(platform, trial, answer.as_ref()))
}

async fn post<N: Network>(
    access: &PlatformAccess,
    mut headers: Headers,
    path: String,
    body: String,
    network: &N,
) -> Option<Inbound> {
    headers.push(("Content-Type", "application/json".to_owned()));
    let request = Outbound {
        method: "POST",
        url: format!("{}{path}", access.api_url),
        headers,
        body,
    };
    network.send(&request).await
}

fn shown(platform: &str, trial: Trial, answer: Option<&Inbound>) -> ShownTrial {
    let name = name_of(platform);
    let (result, code, detail) = match trial {
        Trial::Passed => (
            TrialResult::Passed,
            None,
            format!("{name} checked a made-up event with these settings and takes them. It counted nothing."),
        ),
        Trial::Refused { code, advice } => (TrialResult::Refused, Some(code), advice.to_owned()),
        Trial::Unclear { code } => (
            TrialResult::NotChecked,
            Some(code),
            format!("{name} refused the made-up event itself, which says nothing of the settings."),
        ),
        Trial::NoAnswer => return no_answer(name),
    };
    let said = answer.filter(|_| result != TrialResult::Passed);
    ShownTrial {
        result,
        code,
        detail,
        said: said.and_then(|answer| sentence_of(&answer.body)),
    }
}

fn without_access(platform: &str, reason: NoAccess) -> ShownTrial {
    let name = name_of(platform);
    let [secret, ..] = names_of(platform);
    let (result, code, detail, said) = match reason {
        NoAccess::Missing => (
            TrialResult::NotChecked,
            "secret_missing",
            format!("Set the secret by `wrangler secret put {secret}`. Until then every delivery waits."),
            None,
        ),
        NoAccess::Unreadable => (
            TrialResult::Refused,
            "secret_unreadable",
            format!(
                "The secret {secret} is not what {name} needs: {}",
                expected(platform)
            ),
            None,
        ),
        NoAccess::Refused { said } => (
            TrialResult::Refused,
            "secret_refused",
            format!(
                "{name} does not know the secret {secret}. Make a new one and store it again. Until then every delivery waits."
            ),
            said,
        ),
        NoAccess::Lost => return no_answer(name),
    };
    ShownTrial {
        result,
        code: Some(code.to_owned()),
        detail,
        said,
    }
}

/// What each secret is.
fn expected(platform: &str) -> &'static str {
    match platform {
        "google" => {
            "the key file of a service account, or JSON with client_id, client_secret and refresh_token."
        }
        "microsoft" => "JSON with client_id, client_secret, refresh_token and developer_token.",
        _ => "the access token of a system user, and nothing else.",
    }
}

fn no_answer(name: &str) -> ShownTrial {
    ShownTrial {
        result: TrialResult::NotChecked,
        code: Some("no_answer".to_owned()),
        detail: format!(
            "{name} did not answer. The settings are stored; set them again to have them checked."
        ),
        said: None,
    }
}

fn no_trial(platform: &str) -> ShownTrial {
    let detail = match platform {
        "microsoft" => {
            "Microsoft takes the secret. It offers no trial of the other settings: look at the first deliveries."
        }
        _ => {
            "Meta counts every event that has no test code, so none was sent. Set test_event_code to have the settings checked, and take it out again."
        }
    };
    ShownTrial {
        result: TrialResult::NotChecked,
        code: Some("no_trial".to_owned()),
        detail: detail.to_owned(),
        said: None,
    }
}

fn name_of(platform: &str) -> &'static str {
    match platform {
        "google" => "Google",
        "microsoft" => "Microsoft",
        _ => "Meta",
    }
}
