use super::*;
use crate::consent::Statement;
use crate::timestamp::Timestamp;
use crate::visit::Visit;

fn landed() -> Timestamp {
    Timestamp::from_ms(1_795_511_600_123)
}
const CLICK: &str = "https://a.example/lp?gclid=EAIaIQobChMI_id&utm_source=google";

/// Where the text of the record stands: in the cookie, and in localStorage.
type Places = fn(String) -> (Place, Place);

/// A page view, and what is around it.
struct Scene {
    attributes: &'static str,
    addresses: &'static str,
    statements: &'static [&'static str],
    tools: &'static str,
    places: Places,
    inputs: &'static [(&'static str, &'static str)],
    leads_waiting: usize,
    handed_over: Option<&'static str>,
}

const SCENE: Scene = Scene {
    attributes: "",
    addresses: CLICK,
    statements: &[],
    tools: "",
    places: |text| (Place::Holds(vec![text.clone()]), Place::Holds(vec![text])),
    inputs: &[],
    leads_waiting: 0,
    handed_over: None,
};

const GRANTED: &[&str] = &["site,explicit,granted,granted,denied"];

fn told(scene: &Scene) -> String {
    let settings = TagSettings::read(|name| {
        let (written, value) = scene.attributes.split_once('=')?;
        (written.strip_prefix("data-") == Some(name)).then_some(value)
    });
    let mut visit = Visit::begin(settings.clone(), scene.addresses, "", "", landed());
    for statement in scene.statements {
        let _ = visit.hear(Statement::parse(statement).expect(statement), landed());
    }
    let _ = visit.remember("", scene.addresses, landed());
    let text = visit.record().map(|record| record.encode()).unwrap_or_default();
    let (cookie, local_storage) = (scene.places)(text);
    let inputs: Vec<_> = scene
        .inputs
        .iter()
        .map(|(hints, value)| ((*hints).to_owned(), (*value).to_owned()))
        .collect();
    let sentences = explain(&Facts {
        state: &PageState::parse(&visit.state()),
        settings: &settings,
        addresses: scene.addresses,
        tools: scene.tools,
        cookie: &cookie,
        local_storage: &local_storage,
        inputs: &inputs,
        leads_waiting: scene.leads_waiting,
        handed_over: scene.handed_over,
    });
    sentences.join("\n")
}

fn nothing(_: String) -> (Place, Place) {
    (Place::Holds(Vec::new()), Place::Holds(Vec::new()))
}

#[test]
fn who_decided_is_the_first_sentence() {
    let table: [(&'static str, &'static [&'static str], &'static str, &'static str); 13] = [
        (
            "",
            &[],
            "",
            "Nobody has answered about consent yet; no consent tool has been found on this page.",
        ),
        (
            "",
            &[],
            "tcf,klaro",
            "Nobody has answered about consent yet; found on this page: tcf,klaro.",
        ),
        (
            "data-consent-source=didomi",
            &[],
            "tcf",
            "data-consent-source lets only didomi give it.",
        ),
        (
            "data-consent=manual",
            &[],
            "",
            "the site itself has to tell it, by throughline.consent(",
        ),
        (
            "data-consent=not-required",
            &[],
            "",
            "Consent is not required here, says the tag",
        ),
        ("", GRANTED, "", "The visitor gave consent, says site."),
        (
            "data-region=US-TX",
            &["tcf,not_required"],
            "",
            "Consent is not required here, says tcf.",
        ),
        (
            "data-region=US-TX",
            &["klaro,implied,granted"],
            "",
            "without a choice of the visitor, says klaro.",
        ),
        (
            "data-region=US-TX",
            &["klaro,default,granted"],
            "",
            "granted until the visitor chooses, says klaro.",
        ),
        (
            "",
            &["osano,explicit,denied"],
            "",
            "The visitor refused consent or took it back, says osano.",
        ),
        (
            "",
            &["gpc,opt_out"],
            "",
            "The visitor opts out by Global Privacy Control, which outweighs every consent.",
        ),
        (
            "",
            &["gpp,opt_out"],
            "",
            "The visitor opts out, which outweighs every consent, says gpp.",
        ),
        (
            "",
            &["site,explicit,granted", "site,explicit,denied"],
            "",
            "took it back, says site.",
        ),
    ];
    for (attributes, statements, tools, expected) in table {
        let told = told(&Scene {
            attributes,
            statements,
            tools,
            ..SCENE
        });
        let first = told.lines().next().unwrap_or_default();
        assert!(first.contains(expected), "{attributes} {statements:?}: {told}");
    }
}

#[test]
fn without_a_grant_no_value_is_told() {
    for statements in [&[][..], &["site,explicit,denied"], &["gpc,opt_out"]] {
        let told = told(&Scene {
            statements,
            places: nothing,
            ..SCENE
        });
        assert!(
            told.contains("Nothing is kept, no field is filled, nothing is sent."),
            "{told}"
        );
        assert!(
            !told.contains("EAIaIQobChMI") && !told.contains("google"),
            "{told}"
        );
        assert_eq!(
            told.contains("names gclid, utm_source"),
            statements.is_empty(),
            "{told}"
        );
    }
}

#[test]
fn where_the_visit_is_kept_is_told_as_the_device_has_it() {
    let table: [(Places, &str); 5] = [
        (
            SCENE.places,
            "kept in the cookie throughline and in localStorage.",
        ),
        (
            |text| (Place::Holds(vec![text]), Place::Blocked),
            "lets nothing stand in localStorage.",
        ),
        (
            |text| (Place::Blocked, Place::Holds(vec![text])),
            "the browser takes no cookie.",
        ),
        (|_| (Place::Blocked, Place::Blocked), "known in memory only"),
        (nothing, "known in memory only"),
    ];
    for (places, expected) in table {
        let told = told(&Scene {
            statements: GRANTED,
            places,
            ..SCENE
        });
        assert!(told.contains(expected), "{expected}: {told}");
        assert!(!told.contains("damaged"), "{told}");
    }
}

#[test]
fn what_we_did_not_write_is_told_and_not_repeated() {
    let forged = |_| {
        (
            Place::Holds(vec!["<script>".to_owned()]),
            Place::Holds(Vec::new()),
        )
    };
    for statements in [&[][..], GRANTED] {
        let told = told(&Scene {
            statements,
            places: forged,
            ..SCENE
        });
        assert!(
            told.contains("in the cookie of the name throughline was not written by this script"),
            "{told}"
        );
        assert!(
            !told.contains("in the localStorage of the name") && !told.contains("<script>"),
            "{told}"
        );
    }
}

#[test]
fn what_an_address_holds_that_is_no_click_id_is_told_by_name() {
    let addresses = "https://a.example/?gclid={gclid}&fbclid=&msclkid=%00&wbraid=Cj0K&x=1#/lp?ttclid=";
    let told = told(&Scene { addresses, ..SCENE });
    for name in ["gclid", "fbclid", "msclkid", "ttclid"] {
        let sentence = [name, " in the page's address is not taken"].concat();
        assert_eq!(told.matches(&sentence).count(), 1, "{name}: {told}");
    }
    assert!(
        !told.contains("wbraid in the page's address is not taken"),
        "{told}"
    );
}

#[test]
fn the_values_of_the_newest_visit_and_what_named_a_person() {
    let addresses =
        "https://a.example/?gclid=EAIaIQobChMI_id&utm_term=ann%40example.com&utm_content=%2B49+170+1234567";
    let told = told(&Scene {
        addresses,
        statements: GRANTED,
        ..SCENE
    });
    assert!(told.contains("The newest visit, of 2026-11-24T"), "{told}");
    assert!(
        told.contains(": gclid = EAIaIQobChMI_id, utm_term = (e-mail address removed)"),
        "{told}"
    );
    assert!(
        told.contains("utm_term held an e-mail address, which is never kept."),
        "{told}"
    );
    assert!(
        told.contains("utm_content held a phone number, which is never kept."),
        "{told}"
    );
    assert!(!told.contains("ann"), "{told}");
}

#[test]
fn a_direct_visitor_has_nothing_to_keep() {
    let told = told(&Scene {
        addresses: "https://a.example/",
        statements: GRANTED,
        places: nothing,
        ..SCENE
    });
    assert!(told.contains("The visitor came directly"), "{told}");
    assert!(!told.contains("known in memory"), "{told}");
}

#[test]
fn why_a_field_is_empty_is_told_once_for_each() {
    let inputs = &[
        ("hidden\0\0gclid\0a\0", ""),
        ("hidden\0\0msclkid\0\0", ""),
        ("hidden\0\0msclkid\0\0", ""),
        ("hidden\0\0csrf\0\0", ""),
        ("hidden\0\0\0fbclid\0", "set"),
    ];
    let told = told(&Scene {
        statements: GRANTED,
        inputs,
        ..SCENE
    });
    assert_eq!(told.matches("The field ").count(), 1, "{told}");
    assert!(
        told.contains("The field msclkid is empty: no visit that is kept says what belongs there."),
        "{told}"
    );
}

#[test]
fn a_refused_hand_over_is_told_whatever_consent_says() {
    for statements in [&[][..], GRANTED] {
        let told = told(&Scene {
            statements,
            handed_over: Some("Too old."),
            ..SCENE
        });
        assert!(told.ends_with("Too old."), "{told}");
    }
}

#[test]
fn leads_that_wait_are_counted() {
    for (leads_waiting, words) in [
        (1, "1 lead waits in this browser"),
        (12, "12 leads wait in this browser"),
    ] {
        let told = told(&Scene {
            statements: GRANTED,
            leads_waiting,
            ..SCENE
        });
        assert!(told.contains(words), "{told}");
    }
    let told = told(&Scene {
        statements: GRANTED,
        ..SCENE
    });
    assert!(!told.contains("wait"), "{told}");
}
