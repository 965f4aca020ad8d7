use super::*;
use serde_json::{Value, json};

fn body() -> Value {
    json!({"v":1,"site":"default","lead_id":"7K3M9QXA2F4HJK5NR","submitted_at":"2026-11-23T10:00:00.123Z",
        "page":"https://www.example.com/pricing?x=1",
        "form":{"id":"contact","name":"","action":"/thanks"},
        "touches":[{"at":"2026-11-20T09:00:00.000Z","landing":"https://www.example.com/lp",
            "referrer":"https://www.google.com/","ids":{"gclid":"Cj0KCQ-_"},"utm":{"utm_source":"google"},
            "params":{}}],
        "consent":{"ad_storage":"granted","ad_user_data":"granted","ad_personalization":"denied",
            "source":"consent_mode","basis":"explicit","observed_at":"2026-11-23T09:59:00.000Z"},
        "script":"0.1.0","is_admin":true})
}

fn accept(body: &Value) -> Result<Permitted<Lead>, LeadRefusal> {
    ReceivedLead::from_json(body.to_string().as_bytes())?.accept()
}

#[test]
fn what_is_read_is_written_again_but_for_what_nobody_knows() {
    let mut expected = body();
    expected["page"] = json!("https://www.example.com/pricing");
    expected.as_object_mut().expect("an object").remove("is_admin");
    let lead = accept(&body()).expect("accepted");
    assert_eq!(serde_json::to_value(&lead).expect("JSON"), expected);
}

#[test]
fn no_lead_is_lost_for_the_name_of_its_form() {
    let mut body = body();
    body["form"]["id"] = json!("x".repeat(300));
    let lead = accept(&body).expect("a lead");
    assert_eq!(lead.value().submission.form.id, "");
    assert_eq!(lead.value().submission.form.action, "/thanks");
}

#[test]
fn err_each_rule_by_name() {
    let table: [(&str, Value, LeadRefusal); 11] = [
        ("/v", json!(2), LeadRefusal::VersionUnknown),
        ("/v", json!("1"), LeadRefusal::FieldInvalid("")),
        ("/site", json!(7), LeadRefusal::FieldInvalid("")),
        (
            "/submitted_at",
            json!("2026-11-23T10:00:00"),
            LeadRefusal::FieldInvalid(""),
        ),
        ("/touches", json!({}), LeadRefusal::FieldInvalid("")),
        (
            "/lead_id",
            json!("7K3M9QXA2F4HJK5NS"),
            LeadRefusal::LeadIdInvalid(LeadIdError::Check),
        ),
        (
            "/lead_id",
            json!(""),
            LeadRefusal::LeadIdInvalid(LeadIdError::Length),
        ),
        (
            "/script",
            json!("x".repeat(300)),
            LeadRefusal::FieldInvalid("/script"),
        ),
        (
            "/consent/ad_storage",
            json!("denied"),
            LeadRefusal::ConsentMissing,
        ),
        ("/consent/ad_storage", json!("yes"), LeadRefusal::ConsentMissing),
        ("/consent", json!({}), LeadRefusal::ConsentMissing),
    ];
    for (pointer, value, refusal) in table {
        let mut body = body();
        *body.pointer_mut(pointer).expect("the field") = value;
        assert_eq!(accept(&body).map(|_| ()), Err(refusal), "{pointer}");
    }
    let of_windows: &[u8] = b"{\"v\":1,\"site\":\"K\xf6ln\"}";
    for text in [b"".as_slice(), b"{", b"lead_id=1", b"[1,]", of_windows] {
        assert_eq!(
            ReceivedLead::from_json(text).map(|_| ()).unwrap_err(),
            LeadRefusal::NotJson,
            "{text:?}"
        );
    }
}

#[test]
fn what_a_platforms_cookie_told_stays_marked() {
    let fbc = "fb.2.1618377853639.AbC-1_x.AQICAQMC";
    let mut body = body();
    let mut of_cookie = body["touches"][0].clone();
    of_cookie["at"] = json!("2026-11-21T09:00:00.000Z");
    of_cookie["ids"] = json!({"fbclid":"AbC-1_x"});
    of_cookie["cookie"] = json!("_fbc");
    of_cookie["fbc"] = json!(fbc);
    body["touches"].as_array_mut().expect("a list").push(of_cookie);
    let lead = accept(&body).expect("accepted");
    assert_eq!(
        serde_json::to_value(&lead).expect("JSON")["touches"],
        body["touches"]
    );
    let touch = lead.value().touches.last().expect("a touch");
    assert_eq!(
        (touch.cookie.as_deref(), touch.fbc.as_deref()),
        (Some("_fbc"), Some(fbc))
    );

    // An `fbc` that the cookie cannot have held is left out; a cookie that nobody knows is refused.
    body["touches"][1]["fbc"] = json!("fb.2.1618377853639.other");
    let lead = accept(&body).expect("accepted");
    assert_eq!(
        lead.value().touches.last().and_then(|touch| touch.fbc.clone()),
        None
    );
    body["touches"][1]["cookie"] = json!("_nobody");
    assert_eq!(
        accept(&body).map(|_| ()),
        Err(LeadRefusal::FieldInvalid("/touches"))
    );
}

#[test]
fn what_the_browser_calls_a_form_is_never_too_long() {
    let long = "%E3%81%82".repeat(40);
    let form = FormName::new(&long, &"é".repeat(200), &format!("/{long}?q=1"));
    let mut body = body();
    body["form"] = json!({"id": form.id, "name": form.name, "action": form.action});
    assert!(accept(&body).is_ok());
    let form = FormName::new("contact", "", "/thanks?x=1");
    assert_eq!((form.id.as_str(), form.action.as_str()), ("contact", "/thanks"));
}

fn hash(digit: &str) -> String {
    digit.repeat(64)
}

fn user() -> Value {
    json!({"email":{"google":hash("a"),"microsoft":hash("b"),"meta":hash("c")},"phone":{"google":hash("d"),"meta":hash("e")}})
}

#[test]
fn ok_the_hashes_of_who_sent_it_are_kept_where_the_visitor_agreed() {
    let mut body = body();
    body["user"] = user();
    let lead = accept(&body).expect("accepted");
    assert_eq!(serde_json::to_value(&lead).expect("JSON")["user"], user());
    // Written as others write them, or not known to us.
    body["user"] = json!({"email":{"google":hash("A"),"other":"x"},"name":"Ada"});
    let lead = accept(&body).expect("accepted");
    let written = serde_json::to_value(&lead).expect("JSON");
    assert_eq!(written["user"], json!({"email":{"google":hash("a")},"phone":{}}));
}

#[test]
fn a_lead_is_kept_without_hashes_that_the_visitor_did_not_agree_to() {
    for answer in [json!("denied"), json!(""), json!("yes")] {
        let mut body = body();
        body["user"] = user();
        body["consent"]["ad_user_data"] = answer;
        let lead = accept(&body).expect("accepted");
        assert!(lead.value().user.is_empty());
        assert_eq!(serde_json::to_value(&lead).expect("JSON").get("user"), None);
    }
}

#[test]
fn err_an_address_in_place_of_its_hash() {
    for address in ["ada@example.com", "", &"g".repeat(64), &"a".repeat(63)] {
        let mut body = body();
        body["user"] = json!({"email":{"google":address}});
        assert_eq!(
            accept(&body).map(|_| ()),
            Err(LeadRefusal::FieldInvalid("/user")),
            "{address}"
        );
    }
}

#[test]
fn the_same_lead_without_its_hashes_has_the_same_content() {
    let without = accept(&body()).expect("accepted");
    let mut body = body();
    body["user"] = user();
    let with = accept(&body).expect("accepted");
    assert_ne!(with.to_json(), without.to_json());
    assert_eq!(with.content(), without.content());
    assert_eq!(without.content(), without.to_json());
}

#[test]
fn a_lead_without_touches_is_a_lead() {
    let mut body = body();
    body["touches"] = json!([]);
    assert!(accept(&body).is_ok());
}

#[test]
fn a_touch_holds_no_more_parameters_of_the_site_than_a_page_keeps() {
    for (count, is_taken) in [(EXTRA_PARAMETERS_MAX, true), (EXTRA_PARAMETERS_MAX + 1, false)] {
        let mut body = body();
        let params: BTreeMap<String, &str> = (0..count).map(|number| (format!("p{number}"), "x")).collect();
        body["touches"][0]["params"] = json!(params);
        assert_eq!(accept(&body).is_ok(), is_taken, "{count}");
    }
}

#[test]
fn a_boundary_belongs_to_what_is_taken_and_a_byte_more_does_not() {
    let touch = json!({"at": "2026-11-18T09:00:00Z"});
    for (pointer, longest, too_long, refusal) in [
        (
            "/touches",
            json!(vec![&touch; TOUCHES_MAX]),
            json!(vec![&touch; TOUCHES_MAX + 1]),
            "/touches",
        ),
        (
            "/script",
            json!("x".repeat(NAME_BYTES_MAX)),
            json!("x".repeat(NAME_BYTES_MAX + 1)),
            "/script",
        ),
        (
            "/consent/source",
            json!("x".repeat(NAME_BYTES_MAX)),
            json!("x".repeat(NAME_BYTES_MAX + 1)),
            "/consent",
        ),
        (
            "/consent/basis",
            json!("x".repeat(NAME_BYTES_MAX)),
            json!("x".repeat(NAME_BYTES_MAX + 1)),
            "/consent",
        ),
    ] {
        for (value, expected) in [
            (longest, Ok(())),
            (too_long, Err(LeadRefusal::FieldInvalid(refusal))),
        ] {
            let mut body = body();
            *body.pointer_mut(pointer).expect("the field") = value;
            assert_eq!(accept(&body).map(|_| ()), expected, "{pointer}");
        }
    }
}

#[test]
fn only_the_signal_itself_is_an_opt_out() {
    for (sec_gpc, is_opt_out) in [
        ("1", true),
        (" 1 ", true),
        ("", false),
        ("0", false),
        ("11", false),
        ("true", false),
    ] {
        let received = ReceivedLead::from_json(body().to_string().as_bytes()).expect("JSON");
        assert_eq!(received.site(), "default");
        assert_eq!(received.heed(sec_gpc).is_err(), is_opt_out, "{sec_gpc}");
    }
}
