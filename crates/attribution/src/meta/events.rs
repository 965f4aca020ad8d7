//! Meta's Conversions API (<https://developers.facebook.com/docs/marketing-api/conversions-api/using-the-api>).
//!
//! Meta takes an event of the same name and event id within 48 hours for a repetition, and keeps the first. It changes
//! nothing that it was told.

use serde::Serialize;

use super::event_rules::ActionSource;
use super::fbc;
use crate::conversion::{Conversion, HashedContact, wait_for};
use crate::judgement::{Judgement, Reason};
use crate::page_address::PageAddress;
use crate::payload::{Number, Payload};
use crate::timestamp::{SECOND_MS, Timestamp};

mod answer;
mod trial;
mod words;

pub use answer::read;
pub use words::WORDS;

/// As the registry of click ids names it.
const META: &str = "meta";

/// The event that Meta takes only with its value.
const PURCHASE: &str = "Purchase";

/// What a destination tells Meta.
#[derive(Clone, Debug)]
pub struct MetaEvents {
    /// The event's name: a standard one such as `Purchase`, or the site's own.
    pub event_name: String,
    /// Where outcomes of this kind happen.
    pub action_source: ActionSource,
    /// The CRM's name, where the events are the stages of its leads
    /// (<https://developers.facebook.com/docs/marketing-api/conversions-api/conversion-leads-integration/payload-specification>).
    pub crm: Option<String>,
    /// Where the cookie of Meta's pixel stands, such as `example.co.uk`.
    pub cookie_domain: Option<String>,
}

impl MetaEvents {
    /// The event of an outcome, or why there is none now.
    #[must_use]
    pub fn judge(&self, conversion: &Conversion<'_>, now: Timestamp) -> Judgement<Payload> {
        let occurred_at = conversion.outcome.occurred_at;
        let young_enough = self.action_source.judge_age(occurred_at, now);
        conversion
            .answers_for_upload()
            .and_then(|_| young_enough)
            .and_then(|()| self.check_order(conversion))
            .and_then(|()| conversion.order_id())
            .and_then(|_| self.event(conversion))
            .and_then(|event| wait_for(occurred_at, now).map(|()| event))
            .and_then(|event| {
                Payload::freeze(&event)
                    .map_or(Judgement::Hold(Reason::LeadUnreadable), Judgement::Deliverable)
            })
    }

    /// A stage of a lead comes after the lead, and any outcome after its click.
    fn check_order(&self, conversion: &Conversion<'_>) -> Judgement<()> {
        let outcome_at = conversion.outcome.occurred_at;
        let clicked_at = conversion.click_of(META).map(|(at, _)| at);
        let lead = conversion.lead;
        let submitted_at = lead
            .lead()
            .value()
            .submission
            .submitted_at
            .min(lead.received_at());
        if clicked_at.is_some_and(|clicked_at| outcome_at <= clicked_at) {
            Judgement::Refuse(Reason::ConversionBeforeClick)
        } else if self.crm.is_some() && outcome_at < submitted_at {
            Judgement::Refuse(Reason::ConversionBeforeLead)
        } else {
            Judgement::Deliverable(())
        }
    }

    fn event<'a>(&'a self, conversion: &Conversion<'a>) -> Judgement<Event<'a>> {
        let outcome = conversion.outcome;
        let click = conversion.click_of(META);
        let fbc = click.and_then(|(at, touch)| fbc::of_click(touch, at, self.cookie_domain.as_deref()));
        if fbc.is_none() && conversion.contact.is_empty() {
            return Judgement::Refuse(Reason::NoMetaIdentifier);
        }
        if outcome.value.is_none() && self.event_name == PURCHASE {
            return Judgement::Hold(Reason::ValueNeeded);
        }
        let (page, browser) = match self.website_details(conversion) {
            Ok(details) => details,
            Err(reason) => return Judgement::Hold(reason),
        };
        Judgement::Deliverable(Event {
            event_name: &self.event_name,
            event_time: outcome.occurred_at.ms() / SECOND_MS,
            event_id: &outcome.outcome_id,
            action_source: self.action_source,
            event_source_url: page.map(PageAddress::as_str),
            user_data: UserData::of(conversion.contact, fbc, browser),
            custom_data: CustomData {
                currency: outcome.value.map(|money| money.currency()),
                value: outcome.value.map(|money| Number(money.amount())),
                order_id: &outcome.outcome_id,
                event_source: self.crm.as_ref().map(|_| "crm"),
                lead_event_source: self.crm.as_deref(),
            },
        })
    }

    /// The page and the browser, which Meta asks for with an event of a website and only there.
    fn website_details<'a>(
        &self,
        conversion: &Conversion<'a>,
    ) -> Result<(Option<&'a PageAddress>, Option<&'a str>), Reason> {
        if self.action_source != ActionSource::Website {
            return Ok((None, None));
        }
        let page = conversion.lead.lead().value().submission.page.as_ref();
        let browser = conversion.lead.user_agent();
        match page {
            None => Err(Reason::PageNeeded),
            Some(_) if browser.is_empty() => Err(Reason::BrowserNeeded),
            Some(page) => Ok((Some(page), Some(browser))),
        }
    }
}

/// The path of the request that brings events, for the dataset of that number.
#[must_use]
pub fn path(dataset_id: &str) -> String {
    format!("/v26.0/{dataset_id}/events")
}

/// The body of a request. Which events go into one is [`ActionSource::age_groups`]' word. With a test code Meta shows
/// them under Test events and counts none.
#[must_use]
pub fn request(events: &[&Payload], test_event_code: Option<&str>) -> String {
    #[derive(Serialize)]
    struct Body<'a> {
        data: &'a [&'a Payload],
        #[serde(skip_serializing_if = "Option::is_none")]
        test_event_code: Option<&'a str>,
    }
    // Writing plain texts as JSON cannot fail.
    serde_json::to_string(&Body {
        data: events,
        test_event_code,
    })
    .unwrap_or_default()
}

#[derive(Serialize)]
struct Event<'a> {
    event_name: &'a str,
    event_time: i64,
    event_id: &'a str,
    action_source: ActionSource,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_source_url: Option<&'a str>,
    user_data: UserData<'a>,
    custom_data: CustomData<'a>,
}

#[derive(Serialize)]
struct UserData<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    em: Option<[&'a str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ph: Option<[&'a str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fbc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_user_agent: Option<&'a str>,
}

impl<'a> UserData<'a> {
    fn of(contact: HashedContact<'a>, fbc: Option<String>, browser: Option<&'a str>) -> Self {
        Self {
            em: contact.email.map(|email| [email]),
            ph: contact.phone.map(|phone| [phone]),
            fbc,
            client_user_agent: browser,
        }
    }
}

#[derive(Serialize)]
struct CustomData<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Number>,
    order_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_source: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lead_event_source: Option<&'a str>,
}
