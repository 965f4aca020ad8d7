//! Laws that hold for every input, not only for the cases that somebody thought of.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use attribution::consent::{ConsentListener, ConsentPolicy, Permitted, Statement, gate};
use attribution::conversion::Conversion;
use attribution::form_fields::{Field, FieldValue, Moment};
use attribution::google::click_rules::ClickRules;
use attribution::google::legacy_upload::{self, ConversionAction};
use attribution::hand_over;
use attribution::landing::Landing;
use attribution::lead::{FormName, ReceivedLead, Submission};
use attribution::lead_id::LeadId;
use attribution::limits::{
    CAMPAIGN_VALUE_BYTES_MAX, CLICK_ID_BYTES_MAX, COOKIE_BYTES_MAX, HAND_OVER_BYTES_MAX, TOUCHES_MAX,
};
use attribution::outcome::{ReceivedRow, rows_of};
use attribution::personal_data::{EMAIL_REMOVED, PHONE_REMOVED};
use attribution::platform_cookie;
use attribution::stored_lead::StoredLead;
use attribution::tag_settings::TagSettings;
use attribution::time_zone::TimeZone;
use attribution::timestamp::{DAY_MS, Timestamp};
use attribution::touch::Touch;
use attribution::visit::Visit;
use attribution::visit_record::{RECORD_NAME, VisitRecord};
use proptest::prelude::*;

/// 2026-11-20T09:00:00Z.
fn landed() -> Timestamp {
    Timestamp::from_ms(1_795_165_200_000)
}

/// What a page may be told about consent, in any order and number.
fn statement() -> impl Strategy<Value = Statement> {
    let source = prop_oneof![Just("site"), Just("klaro"), Just("tcf"), Just("consent_mode")];
    let kind = prop_oneof![
        3 => Just("explicit"),
        1 => Just("implied"),
        1 => Just("default"),
        1 => Just("asking"),
        1 => Just("silent"),
        1 => Just("not_required"),
        1 => Just("opt_out"),
    ];
    let answer = || prop_oneof![Just("granted"), Just("denied"), Just("")];
    (source, kind, answer(), answer(), answer()).prop_map(|(source, kind, storage, user_data, ads)| {
        Statement::parse(&format!("{source},{kind},{storage},{user_data},{ads}")).expect("a statement")
    })
}

/// A query as advertisers and vandals write it: known names with any text, among anything.
fn query() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("gclid"),
        Just("gbraid"),
        Just("fbclid"),
        Just("msclkid"),
        Just("utm_source"),
        Just("utm_campaign"),
        Just("utm_term"),
        Just("partner"),
        Just("__proto__"),
        Just("gclid_date"),
    ];
    let pair = (name, any::<String>()).prop_map(|(name, value)| {
        let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        format!("{name}={value}")
    });
    let pairs = proptest::collection::vec(prop_oneof![3 => pair, 1 => any::<String>()], 0..12);
    pairs.prop_map(|pairs| pairs.join("&"))
}

fn permitted<T>(value: T) -> Permitted<T> {
    let mut listener = ConsentListener::new(ConsentPolicy::default(), landed());
    let grant = Statement::parse("site,explicit,granted,granted,granted").expect("a statement");
    listener.hear(grant, landed());
    gate(value, listener.state()).expect("granted")
}

/// The file that Google fetches a day after the conversion, with this outcome of this lead.
fn csv_of(outcome: &str, lead: StoredLead) -> String {
    let row = rows_of(outcome.as_bytes()).expect("JSON").remove(0);
    let outcome = ReceivedRow::of_json(row, None)
        .into_outcome()
        .expect("an outcome");
    let action = ConversionAction {
        name: "Closed deal".to_owned(),
        zone: TimeZone::named("UTC").expect("a zone"),
        rules: ClickRules::default(),
    };
    let conversion = Conversion::new(&outcome, &lead, "google");
    let row = legacy_upload::row(&action, &conversion, landed().plus_ms(3 * DAY_MS));
    let mut file = legacy_upload::new_file().expect("a header");
    file.add(&row).expect("a row");
    String::from_utf8(file.finish().expect("a file").csv).expect("UTF-8")
}

/// What the platforms' cookies may hold, well-formed or not.
fn cookies() -> impl Strategy<Value = String> {
    let cookie = prop_oneof![
        "_gcl_aw=GCL\\.1[0-7][0-9]{8}\\.[A-Za-z0-9_-]{1,90}",
        "_gcl_ag=2\\.1\\.k[A-Za-z0-9_-]{1,40}\\$i1[0-7][0-9]{8}(\\$b[A-Za-z]{0,9})?",
        "_fbc=fb\\.[0-9]\\.1[0-7][0-9]{11}\\.[A-Za-z0-9_-]{1,200}(\\.[A-Za-z]{8})?",
        "_uetmsclkid=_uet[0-9a-f]{32}",
        "(ttclid|_epik|li_fat_id)=[A-Za-z0-9%.+_-]{0,40}",
        "(_gcl_aw|_gcl_ag|_fbc|ttclid)=.{0,40}",
        ".{0,20}",
    ];
    proptest::collection::vec(cookie, 0..6).prop_map(|cookies| cookies.join("; "))
}

prop_compose! {
    /// A record of landings at different moments, and of what the platforms' cookies told on the way.
    fn record()(visits in proptest::collection::vec((query(), cookies()), 0..6), start in 0..9 * DAY_MS) -> VisitRecord {
        let mut record = VisitRecord::default();
        for ((query, cookies), day) in visits.iter().zip(0..) {
            let at = landed().plus_ms(start + day * DAY_MS);
            let touch = Touch::of_page(&format!("https://a.example/lp?{query}"), "https://b.example/", &added(), at);
            touch.into_iter().for_each(|touch| record.add(touch));
            for touch in platform_cookie::touches(cookies, &record, at) {
                record.add(touch);
            }
        }
        record
    }
}

/// The record without the order of touches of one moment, which nothing decides.
fn as_set(record: &VisitRecord) -> Vec<String> {
    let mut touches: Vec<_> = record
        .touches()
        .iter()
        .map(|touch| format!("{touch:?}"))
        .collect();
    touches.sort();
    touches
}

fn joined(one: &VisitRecord, other: &VisitRecord) -> VisitRecord {
    let mut joined = one.clone();
    joined.join(other.clone());
    joined
}

fn added() -> Vec<String> {
    vec!["partner".to_owned()]
}

proptest! {
    #[test]
    fn a_landing_reads_what_urlsearchparams_reads(query in query()) {
        let landing = Landing::from_href(&format!("https://a.example/?{}", query.replace('#', "%23")), &added());
        for name in ["gclid", "gbraid", "fbclid", "msclkid", "utm_source", "utm_campaign", "partner"] {
            let pairs = query.replace('#', "%23");
            let mut pairs = form_urlencoded::parse(pairs.as_bytes());
            let first = pairs.find(|(other, _)| other == name).map(|(_, value)| value.into_owned());
            // The rules of `Landing::from_href`; what they do in detail is shown by the golden landings.
            let is_id = !name.starts_with("utm_") && name != "partner";
            let may_hold_email = first.as_deref().is_some_and(|first| first.contains('@') || first.contains("%40"));
            match (landing.value(name), first) {
                (Some(EMAIL_REMOVED), Some(first)) => prop_assert!(!is_id && may_hold_email, "{name} lost {first:?}"),
                (Some(PHONE_REMOVED), Some(first)) => {
                    let digits = first.bytes().filter(u8::is_ascii_digit).count();
                    prop_assert!(!is_id && digits >= 8, "{name} lost {first:?}");
                }
                (Some(kept), Some(first)) if kept != first => {
                    // Only campaign text may be cut, at its limit, and at its end.
                    prop_assert!(!is_id);
                    prop_assert!(first.len() > CAMPAIGN_VALUE_BYTES_MAX && first.starts_with(kept));
                }
                (Some(kept), first) => prop_assert_eq!(Some(kept.to_owned()), first),
                (None, Some(first)) => {
                    let unusable = first.len() > CLICK_ID_BYTES_MAX
                        || first.bytes().any(|byte| byte < b' ' || byte == 0x7f)
                        || "{$[%_".contains(first.chars().next().unwrap_or('a'))
                        || may_hold_email;
                    prop_assert!(first.is_empty() || (is_id && unusable), "{name} lost {first:?}");
                }
                (None, None) => {}
            }
        }
    }

    #[test]
    fn a_record_is_read_back_as_it_was_kept(queries in proptest::collection::vec(query(), 1..5)) {
        let mut record = VisitRecord::default();
        for (query, day) in queries.iter().zip(0..) {
            let href = format!("https://a.example/lp?{query}");
            let touch = Touch::of_page(&href, "https://b.example/", &added(), landed().plus_ms(day * DAY_MS));
            touch.into_iter().for_each(|touch| record.add(touch));
        }
        let record = permitted(record);
        let text = record.encode();
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)));
        prop_assert!(RECORD_NAME.len() + 1 + text.len() <= COOKIE_BYTES_MAX);
        let again = VisitRecord::decode(&text).expect("readable");
        prop_assert_eq!(permitted(again.clone()).encode(), text.clone());
        let everything_fits = again.touches().len() == record.value().touches().len();
        if everything_fits && text.len() < COOKIE_BYTES_MAX / 2 {
            prop_assert_eq!(&again, record.value());
        }
    }

    #[test]
    fn any_text_is_a_record_handed_over_or_a_refusal(text in any::<String>(), href in any::<String>()) {
        let _ = hand_over::open(&text, landed());
        let _ = hand_over::is_linked_host(&href, std::slice::from_ref(&text));
        let _ = hand_over::parameter_in(&href);
        prop_assert_eq!(hand_over::decorate(&href, ""), hand_over::without_parameter(&href));
    }

    #[test]
    fn nothing_that_anybody_writes_into_the_cookie_breaks_reading(text in any::<String>(), tail in any::<String>()) {
        let _ = VisitRecord::decode(&text);
        let _ = VisitRecord::decode(&format!("1|{tail}"));
        let _ = VisitRecord::decode(&format!("1|mi8u2io0!{text}!!gclid={tail}"));
    }

    #[test]
    fn without_a_grant_nothing_can_be_encoded_filled_or_sent(
        statements in proptest::collection::vec(statement(), 0..8),
        query in query(),
        kept in any::<String>(),
    ) {
        let href = format!("https://a.example/?gclid=1&{query}");
        let settings = TagSettings::read(|_| None);
        let mut visit = Visit::begin(settings, &href, "", "", landed());
        for statement in statements {
            let _ = visit.hear(statement, landed());
        }
        let is_granted = visit.consent().name() == "granted";
        let encoded = visit.remember(&format!("{kept}\n1|mi8u2io0!!!gclid=kept"), &href, landed());
        prop_assert_eq!(encoded.is_some(), is_granted);
        prop_assert_eq!(visit.record().is_some(), is_granted);
        let field = Field { input_type: "hidden", name: "gclid", ..Field::default() };
        let found = field.recognise(visit.settings()).expect("a field of ours");
        for moment in [Moment::Passing, Moment::Submitting] {
            let value = visit.field_value(&found, "", moment).map(FieldValue::into_text);
            prop_assert_eq!(value.is_some_and(|value| !value.is_empty()), is_granted);
        }
    }

    #[test]
    fn a_click_id_reaches_the_file_byte_for_byte(gclid in "[A-Za-z0-9_-]{1,200}", noise in query(), random: [u64; 2]) {
        let noise = noise.replace("gclid", "x").replace('#', "");
        let href = format!("https://a.example/lp?{noise}&gclid={gclid}");
        let touch = Touch::of_page(&href, "", &[], landed()).expect("a click");
        let mut record = VisitRecord::default();
        record.add(touch);
        let kept = VisitRecord::decode(&permitted(record).encode()).expect("readable");
        let lead_id = LeadId::from_random(random);
        let lead = permitted(kept).lead(Submission {
            site: "default".to_owned(),
            lead_id: lead_id.clone(),
            submitted_at: landed().plus_ms(60_000),
            page: None,
            form: FormName::default(),
            script: "test".to_owned(),
        });
        let wire = serde_json::to_vec(&lead).expect("JSON");
        let lead = ReceivedLead::from_json(&wire).and_then(ReceivedLead::accept).expect("accepted");
        let stored = StoredLead::new(lead, landed().plus_ms(61_000));
        let body = format!(
            r#"{{"outcome_id":"d1","lead_id":"{}","kind":"won","occurred_at":"2026-11-21T14:05:00+01:00"}}"#,
            lead_id.as_str()
        );
        let csv = csv_of(&body, stored);
        let row = csv.lines().nth(2).expect("a row");
        prop_assert_eq!(row.split(',').next(), Some(gclid.as_str()));
    }

    #[test]
    fn any_bytes_are_a_lead_or_a_refusal(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(lead) = ReceivedLead::from_json(&bytes) {
            let _ = lead.accept();
        }
    }

    #[test]
    fn a_lead_id_survives_reading_in_any_case(random: [u64; 2]) {
        let id = LeadId::from_random(random);
        prop_assert_eq!(LeadId::parse(&id.as_str().to_lowercase()), Ok(id));
    }
}

// What a landing keeps.
proptest! {
    #[test]
    fn a_name_in_another_case_counts_where_the_name_is_absent(
        value in "[A-Za-z0-9_-]{1,60}",
        upper in proptest::collection::vec(any::<bool>(), 12),
        amps in 0_usize..3,
        other in "[A-Za-z0-9_-]{1,60}",
    ) {
        prop_assume!(!value.starts_with('_') && !other.starts_with('_'));
        for name in ["gclid", "ScCid", "utm_campaign", "partner"] {
            let letters = name.chars().zip(upper.iter().cycle());
            let written: String = letters
                .map(|(letter, upper)| if *upper { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() })
                .collect();
            let written = format!("{}{written}", "amp;".repeat(amps));
            let read = |query: String| {
                let landing = Landing::from_href(&format!("https://a.example/?{query}"), &added());
                landing.value(name).map(str::to_owned)
            };
            prop_assert_eq!(read(format!("{written}={value}")), Some(value.clone()));
            if written != name {
                prop_assert_eq!(read(format!("{written}={value}&{name}={other}")), Some(other.clone()));
            }
        }
    }

    #[test]
    fn an_e_mail_address_is_never_kept(
        before in "[ -~]{0,20}",
        email in "[a-z0-9._-]{0,8}[a-z0-9]@[a-z0-9-]{1,8}\\.[a-z]{2,6}",
        after in "[ -~]{0,20}",
    ) {
        // An escape that ends in the address is another text: `%20@example.com` is a blank before a host.
        prop_assume!(!before.chars().rev().take(2).any(|last| last == '%'));
        let value = format!("{before}{email}{after}");
        let mut query = String::new();
        for name in ["gclid", "utm_term", "partner"] {
            let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            query.push_str(&format!("&{name}={encoded}"));
        }
        let touch = Touch::of_page(&format!("https://a.example/u/{email}?{query}"), "", &added(), landed());
        let mut record = VisitRecord::default();
        record.add(touch.expect("a campaign"));
        let text = format!("{record:?}");
        prop_assert!(!text.contains(&email), "{text}");
    }

    #[test]
    fn a_landing_read_again_is_the_same(query in query()) {
        let landing = Landing::from_href(&format!("https://a.example/?{query}"), &added());
        let mut again = form_urlencoded::Serializer::new(String::new());
        again.extend_pairs(landing.pairs());
        let again = Landing::from_href(&format!("https://a.example/?{}", again.finish()), &added());
        prop_assert_eq!(again, landing);
    }
}

proptest! {
    // Records are slow to make, and most of what can go wrong goes wrong in every one of them.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_the_platforms_cookies_told_is_kept_too(record in record()) {
        prop_assume!(!record.touches().is_empty());
        let text = permitted(record.clone()).encode();
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)));
        prop_assert!(RECORD_NAME.len() + 1 + text.len() <= COOKIE_BYTES_MAX);
        let again = VisitRecord::decode(&text).expect("readable");
        prop_assert_eq!(permitted(again.clone()).encode(), text.clone());
        if text.len() < COOKIE_BYTES_MAX / 2 {
            prop_assert_eq!(&again, &record);
        }
        let newest = |record: &VisitRecord| record.clicks().map(|(name, _)| name).collect::<Vec<_>>();
        if again.touches().len() == record.touches().len() {
            prop_assert_eq!(newest(&again), newest(&record));
        }
    }

    #[test]
    fn any_cookies_give_touches_within_the_limits(cookies in cookies(), other in any::<String>()) {
        let record = VisitRecord::default();
        for touch in platform_cookie::touches(&format!("{cookies}; {other}"), &record, landed()) {
            prop_assert!(touch.names_click() && touch.cookie.is_some() && touch.at <= landed());
            prop_assert!(touch.landing.ids().iter().all(|id| id.value().len() <= CLICK_ID_BYTES_MAX));
        }
    }

    #[test]
    fn joining_again_changes_nothing_and_the_order_does_not_matter(one in record(), other in record()) {
        prop_assert_eq!(joined(&one, &one), one.clone());
        let both = joined(&one, &other);
        prop_assert!(both.touches().len() <= TOUCHES_MAX);
        // Of touches of one moment nothing says which is worth less.
        let is_full = both.touches().len() == TOUCHES_MAX;
        let has_ties = both.touches().windows(2).any(|pair| pair[0].at == pair[1].at);
        prop_assume!(!is_full || !has_ties);
        prop_assert_eq!(as_set(&both), as_set(&joined(&other, &one)));
        prop_assert_eq!(as_set(&joined(&both, &one)), as_set(&both));
        prop_assert_eq!(as_set(&joined(&both, &other)), as_set(&both));
    }

    #[test]
    fn a_record_is_handed_over_within_its_limits(record in record(), ms in 0..=120_000_i64, tail in any::<String>()) {
        prop_assume!(!record.touches().is_empty());
        let made_at = landed().plus_ms(20 * DAY_MS);
        let token = permitted(record.clone()).hand_over(made_at);
        prop_assert!(!token.is_empty() && token.len() <= HAND_OVER_BYTES_MAX);
        let href = format!("https://shop.example/p?{}", tail.replace(['#', '&'], ""));
        let decorated = hand_over::decorate(&href, &token);
        let handed_over = hand_over::parameter_in(&decorated).expect("a token");
        prop_assert_eq!(hand_over::without_parameter(&decorated), hand_over::without_parameter(&href));
        let opened = hand_over::open(handed_over, made_at.plus_ms(ms)).expect("in time");
        if permitted(record.clone()).encode().len() < HAND_OVER_BYTES_MAX / 3 {
            prop_assert_eq!(&opened, &record);
        }
        let newest = record.last().expect("a touch").at;
        let is_newest_kept = opened.touches().iter().any(|touch| touch.at == newest);
        prop_assert!(is_newest_kept || opened.clicks().next().is_some());
    }
}
