//! A lead as the store holds it: with the moment of its arrival, by the only clock here that is not a visitor's.

use std::sync::Arc;

use crate::channel::Channel;
use crate::click_id::ClickIdParameter;
use crate::click_id_check::{self, ClickIdWarning};
use crate::consent::Permitted;
use crate::lead::{Lead, LeadRefusal, ReceivedLead};
use crate::limits::USER_AGENT_BYTES_MAX;
use crate::suspicion::Suspicion;
use crate::timestamp::Timestamp;
use crate::touch::Touch;

/// A lead and when the collector took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLead {
    lead: Permitted<Lead>,
    received_at: Timestamp,
    user_agent: String,
    suspicion: Option<Suspicion>,
}

impl StoredLead {
    /// A lead that has just arrived.
    #[must_use]
    pub fn new(lead: Permitted<Lead>, received_at: Timestamp) -> Self {
        Self {
            lead,
            received_at,
            user_agent: String::new(),
            suspicion: None,
        }
    }

    /// The same lead with the browser that sent it, which Google's session attributes ask for
    /// (<https://support.google.com/google-ads/answer/16194756>). It is no part of the lead's content, because a
    /// repetition may come from another sender. What is longer than a browser writes is cut at a character.
    #[must_use]
    pub fn with_user_agent(self, user_agent: &str) -> Self {
        let mut end = user_agent.len().min(USER_AGENT_BYTES_MAX);
        while !user_agent.is_char_boundary(end) {
            end -= 1;
        }
        Self {
            user_agent: user_agent.get(..end).unwrap_or_default().to_owned(),
            ..self
        }
    }

    /// The same lead, judged whether a person sent it, as far as its browser and the form's hidden trap tell.
    #[must_use]
    pub fn suspected(self, is_honeypot_filled: bool) -> Self {
        Self {
            suspicion: Suspicion::of(self.lead.value(), &self.user_agent, is_honeypot_filled),
            ..self
        }
    }

    /// Reads a lead back from the text that was stored. It passes the consent gate again.
    ///
    /// # Errors
    /// When the text is none that this collector would take today.
    pub fn from_json(json: &str, received_at: Timestamp) -> Result<Self, LeadRefusal> {
        Ok(Self::new(
            ReceivedLead::from_json(json.as_bytes())?.accept()?,
            received_at,
        ))
    }

    /// The lead.
    #[must_use]
    pub fn lead(&self) -> &Permitted<Lead> {
        &self.lead
    }

    /// When the collector took it.
    #[must_use]
    pub fn received_at(&self) -> Timestamp {
        self.received_at
    }

    /// The `User-Agent` header that came with the lead; empty where none did.
    #[must_use]
    pub fn user_agent(&self) -> &str {
        &self.user_agent
    }

    /// Why it does not look like a person's lead, as it was judged when it arrived.
    #[must_use]
    pub fn suspicion(&self) -> Option<Suspicion> {
        self.suspicion
    }

    /// The channel of the lead's newest touch.
    #[must_use]
    pub fn channel(&self) -> Channel {
        channel_of(self.lead.value().touches.last())
    }

    /// The channel of the lead's first touch.
    #[must_use]
    pub fn first_channel(&self) -> Channel {
        channel_of(self.lead.value().touches.first())
    }

    /// The touches, oldest first, each with the moment to judge it by: the visitor's clock may run ahead, but nobody
    /// lands after the lead has arrived.
    pub fn touches(&self) -> impl DoubleEndedIterator<Item = (Timestamp, &Touch)> {
        let touches = self.lead.value().touches.iter();
        touches.map(|touch| (touch.at.min(self.received_at), &**touch))
    }

    /// Those touches that name a paid click.
    pub fn clicks(&self) -> impl DoubleEndedIterator<Item = (Timestamp, &Touch)> {
        self.touches().filter(|(_, touch)| {
            let mut ids = touch.landing.ids().iter();
            ids.any(|id| id.parameter().names_paid_click())
        })
    }

    /// What the click id check finds in the lead's touches, oldest first, judged as of the lead's arrival: so a warning
    /// stays the same however late somebody reads it. Never a reason to refuse the lead.
    #[must_use]
    pub fn click_id_warnings(&self) -> Vec<(ClickIdParameter, ClickIdWarning)> {
        let mut warnings = Vec::new();
        for (visited_at, touch) in self.touches() {
            for id in touch.landing.ids() {
                let found =
                    click_id_check::check(id.parameter(), id.value(), Some(visited_at), self.received_at);
                warnings.extend(found.map(|warning| (id.parameter(), warning)));
            }
        }
        warnings
    }

    /// When the first ad click was, if the lead came from an ad at all.
    #[must_use]
    pub fn first_click_at(&self) -> Option<Timestamp> {
        self.clicks().map(|(at, _)| at).min()
    }
}

fn channel_of(touch: Option<&Arc<Touch>>) -> Channel {
    touch.map_or(Channel::DIRECT, |touch| Channel::of(touch))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_lead_carries_what_the_click_id_check_finds_in_each_touch() {
        let touch = |at: &str, ids: serde_json::Value| json!({"at": at, "ids": ids});
        let gclid =
            "CjwKCAiAnsvXBhAfEiwAozRy1_vhegEpOJMy5gX7oGvLgLK2wCeuLZWT6kieDLy67NguzP872fvLhBoC1_UQAvD_BwE";
        let lead = json!({"v": 1, "site": "default", "lead_id": "7K3M9QXA2F4HJK5NR",
        "submitted_at": "2026-11-18T09:10:00Z", "consent": {"ad_storage": "granted"}, "touches": [
            touch("2026-11-10T20:00:00Z", json!({"gclid": gclid})),
            touch("2026-11-14T20:00:00Z", json!({"gclid": gclid, "gad_source": "1"})),
            touch("2026-11-15T20:00:00Z", json!({"gclid": gclid.to_lowercase(), "msclkid": "0f1e"})),
        ]});
        let received_at = Timestamp::from_rfc3339("2026-11-18T09:10:01Z").expect("a time");
        let lead = StoredLead::from_json(&lead.to_string(), received_at).expect("a lead");
        let warnings: Vec<_> = lead
            .click_id_warnings()
            .into_iter()
            .map(|(parameter, warning)| (parameter.name(), warning.code()))
            .collect();
        assert_eq!(
            warnings,
            [
                ("gclid", "other_visit"),
                ("gclid", "case_folded"),
                ("msclkid", "cut")
            ]
        );
    }
}
