use serde_json::value::RawValue;

use super::*;
use crate::lead_id::LeadIdError;
use crate::limits::OUTCOMES_PER_BATCH_MAX;
use crate::time_zone::TimeZone;
use crate::user_data::{EmailError, PhoneError, UserHash};

const DEAL: &str = r#"{"outcome_id":"deal-1001","lead_id":"7K3M9QXA2F4HJK5NR","kind":"won",
    "occurred_at":"2026-11-20T14:05:00+01:00","value":"1250.00","currency":"EUR"}"#;

fn read(row: &str) -> ReceivedRow {
    let raw: &RawValue = serde_json::from_str(row).unwrap();
    ReceivedRow::of_json(raw, None)
}

fn outcome(row: &str) -> Result<Outcome, OutcomeRefusal> {
    match read(row).told? {
        Told::Outcome(outcome) => Ok(outcome),
        Told::Change(change) => panic!("{change:?}"),
    }
}

/// The deal with one name changed; an empty text takes the name out.
fn deal_with(name: &str, json: &str) -> String {
    let mut row: serde_json::Map<String, serde_json::Value> = serde_json::from_str(DEAL).unwrap();
    row.remove(name);
    let rest = serde_json::to_string(&row).unwrap();
    if json.is_empty() {
        rest
    } else {
        format!("{}, {name:?}: {json}}}", rest.trim_end_matches('}'))
    }
}

#[test]
fn ok_every_field_of_the_example() {
    let outcome = outcome(DEAL).unwrap();
    assert_eq!(outcome.outcome_id, "deal-1001");
    assert_eq!(outcome.reference.to_text(), "lead_id:7K3M9QXA2F4HJK5NR");
    assert_eq!(outcome.kind, "won");
    assert_eq!(outcome.occurred_at.to_rfc3339(), "2026-11-20T13:05:00.000Z");
    assert_eq!(
        outcome.value.map(|money| money.amount().to_string()).as_deref(),
        Some("1250.00")
    );
    assert_eq!(outcome.value.as_ref().map(Money::currency), Some("EUR"));
}

#[test]
fn ok_what_crms_write_differently() {
    let table = [
        ("outcome_id", "1001"),
        ("outcome_id", r#""Deal 7/2026 (Köln)""#),
        ("lead_id", r#""7k3m-9qxa-2f4h-jk5n-r""#),
        ("kind", r#""Closed Won""#),
        ("value", "1250.00"),
        ("value", "0"),
        ("change", "null"),
        ("color", r#""blue""#),
    ];
    for (name, json) in table {
        assert!(outcome(&deal_with(name, json)).is_ok(), "{name}: {json}");
    }
}

#[test]
fn a_number_keeps_its_digits_and_never_becomes_a_float() {
    for (json, digits) in [
        ("1250.00", "1250.00"),
        ("0.1", "0.1"),
        ("12345678901234567.89", "12345678901234567.89"),
    ] {
        let outcome = outcome(&deal_with("value", json)).unwrap();
        assert_eq!(
            outcome.value.map(|money| money.amount().to_string()).as_deref(),
            Some(digits)
        );
    }
}

#[test]
fn neither_value_nor_currency_is_fine() {
    for empty in ["", "null", r#""""#] {
        let row = deal_with("value", empty).replace(r#""currency":"EUR""#, r#""currency":null"#);
        assert_eq!(outcome(&row).unwrap().value, None, "{row}");
    }
}

#[test]
fn err_each_rule_by_its_code() {
    let table: [(&str, &str, OutcomeRefusal); 37] = [
        ("outcome_id", "", OutcomeRefusal::OutcomeIdMissing),
        ("outcome_id", r#""""#, OutcomeRefusal::OutcomeIdMissing),
        ("outcome_id", r#""=SUM(A1)""#, OutcomeRefusal::OutcomeIdInvalid),
        ("outcome_id", r#""@cmd""#, OutcomeRefusal::OutcomeIdInvalid),
        ("outcome_id", r#""a\nb""#, OutcomeRefusal::OutcomeIdInvalid),
        ("outcome_id", r#"" a""#, OutcomeRefusal::OutcomeIdInvalid),
        ("outcome_id", "1e9", OutcomeRefusal::OutcomeIdInvalid),
        ("outcome_id", "-5", OutcomeRefusal::OutcomeIdInvalid),
        ("outcome_id", "{}", OutcomeRefusal::OutcomeIdInvalid),
        ("lead_id", "", OutcomeRefusal::ReferenceMissing),
        ("lead_id", r#"" ""#, OutcomeRefusal::ReferenceMissing),
        (
            "lead_id",
            r#""7K3M""#,
            OutcomeRefusal::LeadIdInvalid(LeadIdError::Length),
        ),
        (
            "lead_id",
            r#""7K3M9QXA2F4HJK5NS""#,
            OutcomeRefusal::LeadIdInvalid(LeadIdError::Check),
        ),
        ("kind", "", OutcomeRefusal::KindMissing),
        ("kind", r#""""#, OutcomeRefusal::KindMissing),
        ("kind", "7", OutcomeRefusal::KindInvalid),
        ("kind", r#""won\t""#, OutcomeRefusal::KindInvalid),
        ("occurred_at", "", OutcomeRefusal::TimeMissing),
        (
            "occurred_at",
            r#""2026-11-20T14:05:00""#,
            OutcomeRefusal::TimeWithoutOffset,
        ),
        (
            "occurred_at",
            r#""2026-11-20 14:05:00""#,
            OutcomeRefusal::TimeWithoutOffset,
        ),
        ("occurred_at", r#""2026-11-20""#, OutcomeRefusal::TimeInvalid),
        ("occurred_at", r#""yesterday""#, OutcomeRefusal::TimeInvalid),
        ("occurred_at", "1795179900", OutcomeRefusal::TimeInvalid),
        ("value", r#""12.5.0""#, OutcomeRefusal::ValueInvalid),
        ("value", r#""1e3""#, OutcomeRefusal::ValueInvalid),
        ("value", "1e3", OutcomeRefusal::ValueInvalid),
        ("value", r#""NaN""#, OutcomeRefusal::ValueInvalid),
        ("value", r#""1,250.00""#, OutcomeRefusal::ValueInvalid),
        ("value", "[1]", OutcomeRefusal::ValueInvalid),
        ("value", "true", OutcomeRefusal::ValueInvalid),
        ("value", "-5", OutcomeRefusal::ValueNegative),
        ("value", "", OutcomeRefusal::ValueMissing),
        ("currency", "", OutcomeRefusal::CurrencyMissing),
        ("currency", r#""EURO""#, OutcomeRefusal::CurrencyUnknown),
        ("currency", r#""eur""#, OutcomeRefusal::CurrencyUnknown),
        ("change", r#""refund""#, OutcomeRefusal::ChangeUnknown),
        ("change", "true", OutcomeRefusal::ChangeUnknown),
    ];
    for (name, json, refusal) in table {
        let received = read(&deal_with(name, json));
        assert_eq!(received.told, Err(refusal), "{name}: {json}");
        assert_eq!(
            received.outcome_id.is_some(),
            name != "outcome_id",
            "{name}: {json}"
        );
    }
    for row in ["[]", "7", "null", r#""text""#, r#"{"kind":"won","kind":"lost"}"#] {
        assert_eq!(outcome(row), Err(OutcomeRefusal::NotAnObject), "{row}");
    }
}

#[test]
fn a_site_with_a_zone_may_leave_the_offset_out() {
    let row = deal_with("occurred_at", r#""2026-11-20T14:05:00""#);
    let raw: &RawValue = serde_json::from_str(&row).unwrap();
    let told = ReceivedRow::of_json(raw, TimeZone::named("Europe/Berlin").as_ref()).told;
    assert_eq!(told, read(DEAL).told);
}

#[test]
fn one_row_or_many_and_a_bad_one_spoils_no_other() {
    let rows = |body: &str| rows_of(body.as_bytes()).map(|rows| rows.len());
    assert_eq!(rows(DEAL), Ok(1));
    assert_eq!(rows("[]"), Ok(0));
    assert_eq!(rows(&format!("[{DEAL}, 7, {DEAL}]")), Ok(3));
    assert_eq!(
        rows(&format!("[{}]", vec!["{}"; OUTCOMES_PER_BATCH_MAX].join(","))),
        Ok(OUTCOMES_PER_BATCH_MAX)
    );
    assert_eq!(
        rows(&format!("[{}]", vec!["{}"; OUTCOMES_PER_BATCH_MAX + 1].join(","))),
        Err(BatchRefusal::TooManyRows {
            rows_max: OUTCOMES_PER_BATCH_MAX
        })
    );
    for body in ["", "{", "[1,]", "outcome_id=1", "{} {}", "\u{feff}{}"] {
        assert_eq!(rows(body), Err(BatchRefusal::NotJson), "{body}");
    }
}

#[test]
fn two_tellings_of_one_outcome_have_one_content() {
    let content = |row: &str| outcome(row).unwrap().content();
    let same = [
        deal_with("occurred_at", r#""2026-11-20T13:05:00Z""#),
        deal_with("value", "1250"),
        deal_with("lead_id", r#""7k3m 9qxa 2f4h jk5n r""#),
    ];
    for row in same {
        assert_eq!(content(&row), content(DEAL), "{row}");
    }
    let other = [
        deal_with("value", "1250.01"),
        deal_with("kind", r#""lost""#),
        deal_with("currency", r#""USD""#),
    ];
    for row in other {
        assert_ne!(content(&row), content(DEAL), "{row}");
    }
}

#[test]
fn every_refusal_has_a_code_of_its_own_and_an_advice() {
    let all = [
        OutcomeRefusal::NotAnObject,
        OutcomeRefusal::OutcomeIdMissing,
        OutcomeRefusal::OutcomeIdInvalid,
        OutcomeRefusal::ReferenceMissing,
        OutcomeRefusal::LeadIdInvalid(LeadIdError::Check),
        OutcomeRefusal::KindMissing,
        OutcomeRefusal::KindInvalid,
        OutcomeRefusal::TimeMissing,
        OutcomeRefusal::TimeWithoutOffset,
        OutcomeRefusal::TimeInvalid,
        OutcomeRefusal::ValueInvalid,
        OutcomeRefusal::ValueNegative,
        OutcomeRefusal::CurrencyMissing,
        OutcomeRefusal::ValueMissing,
        OutcomeRefusal::CurrencyUnknown,
        OutcomeRefusal::ChangeUnknown,
        OutcomeRefusal::RestateWithoutValue,
        OutcomeRefusal::ClickIdInvalid,
        OutcomeRefusal::EmailInvalid(EmailError::NotAnAddress),
        OutcomeRefusal::PhoneInvalid(PhoneError::CountryMissing),
        OutcomeRefusal::ValueAmbiguous,
        OutcomeRefusal::LeadIdInvalid(LeadIdError::Length),
        OutcomeRefusal::BeforeClick,
        OutcomeRefusal::OutcomeIdReused,
    ];
    let mut codes: Vec<_> = all.map(OutcomeRefusal::code).to_vec();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
    for refusal in all {
        assert!(refusal.advice().ends_with(['.', '?']), "{refusal:?}");
    }
}

#[test]
fn the_lead_is_named_by_what_the_row_has() {
    let named = |names: &str| {
        let row = deal_with("lead_id", "").replace("{", &format!("{{{names},"));
        outcome(&row).map(|outcome| outcome.reference)
    };
    let jane = UserHash::of("jane@example.com").as_str().to_owned();
    let phone = UserHash::of("+493090182000").as_str().to_owned();
    let ok = [
        (r#""gclid":"Cj0K-_""#, "gclid:Cj0K-_".to_owned()),
        (r#""gclid":" Cj0K-_\n""#, "gclid:Cj0K-_".to_owned()),
        (
            r#""yclid":123456789012345678901"#,
            "yclid:123456789012345678901".to_owned(),
        ),
        (r#""fbclid":"AbC:x""#, "fbclid:AbC:x".to_owned()),
        (
            r#""lead_id":"","gclid":null,"email":"Jane@Example.com ""#,
            format!("email:{jane}"),
        ),
        (r#""email":"JANE_HASH""#, format!("email:{jane}")),
        (r#""phone":"+49 (30) 90182000""#, format!("phone:{phone}")),
        (r#""phone":"0049-30-90182000""#, format!("phone:{phone}")),
        (
            r#""phone":"+493090182000","email":"jane@example.com","msclkid":"m","gclid":"g""#,
            "gclid:g".to_owned(),
        ),
        (
            r#""email":"jane@example.com","lead_id":"7k3m-9qxa-2f4h-jk5n-r","gclid":"g""#,
            "lead_id:7K3M9QXA2F4HJK5NR".to_owned(),
        ),
    ];
    for (names, expected) in ok {
        let reference = named(&names.replace("JANE_HASH", &jane.to_uppercase())).unwrap();
        assert_eq!(reference.to_text(), expected, "{names}");
        assert_eq!(Reference::from_text(&expected), Some(reference), "{names}");
    }
    let err = [
        (r#""gclid":"{gclid}""#, OutcomeRefusal::ClickIdInvalid),
        (r#""gclid":"a\u0000b""#, OutcomeRefusal::ClickIdInvalid),
        (r#""gclid":["g"]"#, OutcomeRefusal::ClickIdInvalid),
        (r#""gad_source":"1""#, OutcomeRefusal::ReferenceMissing),
        (
            r#""email":"jane""#,
            OutcomeRefusal::EmailInvalid(EmailError::NotAnAddress),
        ),
        (r#""email":7"#, OutcomeRefusal::EmailInvalid(EmailError::Empty)),
        (
            r#""phone":"030 901820""#,
            OutcomeRefusal::PhoneInvalid(PhoneError::CountryMissing),
        ),
        (r#""email":"","phone":" ""#, OutcomeRefusal::ReferenceMissing),
        // A damaged lead_id is told of, and no other name hides it.
        (
            r#""lead_id":"7K3M9QXA2F4HJK5NS","gclid":"g""#,
            OutcomeRefusal::LeadIdInvalid(LeadIdError::Check),
        ),
    ];
    for (names, refusal) in err {
        assert_eq!(named(names), Err(refusal), "{names}");
    }
}

#[test]
fn a_reference_that_nobody_wrote_is_none() {
    for text in [
        "",
        "gclid",
        "nobody:1",
        "email:jane@example.com",
        "lead_id:1",
        "gclid:",
    ] {
        assert_eq!(Reference::from_text(text), None, "{text}");
    }
}

#[test]
fn no_address_is_kept() {
    let row = deal_with("lead_id", "").replace('{', r#"{"email":"jane@example.com","#);
    let outcome = outcome(&row).unwrap();
    assert!(!format!("{outcome:?}{}", outcome.content()).contains("jane"));
}

#[test]
fn a_change_needs_the_id_and_what_changes() {
    let change = |row: &str| match read(row).told {
        Ok(Told::Change(change)) => Ok((change.change, change.changed_at.map(Timestamp::to_rfc3339))),
        Ok(Told::Outcome(outcome)) => panic!("{outcome:?}"),
        Err(refusal) => Err(refusal),
    };
    let money = |amount| Change::Restate(Money::parse(amount, "EUR").unwrap());
    let at = |time: &str| Some(time.to_owned());
    let table = [
        (r#""change":"retract""#, Ok((Change::Retract, None))),
        (
            r#""change":"retract","changed_at":"2026-11-22T08:00:00+01:00","kind":"won","value":"x""#,
            Ok((Change::Retract, at("2026-11-22T07:00:00.000Z"))),
        ),
        (
            r#""change":"restate","value":900,"currency":"EUR","occurred_at":"yesterday""#,
            Ok((money("900"), None)),
        ),
        (r#""change":"restate""#, Err(OutcomeRefusal::RestateWithoutValue)),
        (
            r#""change":"restate","value":"900""#,
            Err(OutcomeRefusal::CurrencyMissing),
        ),
        (
            r#""change":"retract","changed_at":"2026-11-22T08:00:00""#,
            Err(OutcomeRefusal::TimeWithoutOffset),
        ),
    ];
    for (names, expected) in table {
        assert_eq!(
            change(&format!(r#"{{"outcome_id":"deal-1001",{names}}}"#)),
            expected,
            "{names}"
        );
    }
    assert_eq!(
        read(r#"{"change":"retract"}"#).told,
        Err(OutcomeRefusal::OutcomeIdMissing)
    );
}

#[test]
fn a_moment_ahead_is_taken_as_far_as_any_click_of_today_could_lead_to_it() {
    let now = Timestamp::from_rfc3339("2026-11-23T12:00:00Z").unwrap();
    let change = |at: &str| format!(r#"{{"outcome_id":"d","change":"retract","changed_at":{at}}}"#);
    for (at, expected) in [
        (r#""2026-11-23T12:00:00Z""#, Ok(())),
        (r#""2027-02-21T12:00:00Z""#, Ok(())),
        (
            r#""2027-02-21T12:00:00.001Z""#,
            Err(OutcomeRefusal::TimeTooFarAhead),
        ),
        (r#""2127-11-20T12:00:00Z""#, Err(OutcomeRefusal::TimeTooFarAhead)),
    ] {
        for row in [deal_with("occurred_at", at), change(at)] {
            assert_eq!(read(&row).told.unwrap().check_time(now), expected, "{row}");
        }
    }
    let told = read(r#"{"outcome_id":"d","change":"retract"}"#).told.unwrap();
    assert_eq!(told.check_time(now), Ok(()));
}
