//! A lead as the store holds it: with the moment of its arrival, by the only clock here that is not a visitor's.

use std::sync::Arc;

use crate::channel::Channel;
use crate::consent::Permitted;
use crate::lead::{Lead, LeadRefusal, ReceivedLead};
use crate::limits::USER_AGENT_BYTES_MAX;
use crate::timestamp::Timestamp;
use crate::touch::Touch;

/// A lead and when the collector took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLead {
    lead: Permitted<Lead>,
    received_at: Timestamp,
    user_agent: String,
}

impl StoredLead {
    /// A lead that has just arrived.
    #[must_use]
    pub fn new(lead: Permitted<Lead>, received_at: Timestamp) -> Self {
        Self {
            lead,
            received_at,
            user_agent: String::new(),
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

    /// When the first ad click was, if the lead came from an ad at all.
    #[must_use]
    pub fn first_click_at(&self) -> Option<Timestamp> {
        self.clicks().map(|(at, _)| at).min()
    }
}

fn channel_of(touch: Option<&Arc<Touch>>) -> Channel {
    touch.map_or(Channel::DIRECT, |touch| Channel::of(touch))
}
