use super::*;
use crate::lead_id::LeadId;
use crate::outcome::Reference;
use crate::timestamp::HOUR_MS;

/// The hour, the ids, and the name of the platform's cookie where it told of them.
type Row<'a> = (i64, &'a str, &'a str);

fn lead(touches: &[Row], consent: &str) -> StoredLead {
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
            "touches":[{}],"consent":{{"ad_storage":"granted"{consent}}}}}"#,
        touches.join(",")
    );
    StoredLead::from_json(&json, Timestamp::from_ms(24 * HOUR_MS)).expect("a lead")
}

fn outcome(outcome_id: &str) -> Outcome {
    Outcome {
        outcome_id: outcome_id.to_owned(),
        reference: Reference::Lead(LeadId::parse("7K3M9QXA2F4HJK5NR").expect("a lead_id")),
        kind: "won".to_owned(),
        occurred_at: Timestamp::from_ms(5 * HOUR_MS),
        value: None,
    }
}

fn hour_of_click(touches: &[Row], platform: &str) -> Option<i64> {
    let (outcome, lead) = (outcome("deal-1"), lead(touches, ""));
    let conversion = Conversion {
        outcome: &outcome,
        lead: &lead,
        contact: HashedContact::default(),
    };
    conversion.click_of(platform).map(|(at, _)| at.ms() / HOUR_MS)
}

#[test]
fn the_newest_click_of_the_platform_before_the_conversion_counts() {
    let gclid = |id| format!(r#""gclid":"{id}""#);
    let (one, two, three) = (gclid(1), gclid(2), gclid(3));
    let (microsoft, meta) = (r#""msclkid":"m""#, r#""fbclid":"f""#);
    let table: [(&str, &[Row], Option<i64>); 13] = [
        (
            "google",
            &[(1, &one, ""), (2, &two, ""), (9, &three, "")],
            Some(2),
        ),
        ("google", &[(8, &one, ""), (9, &two, "")], Some(8)),
        ("google", &[(1, &one, ""), (5, &two, "")], Some(1)),
        ("google", &[(1, &one, ""), (2, &two, "_gcl_aw")], Some(1)),
        ("google", &[(1, &one, "_gcl_aw"), (2, &two, "_gcl_aw")], Some(2)),
        (
            "google",
            &[(1, &one, ""), (2, r#""gad_source":"1""#, "")],
            Some(1),
        ),
        ("google", &[(1, r#""gad_source":"1","msclkid":"m""#, "")], None),
        ("google", &[(1, meta, "")], None),
        ("google", &[], None),
        // Nobody clicks after the lead has arrived, whatever the visitor's clock says.
        ("google", &[(99, &one, "")], Some(24)),
        ("microsoft", &[(1, microsoft, ""), (2, &one, "")], Some(1)),
        // Meta's links say fbclid also where nobody paid.
        ("meta", &[(1, meta, ""), (2, &one, "")], Some(1)),
        ("meta", &[(1, microsoft, "")], None),
    ];
    for (platform, touches, expected) in table {
        assert_eq!(
            hour_of_click(touches, platform),
            expected,
            "{platform}, {touches:?}"
        );
    }
}

#[test]
fn no_answer_is_never_a_yes() {
    let outcome = outcome("deal-1");
    for (consent, expected) in [
        (r#","ad_user_data":"granted""#, None),
        (r#","basis":"not_required""#, None),
        (
            r#","ad_user_data":"denied""#,
            Some(Judgement::Refuse(Reason::UserDataDenied)),
        ),
        (
            r#","ad_user_data":"denied","basis":"not_required""#,
            Some(Judgement::Refuse(Reason::UserDataDenied)),
        ),
        ("", Some(Judgement::Hold(Reason::UserDataUnanswered))),
    ] {
        let lead = lead(&[], consent);
        let conversion = Conversion {
            outcome: &outcome,
            lead: &lead,
            contact: HashedContact::default(),
        };
        let judgement = conversion.answers_for_upload();
        match expected {
            Some(expected) => assert_eq!(judgement, expected, "{consent}"),
            None => assert!(matches!(judgement, Judgement::Deliverable(_)), "{consent}"),
        }
    }
}

#[test]
fn an_order_id_names_nobody() {
    let lead = lead(&[], "");
    for (outcome_id, names_person) in [
        ("deal-1001", false),
        ("4915112345678", false),
        ("ann@example.com", true),
        ("deal of ann@example.com", true),
        ("deal%20ann%40example.com", true),
    ] {
        let outcome = outcome(outcome_id);
        let conversion = Conversion {
            outcome: &outcome,
            lead: &lead,
            contact: HashedContact::default(),
        };
        let expected = if names_person {
            Judgement::Refuse(Reason::OrderIdNamesPerson)
        } else {
            Judgement::Deliverable(outcome_id)
        };
        assert_eq!(conversion.order_id(), expected, "{outcome_id}");
    }
}

#[test]
fn each_platform_gets_its_own_hashes_and_no_others() {
    let hash = |digit: &str| digit.repeat(64);
    let json = format!(
        r#"{{"v":1,"site":"default","lead_id":"7K3M9QXA2F4HJK5NR","submitted_at":"1970-01-02T00:00:00Z",
            "consent":{{"ad_storage":"granted","ad_user_data":"granted"}},
            "user":{{"email":{{"google":"{}","meta":"{}"}},"phone":{{"microsoft":"{}"}}}}}}"#,
        hash("a"),
        hash("b"),
        hash("c")
    );
    let lead = StoredLead::from_json(&json, Timestamp::from_ms(24 * HOUR_MS)).expect("a lead");
    let outcome = outcome("deal-1");
    for (platform, email, phone) in [
        ("google", Some("a"), None),
        ("microsoft", None, Some("c")),
        ("meta", Some("b"), None),
        ("tiktok", None, None),
    ] {
        let contact = Conversion::new(&outcome, &lead, platform).contact;
        assert_eq!(contact.email.map(str::to_owned), email.map(hash), "{platform}");
        assert_eq!(contact.phone.map(str::to_owned), phone.map(hash), "{platform}");
    }
}

#[test]
fn an_outcome_waits_for_its_lead_as_long_as_it_has_waited() {
    const MINUTE_MS: i64 = 60_000;
    let told_at = Timestamp::EPOCH;
    for (reason, minutes, expected) in [
        (Reason::LeadWaiting, 0, Some(5)),
        (Reason::LeadWaiting, 60, Some(60)),
        (Reason::LeadWaiting, 90 * 24 * 60, Some(6 * 60)),
        (Reason::LeadWaiting, 90 * 24 * 60 + 1, None),
        (Reason::LeadSuspected, 0, None),
        (Reason::Retracted, 0, None),
    ] {
        let now = told_at.plus_ms(minutes * MINUTE_MS);
        let judgement: Judgement<()> = judge_without_lead(reason, told_at, now);
        let expected = match expected {
            Some(wait) => Judgement::Wait {
                until: now.plus_ms(wait * MINUTE_MS),
                reason,
            },
            None => Judgement::Refuse(reason),
        };
        assert_eq!(judgement, expected, "{reason:?} after {minutes} minutes");
    }
    let judgement: Judgement<()> = judge_without_lead(Reason::LeadUnreadable, told_at, told_at);
    assert_eq!(judgement, Judgement::Hold(Reason::LeadUnreadable));
}
