//! The paths that are ours: one table of who they are for and what they take.

use attribution::limits::{
    BODY_MS_MAX, CONSENT_NOTICE_BODY_BYTES_MAX, KEYED_BODY_MS_MAX, LEAD_BODY_BYTES_MAX,
    OUTCOMES_BODY_BYTES_MAX, SETTINGS_BODY_BYTES_MAX, WEBHOOK_BODY_BYTES_MAX,
};

use crate::record_outcomes;

/// Everything is served under this folder, so that a route of the site's own host works as well as a bare one.
const FOLDER: &str = "/throughline/";

/// The methods of whatever is only read.
const READ: &str = "GET, HEAD";

/// The methods of whatever is set.
const SETTING: &str = "GET, HEAD, PUT, DELETE";

/// A path that is ours. What stands in braces is still encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route<'a> {
    /// `v1/leads`
    Leads,
    /// `v1/leads/{lead_id}`
    Lead(&'a str),
    /// `v1/leads.csv`
    LeadFile,
    /// `v1/consent`
    Consent,
    /// `v1/outcomes`
    Outcomes,
    /// `v1/access`
    Access,
    /// `v1/erasures`
    Erasures,
    /// `v1/sites/{id}`
    Site(&'a str),
    /// `v1/keys/{id}`
    Key(&'a str),
    /// `v1/destinations/{id}`
    Destination(&'a str),
    /// `v1/webhooks/{source}`
    Webhook(&'a str),
    /// `v1/outcomes/{outcome_id}`
    Outcome(&'a str),
    /// `v1/deliveries`
    Deliveries,
    /// `v1/diagnostics`
    Diagnostics,
    /// `feeds/{destination}/{name}.csv`
    Feed {
        /// Whose file.
        destination: &'a str,
        /// Which file, without its ending.
        file_name: &'a str,
    },
    /// `health`
    Health,
}

/// What a route is, whatever stands in its braces.
struct Facts {
    /// How it is named in the counts of refusals.
    name: &'static str,
    /// What `Allow` says.
    methods: &'static str,
    /// The longest body that it reads.
    body_bytes_max: usize,
}

impl<'a> Route<'a> {
    /// The route of a path.
    #[must_use]
    pub fn of(path: &'a str) -> Option<Self> {
        let segments: Vec<&str> = path.strip_prefix(FOLDER)?.split('/').collect();
        if segments.iter().any(|segment| segment.is_empty()) {
            return None;
        }
        match *segments.as_slice() {
            ["v1", "leads"] => Some(Self::Leads),
            ["v1", "leads", lead_id] => Some(Self::Lead(lead_id)),
            ["v1", "leads.csv"] => Some(Self::LeadFile),
            ["v1", "consent"] => Some(Self::Consent),
            ["v1", "outcomes"] => Some(Self::Outcomes),
            ["v1", "outcomes", outcome_id] => Some(Self::Outcome(outcome_id)),
            ["v1", "deliveries"] => Some(Self::Deliveries),
            ["v1", "diagnostics"] => Some(Self::Diagnostics),
            ["v1", "access"] => Some(Self::Access),
            ["v1", "erasures"] => Some(Self::Erasures),
            ["v1", "sites", id] => Some(Self::Site(id)),
            ["v1", "keys", id] => Some(Self::Key(id)),
            ["v1", "destinations", id] => Some(Self::Destination(id)),
            ["v1", "webhooks", source] => Some(Self::Webhook(source)),
            ["feeds", destination, file] => Some(Self::Feed {
                destination,
                file_name: file.strip_suffix(".csv")?,
            }),
            ["health"] => Some(Self::Health),
            _ => None,
        }
    }

    /// One line for each route.
    fn facts(self) -> Facts {
        let (name, methods, body_bytes_max) = match self {
            Self::Leads => ("v1/leads", "GET, HEAD, POST, OPTIONS", LEAD_BODY_BYTES_MAX),
            Self::Lead(_) => ("v1/leads/{lead_id}", READ, 0),
            Self::LeadFile => ("v1/leads.csv", READ, 0),
            Self::Consent => ("v1/consent", "POST, OPTIONS", CONSENT_NOTICE_BODY_BYTES_MAX),
            Self::Outcomes => ("v1/outcomes", "POST", OUTCOMES_BODY_BYTES_MAX),
            Self::Outcome(_) => ("v1/outcomes/{outcome_id}", READ, 0),
            Self::Deliveries => ("v1/deliveries", READ, 0),
            Self::Diagnostics => ("v1/diagnostics", READ, 0),
            Self::Access => ("v1/access", "POST", SETTINGS_BODY_BYTES_MAX),
            Self::Erasures => ("v1/erasures", "POST", SETTINGS_BODY_BYTES_MAX),
            Self::Site(_) => ("v1/sites", SETTING, SETTINGS_BODY_BYTES_MAX),
            Self::Key(_) => ("v1/keys", SETTING, SETTINGS_BODY_BYTES_MAX),
            Self::Destination(_) => ("v1/destinations", SETTING, SETTINGS_BODY_BYTES_MAX),
            Self::Webhook(_) => (
                "v1/webhooks",
                "GET, HEAD, POST, PUT, DELETE",
                WEBHOOK_BODY_BYTES_MAX,
            ),
            Self::Feed { .. } => ("feeds", READ, 0),
            Self::Health => ("health", READ, 0),
        };
        Facts {
            name,
            methods,
            body_bytes_max,
        }
    }

    /// How long the body may take to arrive, in milliseconds.
    #[must_use]
    pub fn body_ms_max(self) -> u64 {
        match self {
            Self::Leads | Self::Consent => BODY_MS_MAX,
            _ => KEYED_BODY_MS_MAX,
        }
    }

    /// How the route is named in the counts of refusals.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// The methods that the route has, as the header `Allow` names them.
    #[must_use]
    pub fn methods(self) -> &'static str {
        self.facts().methods
    }

    /// Whether the route has this method.
    #[must_use]
    pub fn has(self, method: &str) -> bool {
        self.methods().split(", ").any(|other| other == method)
    }

    /// The longest body of this media type that the route reads.
    #[must_use]
    pub fn body_bytes_max(self, media_type: &str) -> usize {
        match self {
            Self::Outcomes => record_outcomes::body_bytes_max(media_type),
            _ => self.facts().body_bytes_max,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_paths_are_ours() {
        let feed = |destination, file_name| {
            Some(Route::Feed {
                destination,
                file_name,
            })
        };
        let table = [
            ("/throughline/v1/leads", Some(Route::Leads)),
            ("/throughline/v1/consent", Some(Route::Consent)),
            ("/throughline/v1/outcomes", Some(Route::Outcomes)),
            ("/throughline/v1/outcomes/a%2Fb", Some(Route::Outcome("a%2Fb"))),
            ("/throughline/v1/deliveries", Some(Route::Deliveries)),
            ("/throughline/v1/deliveries/a", None),
            ("/throughline/v1/diagnostics", Some(Route::Diagnostics)),
            ("/throughline/v1/access", Some(Route::Access)),
            ("/throughline/v1/erasures", Some(Route::Erasures)),
            ("/throughline/v1/sites/default", Some(Route::Site("default"))),
            ("/throughline/v1/keys/crm", Some(Route::Key("crm"))),
            (
                "/throughline/v1/destinations/google",
                Some(Route::Destination("google")),
            ),
            ("/throughline/v1/sites", None),
            ("/throughline/v1/sites/", None),
            ("/throughline/v1/sites/a/b", None),
            (
                "/throughline/v1/webhooks/hubspot",
                Some(Route::Webhook("hubspot")),
            ),
            ("/throughline/v1/webhooks", None),
            ("/throughline/v1/webhooks/a/b", None),
            ("/throughline/health", Some(Route::Health)),
            (
                "/throughline/feeds/google-demo/conversions.csv",
                feed("google-demo", "conversions"),
            ),
            ("/throughline/feeds/google-demo/a/b.csv", None),
            ("/throughline/feeds//conversions.csv", None),
            ("/throughline/feeds/google-demo/conversions.tsv", None),
            ("/throughline/feeds/google-demo", None),
            ("/throughline/v1/leads.csv", Some(Route::LeadFile)),
            ("/throughline/v1/leads/7K3M", Some(Route::Lead("7K3M"))),
            ("/throughline/v1/leads/", None),
            ("/throughline/v1/leads/7K3M/", None),
            ("/throughline//v1/leads", None),
            ("/v1/leads", None),
            ("/throughline/", None),
            ("/", None),
            ("", None),
        ];
        for (path, expected) in table {
            assert_eq!(Route::of(path), expected, "{path}");
        }
    }

    #[test]
    fn what_is_read_of_which_request() {
        let (json, csv) = ("application/json", "text/csv");
        let table = [
            (Route::Outcomes, csv, 8_388_608, 60_000),
            (Route::Outcomes, json, 1_048_576, 60_000),
            (Route::Webhook("crm"), json, 1_048_576, 60_000),
            (Route::Site("default"), json, 65_536, 60_000),
            (Route::Leads, json, 32_768, 10_000),
            (Route::Leads, csv, 32_768, 10_000),
            (Route::Consent, json, 8_192, 10_000),
            (Route::LeadFile, csv, 0, 60_000),
        ];
        for (route, media_type, bytes_max, ms_max) in table {
            let read = (route.body_bytes_max(media_type), route.body_ms_max());
            assert_eq!(read, (bytes_max, ms_max), "{route:?} {media_type}");
        }
        assert!(Route::Outcomes.has("POST") && !Route::Outcomes.has("GET"));
    }
}
