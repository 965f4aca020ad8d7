use super::*;
use crate::consent::{ConsentListener, ConsentPolicy, Statement, gate};
use crate::timestamp::{DAY_MS, Timestamp};

fn settings() -> TagSettings {
    let attribute = |name: &str| match name {
        "map" => Some("00N8d00000QN3Qa=gclid; entry.7=first_utm_source"),
        "params" => Some("partner"),
        _ => None,
    };
    TagSettings::read(attribute)
}

fn hidden<'a>(name: &'a str, value: &'a str) -> Field<'a> {
    Field {
        input_type: "hidden",
        name,
        value,
        ..Field::default()
    }
}

#[test]
fn fields_that_match() {
    let own = Field {
        own_attribute: "gbraid",
        ..hidden("x", "")
    };
    let by_id = Field {
        id: "utm-source",
        ..hidden("", "")
    };
    let restored = Field {
        moment: Moment::Restored,
        ..hidden("gclid", "old")
    };
    let table: &[(Field<'_>, &str)] = &[
        (hidden("gclid", ""), "gclid"),
        (hidden("GCLID", ""), "gclid"),
        (hidden("UTM_Source", ""), "utm_source"),
        (hidden("utmSource", ""), "utm_source"),
        (hidden("utm source", ""), "utm_source"),
        (hidden("form_fields[gclid]", ""), "gclid"),
        (hidden("contact[attributes][utm_source]", ""), "utm_source"),
        (hidden("first_gclid", ""), "first_gclid"),
        (hidden("first-utm-source", ""), "first_utm_source"),
        (hidden("lead_id", ""), "lead_id"),
        (hidden("landing_page", ""), "landing_page"),
        (hidden("partner", ""), "partner"),
        (hidden("ScCid", ""), "ScCid"),
        (hidden("input_5", "[gclid]"), "gclid"),
        (hidden("input_5", " [ GCLID ] "), "gclid"),
        (hidden("input_5", "{{utm_source}}"), "utm_source"),
        (hidden("utm_source", "[gclid]"), "gclid"),
        (hidden("00N8d00000QN3Qa", ""), "gclid"),
        (hidden("entry.7", ""), "first_utm_source"),
        (own, "gbraid"),
        (by_id, "utm_source"),
        (restored, "gclid"),
    ];
    for (field, token) in table {
        let key = field.recognise(&settings()).map(|found| found.key);
        assert_eq!(key, FieldKey::of_token(token, &settings().params), "{field:?}");
        assert!(key.is_some(), "{field:?}");
    }
}

#[test]
fn fields_that_must_not_match() {
    let visible = Field {
        input_type: "text",
        ..hidden("gclid", "")
    };
    let own_but_visible = Field {
        input_type: "email",
        own_attribute: "gclid",
        ..hidden("", "")
    };
    let of_the_site = hidden("gclid", "somebody else's");
    let table: &[Field<'_>] = &[
        hidden("", ""),
        hidden("gclid_date", ""),
        hidden("has_gclid", ""),
        hidden("utm_source_other", ""),
        hidden("source", ""),
        hidden("medium", ""),
        hidden("_token", ""),
        hidden("oid", ""),
        hidden("first_lead_id", ""),
        hidden("mc_eid", ""),
        hidden("input_5", "[channel_of_somebody_else]"),
        hidden("input_5", "see [gclid]"),
        hidden("gclid", "a preset of the owner"),
        visible,
        own_but_visible,
        of_the_site,
    ];
    for field in table {
        assert_eq!(field.recognise(&settings()), None, "{field:?}");
    }
}

#[test]
fn click_ids_come_from_the_newest_click_and_campaigns_from_the_newest_touch() {
    let now = Timestamp::EPOCH;
    let mut days = 0..;
    let mut touch = |query: &str| {
        let at = now.plus_ms(days.next().unwrap_or(0) * DAY_MS);
        Touch::of_page(
            &format!("https://a.example/lp?{query}"),
            "https://b.example/x",
            &[],
            at,
        )
        .expect("a touch")
    };
    let mut record = VisitRecord::default();
    record.add(touch("gclid=old&utm_source=first"));
    record.add(touch("gclid=new&gbraid=0AAAAA&utm_source=second"));
    record.add(touch("fbclid=IwAR&utm_source=third"));
    record.add(touch(
        "utm_source=fourth&utm_campaign=%5B%22%27%3C50%25+off%3E+%2B",
    ));
    let mut listener = ConsentListener::new(ConsentPolicy::default(), now);
    listener.hear(
        Statement::parse("site,explicit,granted").expect("a statement"),
        now,
    );
    let record = gate(record, listener.state()).expect("granted");
    let lead_id = LeadId::from_random([7; 2]);
    let table = [
        ("gclid", "new"),
        ("gbraid", "0AAAAA"),
        ("wbraid", ""),
        ("fbclid", "IwAR"),
        ("msclkid", ""),
        ("utm_source", "fourth"),
        ("utm_medium", ""),
        ("utm_campaign", "[\"'<50% off> +"),
        ("first_gclid", "old"),
        ("first_utm_source", "first"),
        ("first_fbclid", ""),
        ("landing_page", "https://a.example/lp"),
        ("referrer", "https://b.example/x"),
        ("visited_at", "1970-01-04T00:00:00.000Z"),
        ("first_visited_at", "1970-01-01T00:00:00.000Z"),
        ("lead_id", lead_id.as_str()),
    ];
    for (token, expected) in table {
        let key = FieldKey::of_token(token, &[]).expect(token);
        assert_eq!(record.field_value(&key, Some(&lead_id)), expected, "{token}");
    }
}
