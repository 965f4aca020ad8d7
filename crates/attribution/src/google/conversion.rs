//! An outcome and the Google click that led to it.

use super::click_rules::{ClickRules, FoundBy, Verdict, WindowRefusal};
use crate::consent::{Answer, Answers};
use crate::outcome::Outcome;
use crate::stored_lead::StoredLead;
use crate::timestamp::Timestamp;
use crate::touch::{Evidence, Touch, newest_click};

/// As the registry of click ids names it.
const GOOGLE: &str = "google";

/// A conversion that Google takes now.
#[derive(Clone, Debug)]
pub struct ClickConversion<'a> {
    /// The gclid, byte for byte as it stood on the landing URL.
    pub gclid: &'a str,
    /// What happened.
    pub outcome: &'a Outcome,
    /// What the visitor answered to the questions that Google asks about.
    pub answers: Answers,
}

/// Why an outcome is not in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// Its lead has not arrived.
    LeadWaiting,
    /// Its lead was stored by rules that this collector does not know any more.
    LeadUnreadable,
    /// Google does not know the click yet.
    ClickTooRecent,
    /// Google would refuse it.
    Refused(WindowRefusal),
    /// The visitor refused that data goes to the ad platform.
    UserDataDenied,
    /// The visitor was asked, and has not said whether data may go to the ad platform. No answer is never a yes.
    UserDataUnanswered,
    /// The lead came from no Google ad.
    NoGoogleClick,
    /// The click has a gbraid or wbraid only, for which this file has no column
    /// (<https://support.google.com/google-ads/answer/7014069>).
    BraidOnly,
    /// The gclid has characters that Google's ids never have, so it was damaged or made up on its way here
    /// (<https://support.google.com/google-ads/answer/7012522>).
    GclidDamaged,
}

impl LeftOut {
    /// The name of the reason, for machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::LeadWaiting => "lead_waiting",
            Self::LeadUnreadable => "lead_unreadable",
            Self::ClickTooRecent => "click_too_recent",
            Self::Refused(reason) => reason.code(),
            Self::UserDataDenied => "ad_user_data_denied",
            Self::UserDataUnanswered => "ad_user_data_unanswered",
            Self::NoGoogleClick => "no_google_click",
            Self::BraidOnly => "braid_only",
            Self::GclidDamaged => "gclid_damaged",
        }
    }
}

impl<'a> ClickConversion<'a> {
    /// Finds the click of an outcome and judges both as they stand at `now`.
    ///
    /// # Errors
    /// The reason to leave the outcome out of the file, this time or for good.
    pub fn find(
        outcome: &'a Outcome,
        lead: &'a StoredLead,
        rules: ClickRules,
        now: Timestamp,
    ) -> Result<Self, LeftOut> {
        let answers = answers_for_upload(lead)?;
        let (clicked_at, click) = click_of(lead, outcome.occurred_at).ok_or(LeftOut::NoGoogleClick)?;
        let gclid = click.landing.value("gclid").ok_or(LeftOut::BraidOnly)?;
        if !gclid
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        {
            return Err(LeftOut::GclidDamaged);
        }
        match rules.judge(FoundBy::ClickId { clicked_at }, outcome.occurred_at, now) {
            Verdict::Deliverable => Ok(Self {
                gclid,
                outcome,
                answers,
            }),
            Verdict::Waiting { .. } => Err(LeftOut::ClickTooRecent),
            Verdict::Refused { reason } => Err(LeftOut::Refused(reason)),
        }
    }
}

/// `ad_user_data` decides whether anything goes to the platform. Where the site says that its visitors need not be
/// asked, nobody has an answer, and the file's column stays empty.
fn answers_for_upload(lead: &StoredLead) -> Result<Answers, LeftOut> {
    let consent = lead.lead().consent();
    match consent.answers.ad_user_data {
        Some(Answer::Granted) => Ok(consent.answers),
        Some(Answer::Denied) => Err(LeftOut::UserDataDenied),
        None if consent.basis == "not_required" => Ok(consent.answers),
        None => Err(LeftOut::UserDataUnanswered),
    }
}

/// The newest Google click before the conversion. Where all are later, the oldest one: the rules then say so.
fn click_of(lead: &StoredLead, converted_at: Timestamp) -> Option<(Timestamp, &Touch)> {
    let is_click = |(_, touch): &(Timestamp, &Touch)| touch.evidence_of(GOOGLE) > Some(Evidence::Companion);
    let clicks = || lead.clicks().filter(is_click);
    let before = clicks().filter(|(at, _)| *at < converted_at);
    let newest_before = newest_click(GOOGLE, before.map(|(_, touch)| touch));
    clicks().find(|(_, touch)| newest_before.is_none_or(|newest| std::ptr::eq(*touch, newest)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timestamp::HOUR_MS;

    /// The hour, the ids, and `_gcl_aw` where its cookie told of them.
    type Row<'a> = (i64, &'a str, &'a str);

    fn lead(touches: &[Row]) -> StoredLead {
        let touch = |(hour, ids, cookie): &Row| {
            let at = Timestamp::from_ms(hour * HOUR_MS).to_rfc3339();
            let cookie = if cookie.is_empty() {
                String::new()
            } else {
                format!(r#","cookie":"{cookie}""#)
            };
            format!(r#"{{"at":"{at}","ids":{{{ids}}}{cookie}}}"#)
        };
        let touches: Vec<_> = touches.iter().map(touch).collect();
        let json = format!(
            r#"{{"v":1,"site":"default","lead_id":"7K3M9QXA2F4HJK5NR","submitted_at":"1970-01-02T00:00:00Z",
                "touches":[{}],"consent":{{"ad_storage":"granted"}}}}"#,
            touches.join(",")
        );
        StoredLead::from_json(&json, Timestamp::from_ms(24 * HOUR_MS)).expect("a lead")
    }

    #[test]
    fn the_newest_google_click_before_the_conversion_counts() {
        let gclid = |id| format!(r#""gclid":"{id}""#);
        let (one, two, three) = (gclid(1), gclid(2), gclid(3));
        let table: [(&[Row], Option<i64>); 9] = [
            (&[(1, &one, ""), (2, &two, ""), (9, &three, "")], Some(2)),
            (&[(8, &one, ""), (9, &two, "")], Some(8)),
            (&[(1, &one, ""), (5, &two, "")], Some(1)),
            (&[(1, &one, ""), (2, &two, "_gcl_aw")], Some(1)),
            (&[(1, &one, "_gcl_aw"), (2, &two, "_gcl_aw")], Some(2)),
            (&[(1, &one, ""), (2, r#""gad_source":"1""#, "")], Some(1)),
            (&[(1, r#""gad_source":"1","msclkid":"m""#, "")], None),
            (&[(1, r#""fbclid":"f""#, "")], None),
            (&[], None),
        ];
        for (touches, expected) in table {
            let lead = lead(touches);
            let click = click_of(&lead, Timestamp::from_ms(5 * HOUR_MS));
            let hour = click.map(|(at, _)| at.ms() / HOUR_MS);
            assert_eq!(hour, expected, "{touches:?}");
        }
    }

    #[test]
    fn nobody_clicks_after_the_lead_has_arrived() {
        let lead = lead(&[(99, r#""gclid":"1""#, "")]);
        let click = click_of(&lead, Timestamp::from_ms(5 * HOUR_MS));
        assert_eq!(click.map(|(at, _)| at), Some(Timestamp::from_ms(24 * HOUR_MS)));
    }
}
