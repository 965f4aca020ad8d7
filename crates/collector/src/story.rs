//! What happened to a lead, told in order: every touch, the consent, the form, each outcome with what was said of it later,
//! and what became of each at every destination.

use attribution::consent::ConsentSnapshot;
use attribution::stored_lead::StoredLead;
use attribution::suspicion::Suspicion;
use attribution::timestamp::Timestamp;
use attribution::touch::Touch;
use serde::Serialize;

use crate::shown_delivery::ShownDelivery;
use crate::store::stories::{LeadRow, OutcomeChangeRow, StoredOutcomeRow};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When. Of a delivery: since when it stands so, else when its next step is due, else now.
    pub at: Timestamp,
    /// `touch`, `consent`, `lead`, `warning`, `outcome`, `change` or `delivery`.
    pub event: &'static str,
    /// The same in plain words.
    pub text: String,
    /// Which outcome it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome_id: Option<String>,
    /// Which destination.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
}

impl Event {
    fn new(at: Timestamp, event: &'static str, text: String) -> Self {
        Self {
            at,
            event,
            text,
            outcome_id: None,
            destination: None,
        }
    }

    fn of_outcome(self, outcome_id: &str) -> Self {
        Self {
            outcome_id: Some(outcome_id.to_owned()),
            ..self
        }
    }
}

/// The story of a lead, if it is stored, and of outcomes, with what was told of them later and how they stand. What
/// happened at one moment stands in the order of this list: touches, consent, form, outcomes, changes, deliveries.
#[must_use]
pub fn tell(
    lead: Option<&LeadRow>,
    outcomes: &[StoredOutcomeRow],
    changes: &[OutcomeChangeRow],
    deliveries: &[ShownDelivery],
    now: Timestamp,
) -> Vec<Event> {
    let mut events = Vec::new();
    if let Some(lead) = lead {
        tell_of_lead(lead, &mut events);
    }
    events.extend(outcomes.iter().map(of_outcome));
    events.extend(changes.iter().map(of_change));
    events.extend(deliveries.iter().map(|delivery| of_delivery(delivery, now)));
    events.sort_by_key(|event| event.at);
    events
}

fn tell_of_lead(row: &LeadRow, events: &mut Vec<Event>) {
    let received_at = Timestamp::from_ms(row.received_at_ms);
    let Some(stored) = row.stored() else {
        let text = "The lead arrived. It was stored by another version and cannot be read.";
        events.push(Event::new(received_at, "lead", text.to_owned()));
        return;
    };
    events.extend(
        stored
            .touches()
            .map(|(at, touch)| Event::new(at, "touch", words_of_touch(touch))),
    );
    let consent = stored.lead().consent();
    // A visitor's clock may run ahead of ours, and nobody answers after the lead has arrived.
    let observed_at = consent.observed_at.min(received_at);
    events.push(Event::new(observed_at, "consent", words_of_consent(consent)));
    events.push(Event::new(received_at, "lead", words_of_lead(&stored, row)));
    if let Some(suspicion) = row.suspicion.as_deref().and_then(Suspicion::named) {
        events.push(Event::new(
            received_at,
            "warning",
            suspicion.sentence().to_owned(),
        ));
    }
    for (parameter, warning) in stored.click_id_warnings() {
        let text = format!("{}: {}", parameter.name(), warning.advice());
        events.push(Event::new(received_at, "warning", text));
    }
}

fn words_of_touch(touch: &Touch) -> String {
    let mut words = match (&touch.landing_page, &touch.cookie) {
        (_, Some(cookie)) => format!("The platform's cookie {cookie} told of a click"),
        (Some(page), None) => format!("The visitor landed on {}", page.as_str()),
        (None, None) => "The visitor landed".to_owned(),
    };
    if let Some(referrer) = &touch.referrer {
        words += &format!(" from {}", referrer.as_str());
    }
    let pairs: Vec<String> = touch
        .landing
        .pairs()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    if !pairs.is_empty() {
        words += &format!(" with {}", pairs.join(", "));
    }
    words + "."
}

fn words_of_consent(consent: &ConsentSnapshot) -> String {
    let answers = consent.answers.named();
    let answers = answers.map(|(question, answer)| match answer {
        Some(answer) => format!("{question} {}", answer.name()),
        None => format!("{question} not answered"),
    });
    format!(
        "Consent: {} (said by {}, {}).",
        answers.join(", "),
        or_nobody(&consent.source),
        or_nobody(&consent.basis)
    )
}

fn or_nobody(word: &str) -> &str {
    if word.is_empty() { "not stated" } else { word }
}

fn words_of_lead(stored: &StoredLead, row: &LeadRow) -> String {
    let submission = &stored.lead().value().submission;
    let form = [&submission.form.id, &submission.form.name]
        .into_iter()
        .find(|name| !name.is_empty());
    let mut words = match form {
        Some(form) => format!("The form {form} was sent"),
        None => "A form was sent".to_owned(),
    };
    if let Some(page) = &submission.page {
        words += &format!(" on {}", page.as_str());
    }
    words += &format!(
        ", by the visitor's clock at {}",
        submission.submitted_at.to_rfc3339()
    );
    match &row.channel {
        Some(channel) => format!("{words}. Channel: {channel}."),
        None => words + ".",
    }
}

fn of_outcome(row: &StoredOutcomeRow) -> Event {
    let told_at = Timestamp::from_ms(row.received_at_ms).to_rfc3339();
    let value = row.value.as_deref().zip(row.currency.as_deref());
    let value = value.map_or_else(String::new, |(value, currency)| format!(", {value} {currency}"));
    let lead = match row.has_lead {
        1 => "",
        _ => " Its lead has not arrived.",
    };
    let text = format!(
        "Outcome {}: {}{value}. Told at {told_at}.{lead}",
        row.outcome_id, row.kind
    );
    Event::new(Timestamp::from_ms(row.occurred_at_ms), "outcome", text).of_outcome(&row.outcome_id)
}

fn of_change(row: &OutcomeChangeRow) -> Event {
    let told_at = Timestamp::from_ms(row.received_at_ms).to_rfc3339();
    let text = match row.value.as_deref().zip(row.currency.as_deref()) {
        Some((value, currency)) => format!("Outcome {} is worth {value} {currency}", row.outcome_id),
        None => format!("Outcome {} was taken back", row.outcome_id),
    };
    let text = format!("{text}. Told at {told_at}.");
    Event::new(Timestamp::from_ms(row.changed_at_ms), "change", text).of_outcome(&row.outcome_id)
}

fn of_delivery(delivery: &ShownDelivery, now: Timestamp) -> Event {
    let what = match delivery.change.as_deref() {
        Some("retract") => "The retraction of outcome",
        Some(_) => "The new value of outcome",
        None => "Outcome",
    };
    let mut text = format!(
        "{what} {} at {}: {}",
        delivery.outcome_id,
        delivery.destination,
        words_of_state(delivery)
    );
    if delivery.attempts > 1 {
        text += &format!(" after {} attempts", delivery.attempts);
    }
    if let Some(next_at) = delivery.next_at {
        text += &format!(", next step at {}", next_at.to_rfc3339());
    }
    match (&delivery.code, delivery.code_of) {
        (Some(code), Some("answer")) => text += &format!(". The platform said {code}"),
        (Some(code), _) => text += &format!(". Reason: {code}"),
        _ => {}
    }
    text += ".";
    if let Some(advice) = delivery.advice {
        text += &format!(" {advice}");
    }
    Event {
        destination: Some(delivery.destination.clone()),
        ..Event::new(
            delivery.since.or(delivery.next_at).unwrap_or(now),
            "delivery",
            text,
        )
    }
    .of_outcome(&delivery.outcome_id)
}

fn words_of_state(delivery: &ShownDelivery) -> &'static str {
    match delivery.state.as_str() {
        // What waits in an API's queue has a next step; a file has none.
        "due" if delivery.next_at.is_none() => "it stands in the next file that the platform fetches",
        "due" => "it is sent by the next sweep",
        "waiting" => "it waits",
        "sending" => "it is being sent",
        "sent" => "the platform has it and has not said what became of it",
        "fetched" => "the platform has fetched it in a file",
        "confirmed" => "the platform has taken it",
        "held" => "it is held until somebody mends something",
        "refused" => "it is not sent",
        _ => "its state is of another version",
    }
}
