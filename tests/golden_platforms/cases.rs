//! The golden outcomes with their leads.

use std::collections::BTreeMap;

use attribution::conversion::Conversion;
use attribution::google::click_rules::ClickRules;
use attribution::google::data_manager::{DataManagerAction, EventSource, GoogleAdsId};
use attribution::google::legacy_upload::ConversionAction;
use attribution::judgement::Judgement;
use attribution::lead_id::LeadId;
use attribution::meta::event_rules::ActionSource;
use attribution::meta::events::MetaEvents;
use attribution::microsoft::click_rules::GoalRules;
use attribution::microsoft::conversion::Goal;
use attribution::money::Money;
use attribution::outcome::{Outcome, Reference};
use attribution::stored_lead::StoredLead;
use attribution::time_zone::TimeZone;
use attribution::timestamp::{SECOND_MS, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

const LEAD_ID: &str = "7K3M9QXA2F4HJK5NR";

/// A name with what files must quote.
const ACTION: &str = "Closed deal, \"store\"";

#[derive(Deserialize)]
pub(crate) struct Golden {
    now: String,
    contacts: Contacts,
    cases: Vec<Case>,
}

/// `email` or `phone` → the platform → the hash.
type Contacts = BTreeMap<String, BTreeMap<String, String>>;

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Case {
    pub(crate) outcome_id: String,
    pub(crate) touches: Vec<Value>,
    pub(crate) consent: String,
    pub(crate) received_at: String,
    pub(crate) occurred_at: String,
    pub(crate) value: Option<String>,
    pub(crate) currency: Option<String>,
    /// `email`, `phone`, both with a blank between, or empty.
    #[serde(default)]
    pub(crate) contact: String,
    /// `waiting` where it has not arrived.
    #[serde(default)]
    pub(crate) lead: String,
}

/// An outcome, and its lead unless that has not arrived.
pub(crate) struct Told {
    pub(crate) outcome: Outcome,
    lead: Option<StoredLead>,
}

impl Golden {
    pub(crate) fn read() -> Self {
        serde_json::from_str(include_str!("../golden/platforms/outcomes.json")).expect("the golden outcomes")
    }

    /// Other outcomes, as they stand at the same moment.
    pub(crate) fn of(cases: Vec<Case>) -> Self {
        Self {
            cases,
            ..Self::read()
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        moment(&self.now)
    }

    pub(crate) fn told(&self) -> Vec<Told> {
        let told = |case: &Case| case.told(&self.contacts);
        self.cases.iter().map(told).collect()
    }

    /// What a rule of one platform says of an outcome.
    pub(crate) fn judge<P>(
        &self,
        platform: &str,
        told: &Told,
        rule: impl FnOnce(&Conversion<'_>) -> Judgement<P>,
    ) -> Judgement<P> {
        let Some(lead) = &told.lead else {
            return Judgement::Hold(attribution::judgement::Reason::LeadWaiting);
        };
        rule(&Conversion::new(&told.outcome, lead, platform))
    }
}

impl Case {
    fn told(&self, contacts: &Contacts) -> Told {
        let value = self.value.as_deref().zip(self.currency.as_deref());
        let value = value.map(|(value, currency)| Money::parse(value, currency).expect("money"));
        Told {
            outcome: Outcome {
                outcome_id: self.outcome_id.clone(),
                reference: Reference::Lead(LeadId::parse(LEAD_ID).expect("a lead_id")),
                kind: "won".to_owned(),
                occurred_at: moment(&self.occurred_at),
                value,
            },
            lead: (self.lead != "waiting").then(|| self.lead(contacts)),
        }
    }

    fn lead(&self, contacts: &Contacts) -> StoredLead {
        let received_at = moment(&self.received_at);
        let consent = match self.consent.split_once(',') {
            Some((data, personalization)) => json!({"ad_storage": "granted", "basis": "explicit",
                "ad_user_data": data, "ad_personalization": personalization}),
            None => json!({"ad_storage": "granted", "basis": self.consent}),
        };
        let hashes = |kind: &str| {
            let of_kind = contacts
                .get(kind)
                .filter(|_| self.contact.split(' ').any(|one| one == kind));
            of_kind.cloned().unwrap_or_default()
        };
        let user = json!({"email": hashes("email"), "phone": hashes("phone")});
        let lead = json!({"v": 1, "user": user, "site": "default", "lead_id": LEAD_ID, "page": "https://www.example.com/contact",
            "submitted_at": received_at.plus_ms(-SECOND_MS), "touches": self.touches, "consent": consent});
        StoredLead::from_json(&lead.to_string(), received_at)
            .unwrap_or_else(|refusal| panic!("{}: {refusal:?}", self.outcome_id))
            .with_user_agent("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
    }
}

pub(crate) fn moment(text: &str) -> Timestamp {
    Timestamp::from_rfc3339(text).expect("a moment")
}

pub(crate) fn conversion_action() -> ConversionAction {
    ConversionAction {
        name: ACTION.to_owned(),
        zone: TimeZone::named("Europe/Berlin").expect("a zone"),
        rules: ClickRules::default(),
    }
}

pub(crate) fn data_manager() -> DataManagerAction {
    let id = |text| GoogleAdsId::parse(text).expect("an id");
    DataManagerAction {
        operating_account: id("123-456-7890"),
        login_account: Some(id("9876543210")),
        conversion_action: id("987654321"),
        event_source: EventSource::Other,
        once_per_click: false,
        created_at: None,
        rules: ClickRules::default(),
    }
}

pub(crate) fn goal(takes_contact: bool) -> Goal {
    Goal {
        name: ACTION.to_owned(),
        takes_contact,
        rules: GoalRules::default(),
    }
}

pub(crate) fn meta(event_name: &str, action_source: ActionSource, crm: Option<&str>) -> MetaEvents {
    MetaEvents {
        event_name: event_name.to_owned(),
        action_source,
        crm: crm.map(str::to_owned),
        cookie_domain: None,
    }
}
