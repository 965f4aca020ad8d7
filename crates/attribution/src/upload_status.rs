//! How a destination does, in the four words of Google's own diagnostics
//! (<https://developers.google.com/google-ads/api/fields/v26/offline_conversion_upload_client_summary>): `EXCELLENT` is
//! optimal, `GOOD` is active and can improve, `NEEDS_ATTENTION` has errors, `NO_RECENT_UPLOAD` had nothing for 28 days.
//! Google publishes no more of its rule than that, so this one is ours, computed from our own deliveries.

use crate::api_action::words_of;
use crate::conversion::is_older_than;
use crate::delivery::Stop;
use crate::judgement::Remedy;
use crate::limits::{UPLOAD_ERRORS_PERCENT_MAX, UPLOAD_RECENT_DAYS};
use crate::platform_answer::{Class, Mend};
use crate::timestamp::Timestamp;

/// The status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadStatus {
    /// Everything that can go, goes.
    Excellent,
    /// What can go, goes; somebody could let more of it go.
    Good,
    /// Nothing goes before somebody mends something, or the platform refuses much of it.
    NeedsAttention,
    /// Nothing went lately.
    NoRecentUpload,
}

impl UploadStatus {
    /// The platforms' word, in small letters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Excellent => "excellent",
            Self::Good => "good",
            Self::NeedsAttention => "needs_attention",
            Self::NoRecentUpload => "no_recent_upload",
        }
    }
}

/// What is known of a destination.
#[derive(Clone, Debug, Default)]
pub struct UploadFacts {
    /// When the platform last took something: a request to its API, or a fetch of the file.
    pub last_upload_at: Option<Timestamp>,
    /// Outcomes that the platform was given.
    pub delivered: u64,
    /// What stands in the way of the others, and of how many.
    pub stops: Vec<(Stop, u64)>,
}

/// The status, and why in one or two sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadJudgement {
    /// The status.
    pub status: UploadStatus,
    /// Why.
    pub reason: String,
}

impl UploadFacts {
    /// Judges a destination of a platform as it stands at `now`.
    #[must_use]
    pub fn judge(&self, platform: &str, now: Timestamp) -> UploadJudgement {
        let is_recent = |at: &Timestamp| !is_older_than(UPLOAD_RECENT_DAYS, *at, now);
        let of = |remedy: Remedy| self.most_frequent(|stop| remedy_of(stop, platform) == remedy);
        let is_error =
            |stop: &Stop| matches!(stop, Stop::Answer { .. }) && remedy_of(stop, platform) == Remedy::Row;
        let errors: u64 = self
            .stops
            .iter()
            .filter(|(stop, _)| is_error(stop))
            .map(|(_, count)| count)
            .sum();
        let sent = self.delivered + errors;
        if let Some(stop) = of(Remedy::Destination) {
            return judged(UploadStatus::NeedsAttention, stop);
        }
        if !self.last_upload_at.as_ref().is_some_and(is_recent) {
            let reason = format!("The platform has taken nothing in the last {UPLOAD_RECENT_DAYS} days.");
            return UploadJudgement {
                status: UploadStatus::NoRecentUpload,
                reason,
            };
        }
        match (self.most_frequent(is_error), of(Remedy::Row)) {
            (Some(stop), _) if errors * 100 > sent * u64::from(UPLOAD_ERRORS_PERCENT_MAX) => {
                judged(UploadStatus::NeedsAttention, stop)
            }
            (Some(stop), _) | (None, Some(stop)) => judged(UploadStatus::Good, stop),
            (None, None) => UploadJudgement {
                status: UploadStatus::Excellent,
                reason: "Everything that the platform takes has gone there, or goes by itself.".to_owned(),
            },
        }
    }

    /// The most frequent of these stops; of equals the one whose code comes first.
    fn most_frequent(&self, is_meant: impl Fn(&Stop) -> bool) -> Option<&(Stop, u64)> {
        let meant = self
            .stops
            .iter()
            .filter(|(stop, count)| *count > 0 && is_meant(stop));
        meant.max_by(|(one, ones), (other, others)| ones.cmp(others).then(other.code().cmp(one.code())))
    }
}

fn judged(status: UploadStatus, (stop, count): &(Stop, u64)) -> UploadJudgement {
    UploadJudgement {
        status,
        reason: format!("{} of {count}: {}", stop.code(), stop.advice()),
    }
}

/// Who has to do something about what stands in the way.
fn remedy_of(stop: &Stop, platform: &str) -> Remedy {
    match stop {
        Stop::Rule(reason) => reason.remedy(),
        Stop::Answer { code, .. } => {
            let mut words = words_of(platform).iter().flat_map(|table| table.iter());
            match words.find(|word| word.name == code).map(|word| word.class) {
                Some(
                    Class::Never(Mend::Settings)
                    | Class::LaterOnce {
                        mend: Mend::Settings, ..
                    },
                ) => Remedy::Destination,
                Some(Class::Never(Mend::Row)) | None => Remedy::Row,
                Some(
                    Class::Later { .. }
                    | Class::LaterOnce { mend: Mend::Row, .. }
                    | Class::Done
                    | Class::Info,
                ) => Remedy::None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judgement::Reason;
    use crate::timestamp::DAY_MS;

    fn now() -> Timestamp {
        Timestamp::EPOCH.plus_ms(1_000 * DAY_MS)
    }

    fn facts(days_ago: i64, delivered: u64, stops: &[(Stop, u64)]) -> UploadFacts {
        UploadFacts {
            last_upload_at: Some(now().plus_ms(-days_ago * DAY_MS)),
            delivered,
            stops: stops.to_vec(),
        }
    }

    fn rule(reason: Reason) -> Stop {
        Stop::Rule(reason)
    }

    fn answer(code: &str) -> Stop {
        Stop::Answer {
            code: code.to_owned(),
            advice: "Mend it.",
        }
    }

    /// The first four rows are Google's own words for its statuses; the others say where ours draws the line.
    #[test]
    fn every_status_and_the_lines_between_them() {
        use UploadStatus::{Excellent, Good, NeedsAttention, NoRecentUpload};
        let table = [
            ("optimal", facts(0, 10, &[]), Excellent),
            (
                "active, can improve",
                facts(0, 10, &[(rule(Reason::GclidDamaged), 1)]),
                Good,
            ),
            (
                "errors",
                facts(0, 1, &[(answer("INVALID_GCLID"), 9)]),
                NeedsAttention,
            ),
            ("nothing for 28 days", facts(29, 10, &[]), NoRecentUpload),
            ("a boundary belongs to the window", facts(28, 10, &[]), Excellent),
            ("nothing ever", UploadFacts::default(), NoRecentUpload),
            (
                "what is right as it is costs nothing",
                facts(0, 0, &[(rule(Reason::UserDataDenied), 9)]),
                Excellent,
            ),
            (
                "what comes by itself",
                facts(0, 0, &[(rule(Reason::LeadWaiting), 9)]),
                Excellent,
            ),
            (
                "one error in ten",
                facts(0, 9, &[(answer("INVALID_GCLID"), 1)]),
                Good,
            ),
            (
                "more than one in ten",
                facts(0, 8, &[(answer("INVALID_GCLID"), 1)]),
                NeedsAttention,
            ),
            (
                "errors add up",
                facts(
                    0,
                    18,
                    &[(answer("INVALID_GCLID"), 1), (answer("EVENT_TOO_OLD"), 2)],
                ),
                NeedsAttention,
            ),
            (
                "a code that nobody knows is an error",
                facts(0, 1, &[(answer("NEW_CODE"), 1)]),
                NeedsAttention,
            ),
            (
                "found nobody, which is normal",
                facts(0, 1, &[(answer("CLICK_NOT_FOUND"), 9)]),
                Excellent,
            ),
            (
                "asked to wait",
                facts(0, 1, &[(answer("RESOURCE_EXHAUSTED"), 9)]),
                Excellent,
            ),
            (
                "one setting stops everything",
                facts(0, 1_000, &[(answer("PERMISSION_DENIED"), 1)]),
                NeedsAttention,
            ),
            (
                "also where nothing went for long",
                facts(29, 0, &[(rule(Reason::NoAccess), 1)]),
                NeedsAttention,
            ),
            (
                "a count of none is none",
                facts(0, 1, &[(answer("PERMISSION_DENIED"), 0)]),
                Excellent,
            ),
        ];
        for (what, facts, expected) in table {
            let judged = facts.judge("google", now());
            assert_eq!(judged.status, expected, "{what}");
            assert!(judged.reason.ends_with('.'), "{what}: {}", judged.reason);
        }
    }

    #[test]
    fn the_reason_is_what_stands_in_the_way_of_most() {
        let stops = [
            (rule(Reason::UserDataDenied), 50),
            (rule(Reason::GclidDamaged), 2),
            (rule(Reason::ClickWindowClosed), 3),
        ];
        let judged = facts(0, 10, &stops).judge("google", now());
        assert!(
            judged
                .reason
                .starts_with("click_window_closed of 3: The click is older"),
            "{}",
            judged.reason
        );
        let equals = [
            (rule(Reason::GclidDamaged), 3),
            (rule(Reason::ClickWindowClosed), 3),
        ];
        let judged = facts(0, 10, &equals).judge("google", now());
        assert!(
            judged.reason.starts_with("click_window_closed of 3"),
            "{}",
            judged.reason
        );
    }
}
