use super::*;
use crate::lead_id::LeadId;
use crate::outcome::Reference;
use crate::stored_lead::StoredLead;
use crate::timestamp::{DAY_MS, HOUR_MS};

const EMAIL: &str = "d00d0a7c00000000000000000000000000000000000000000000000000000000";

fn lead(ids: &str) -> StoredLead {
    let json = format!(
        r#"{{"v":1,"site":"default","lead_id":"7K3M9QXA2F4HJK5NR","submitted_at":"1970-01-02T00:00:00Z",
            "touches":[{{"at":"1970-01-01T01:00:00Z","ids":{{{ids}}}}}],
            "consent":{{"ad_storage":"granted","ad_user_data":"granted"}}}}"#
    );
    StoredLead::from_json(&json, Timestamp::from_ms(24 * HOUR_MS)).expect("a lead")
}

/// What is found an hour after the click, so many days later: the id, and whether contact data goes along.
fn find(ids: &str, email: Option<&str>, carries: Carries, days: i64) -> Result<(String, bool), Reason> {
    let outcome = Outcome {
        outcome_id: "deal-1".to_owned(),
        reference: Reference::Lead(LeadId::parse("7K3M9QXA2F4HJK5NR").expect("a lead_id")),
        kind: "won".to_owned(),
        occurred_at: Timestamp::from_ms(2 * HOUR_MS),
        value: None,
    };
    let lead = lead(ids);
    let conversion = Conversion {
        outcome: &outcome,
        lead: &lead,
        contact: HashedContact { email, phone: None },
    };
    let now = Timestamp::from_ms(days * DAY_MS);
    match GoogleConversion::find(&conversion, carries, ClickRules::default(), now) {
        Judgement::Deliverable(found) => Ok((
            found.id.map(|id| format!("{id:?}")).unwrap_or_default(),
            !found.contact.is_empty(),
        )),
        judgement => Err(judgement.reason().expect("a reason")),
    }
}

#[test]
fn which_identifiers_go_together() {
    let all = Carries::Everything {
        once_per_click: false,
    };
    let once = Carries::Everything { once_per_click: true };
    let (gclid, gbraid, wbraid) = (r#""gclid":"Cj-_1""#, r#""gbraid":"0AAA""#, r#""wbraid":"Ck1""#);
    let every_id = [gclid, gbraid, wbraid].join(",");
    let both_braids = [wbraid, gbraid].join(",");
    let damaged = r#""gclid":"Cj 1""#;
    let found = |id: &str, has_contact| Ok((id.to_owned(), has_contact));
    for (ids, email, carries, expected) in [
        // One id, the gclid first; contact data goes along where the way carries it.
        (every_id.as_str(), None, all, found(r#"Gclid("Cj-_1")"#, false)),
        (&every_id, Some(EMAIL), all, found(r#"Gclid("Cj-_1")"#, true)),
        (
            &every_id,
            Some(EMAIL),
            Carries::Gclid,
            found(r#"Gclid("Cj-_1")"#, false),
        ),
        (&both_braids, None, all, found(r#"Gbraid("0AAA")"#, false)),
        (wbraid, None, all, found(r#"Wbraid("Ck1")"#, false)),
        // A gbraid or wbraid needs a column, and an action that counts every conversion.
        (wbraid, None, Carries::Gclid, Err(Reason::BraidOnly)),
        (wbraid, None, once, Err(Reason::BraidCountedOncePerClick)),
        (wbraid, Some(EMAIL), once, found("", true)),
        (gclid, None, once, found(r#"Gclid("Cj-_1")"#, false)),
        // Contact data stands in for an id that is damaged or that there is none of.
        (damaged, None, all, Err(Reason::GclidDamaged)),
        (damaged, Some(EMAIL), all, found("", true)),
        (r#""fbclid":"f""#, None, all, Err(Reason::NoGoogleClick)),
        (r#""fbclid":"f""#, Some(EMAIL), all, found("", true)),
        // The file of enhanced conversions for leads needs it in every row.
        (gclid, None, Carries::UserData, Err(Reason::NoUserData)),
        (
            gclid,
            Some(EMAIL),
            Carries::UserData,
            found(r#"Gclid("Cj-_1")"#, true),
        ),
        (wbraid, Some(EMAIL), Carries::UserData, found("", true)),
    ] {
        assert_eq!(
            find(ids, email, carries, 1),
            expected,
            "{ids}, {email:?}, {carries:?}"
        );
    }
}

#[test]
fn contact_data_alone_is_good_for_63_days_after_the_click() {
    let carries = Carries::Everything {
        once_per_click: false,
    };
    let damaged = r#""gclid":"Cj 1""#;
    assert!(find(damaged, Some(EMAIL), carries, 63).is_ok());
    assert_eq!(
        find(damaged, Some(EMAIL), carries, 64),
        Err(Reason::UserDataWindowClosed)
    );
    // The id is good for 90 days.
    assert!(find(r#""gclid":"Cj1""#, Some(EMAIL), carries, 90).is_ok());
    assert_eq!(
        find(r#""gclid":"Cj1""#, Some(EMAIL), carries, 91),
        Err(Reason::ClickWindowClosed)
    );
}
