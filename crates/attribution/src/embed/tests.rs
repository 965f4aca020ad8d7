use super::*;
use crate::consent::{ConsentListener, ConsentPolicy, Statement, gate};
use crate::timestamp::Timestamp;
use crate::touch::Touch;

/// A visitor who came by this query, and agreed.
fn visitor(query: &str) -> Permitted<VisitRecord> {
    let now = Timestamp::EPOCH;
    let mut record = VisitRecord::default();
    let touch = Touch::of_page(
        &format!("https://a.example/?{query}"),
        "https://b.example/",
        &[],
        now,
    );
    record.add(touch.expect("a touch"));
    let mut listener = ConsentListener::new(ConsentPolicy::default(), now);
    listener.hear(
        Statement::parse("site,explicit,granted").expect("a statement"),
        now,
    );
    gate(record, listener.state()).expect("granted")
}

fn settings() -> TagSettings {
    TagSettings::read(|name| {
        (name == "map").then_some("entry.101=gclid; salesforce_uuid=gclid; entry.102=lead_id; q7_x=msclkid")
    })
}

const QUERY: &str = "utm_source=google&utm_campaign=50%25+off%2C+now&gclid=EAIaIQobChMI_a-9";
const SENT: &str = "utm_source=google&utm_campaign=50%25%20off%2C%20now&gclid=EAIaIQobChMI_a-9";
const MAPPED: &str = "entry.101=EAIaIQobChMI_a-9&salesforce_uuid=EAIaIQobChMI_a-9";

#[test]
fn each_embed_gets_the_values_where_it_takes_them() {
    let hidden = "utm_source=google,utm_campaign=50% off\\, now,gclid=EAIaIQobChMI_a-9,entry.101=EAIaIQobChMI_a-9,\
                  salesforce_uuid=EAIaIQobChMI_a-9";
    let json = r#""utm_source":"google","utm_campaign":"50% off, now","gclid":"EAIaIQobChMI_a-9","entry.101":"EAIaIQobChMI_a-9","salesforce_uuid":"EAIaIQobChMI_a-9""#;
    let table = [
        (
            "data-url",
            "https://calendly.com/ada/30min?month=2026-11",
            format!("https://calendly.com/ada/30min?month=2026-11&{SENT}&{MAPPED}"),
        ),
        (
            "src",
            "https://tally.so/embed/wA?transparentBackground=1#top",
            format!("https://tally.so/embed/wA?transparentBackground=1&{SENT}&{MAPPED}#top"),
        ),
        (
            "src",
            "//go.pardot.com/l/1/2",
            format!("//go.pardot.com/l/1/2?{SENT}&{MAPPED}"),
        ),
        (
            "data-pd-webforms",
            "https://webforms.pipedrive.com/f/6g",
            format!("https://webforms.pipedrive.com/f/6g?{SENT}&{MAPPED}"),
        ),
        (
            "src",
            "https://form.typeform.com/to/a?typeform-medium=embed#user=7",
            format!("https://form.typeform.com/to/a?typeform-medium=embed#user=7&{SENT}&{MAPPED}"),
        ),
        ("data-tf-hidden", "", hidden.to_owned()),
        ("data-tf-hidden", "user=7", format!("user=7,{hidden}")),
        ("data-prefill", "name=Ada", format!("name=Ada&{SENT}&{MAPPED}")),
        ("data-cal-config", "", format!("{{{json}}}")),
        (
            "data-cal-config",
            r#" {"layout":"month_view"} "#,
            format!(r#"{{"layout":"month_view",{json}}}"#),
        ),
        (
            "href",
            "https://docs.google.com/forms/d/e/1F/viewform",
            "https://docs.google.com/forms/d/e/1F/viewform?usp=pp_url&entry.101=EAIaIQobChMI_a-9".to_owned(),
        ),
        (
            "src",
            "https://docs.google.com/forms/d/e/1F/viewform?embedded=true&usp=sf_link",
            "https://docs.google.com/forms/d/e/1F/viewform?embedded=true&usp=sf_link&entry.101=EAIaIQobChMI_a-9"
                .to_owned(),
        ),
    ];
    for (attribute, found, expected) in table {
        let written = visitor(QUERY).embedded(attribute, found, false, &settings());
        assert_eq!(written, Some(expected), "{attribute} {found}");
    }
}

#[test]
fn what_stands_there_already_stays() {
    let own = "utm_source=newsletter&utm_campaign=&GCLID=x";
    let table = [
        ("data-url", format!("https://calendly.com/ada?{own}")),
        ("src", format!("https://form.typeform.com/to/a#{own}")),
        ("src", format!("https://form.typeform.com/to/a?{own}")),
        ("data-prefill", own.to_owned()),
        (
            "data-tf-hidden",
            "utm_source=newsletter, utm_campaign=,GCLID=x".to_owned(),
        ),
        (
            "data-cal-config",
            r#"{"utm_source":"","utm_campaign":"x","gclid":null}"#.to_owned(),
        ),
        // Not the text of an object: whatever reads it is not to be surprised by us.
        ("data-cal-config", "layout".to_owned()),
        ("href", "https://docs.google.com/forms/d/e/1F/viewform".to_owned()),
    ];
    for (attribute, found) in table {
        let bare = TagSettings::of_attributes("");
        assert_eq!(
            visitor(QUERY).embedded(attribute, &found, false, &bare),
            None,
            "{attribute} {found}"
        );
    }
}

#[test]
fn a_host_that_nobody_named_is_left_alone() {
    let bare = TagSettings::of_attributes("");
    for address in [
        "https://www.example.com/calendly.com/ada",
        "https://calendly.com.example.org/ada",
        "https://notcalendly.com/ada",
        "https://example.com/?next=//calendly.com/",
        "about:blank",
        "javascript://calendly.com/%0aalert(1)",
        "/calendly.com",
        "",
    ] {
        let written = visitor(QUERY).embedded("src", address, false, &bare);
        assert_eq!(written, None, "{address}");
    }
    let named = visitor("gclid=EAIaIQobChMI").embedded("src", "https://go.example.com/l/1/2", true, &bare);
    assert_eq!(
        named.as_deref(),
        Some("https://go.example.com/l/1/2?gclid=EAIaIQobChMI")
    );
}

#[test]
fn a_visitor_without_values_changes_nothing() {
    for (attribute, found) in [
        ("src", "https://tally.so/embed/wA"),
        ("src", "https://docs.google.com/forms/d/e/1F/viewform"),
        ("data-tf-hidden", ""),
        ("data-cal-config", ""),
    ] {
        assert_eq!(
            visitor("").embedded(attribute, found, false, &settings()),
            None,
            "{attribute}"
        );
    }
}

#[test]
fn a_value_that_an_embed_would_alter_or_cut_is_left_out() {
    let bare = TagSettings::of_attributes("");
    for query in ["utm_content=a%2Cb%2Cc", "utm_content=a%5C", "utm_content=a%0Ab"] {
        let written = visitor(query).embedded("data-tf-hidden", "", false, &bare);
        assert_eq!(written, None, "{query}");
    }
    let long = format!("https://tally.so/embed/wA?a={}", "x".repeat(EMBED_BYTES_MAX));
    assert_eq!(visitor(QUERY).embedded("src", &long, false, &bare), None);
}
