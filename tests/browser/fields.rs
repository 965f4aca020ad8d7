//! Which fields are filled, with what exactly, and which are left alone.

use support::browser::{Click, Expected, Stage};

crate::browser_tests!("fields":
    hidden_fields_are_found_by_name_id_token_and_own_attribute,
    what_the_visitor_or_the_page_filled_is_left_alone,
    a_token_without_a_value_is_sent_blank,
    a_token_is_sent_blank_even_before_consent,
    a_value_is_what_url_search_params_reads,
    a_field_that_comes_late_is_filled,
    a_filled_field_tells_the_page,
);

fn land(stage: &Stage, page: &str) {
    stage.open(page, &stage.click.query());
    stage.settle();
}

fn hidden_fields_are_found_by_name_id_token_and_own_attribute(stage: &Stage) {
    land(stage, "fields.html");
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
    let Click { gclid, gbraid } = &stage.click;
    for (selector, value) in [
        ("[name=gclid]", gclid.as_str()),
        ("[name='form_fields[utm_source]']", "google"),
        ("#UTM-Medium", "cpc"),
        ("[name='00N8d00000QN3Qa']", gclid),
        ("[name='entry.839337160']", "spring sale"),
        ("[name=input_5]", gbraid),
        ("[name=source_of_first]", "google"),
        // Names that only resemble ours.
        ("[name=gclid_date]", ""),
        ("[name=csrf]", "7f3a"),
        ("[name=foreign_token]", "[your-name]"),
    ] {
        assert_eq!(stage.field(selector), value, "{selector}");
    }
    stage.assert_no_error();
}

fn what_the_visitor_or_the_page_filled_is_left_alone(stage: &Stage) {
    stage.open(
        "fields.html",
        &format!("{}&utm_content=blue&utm_id=7&utm_term=pumps", stage.click.query()),
    );
    stage.settle();
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
    stage.browser.type_into("[name=utm_content]", "typed by hand");
    stage.browser.type_into("[name=note]", "[gclid]");
    stage.browser.script("throughline.fill()");
    let sent = send(stage);
    for (name, value) in [
        ("utm_content", "typed by hand"),
        ("utm_id", ""),
        ("note", "[gclid]"),
        ("utm_term", "set by the page"),
    ] {
        assert_eq!(sent.form_value(name), value, "{name}");
    }
}

fn a_token_without_a_value_is_sent_blank(stage: &Stage) {
    land(stage, "fields.html");
    let sent = send(stage);
    assert_eq!(sent.form_value("empty_token"), "");
    assert_eq!(
        sent.form_value("foreign_token"),
        "[your-name]",
        "a word of somebody else"
    );
    assert_eq!(sent.form_value("00N8d00000QN3Qa"), stage.click.gclid);
}

fn a_token_is_sent_blank_even_before_consent(stage: &Stage) {
    land(stage, "token-before-consent.html");
    assert_eq!(
        stage.field("[name=click]"),
        "[gclid]",
        "before consent no field is written while the page lives"
    );
    let sent = send(stage);
    assert_eq!(sent.form_value("click"), "");
    stage.assert_no_request_to_the_api();
}

fn a_value_is_what_url_search_params_reads(stage: &Stage) {
    for query in [
        "?gclid=AbC_d-9%2Bz%2Fq%3D&utm_campaign=a+b%20c%2Bd%25e%26f",
        "?utm_campaign=%C3%A9t%C3%A9%20%F0%9F%8C%B3&gclid=first_one_wins_0123&gclid=second_one_0123456",
        "?utm_campaign=%FFbroken%2&gclid=CaseSensitive_aBcD-0123",
    ] {
        stage.open("not-required.html", query);
        stage.settle();
        stage
            .browser
            .wait_until("document.querySelector('[name=gclid]').value !== ''");
        for name in ["gclid", "utm_campaign"] {
            let read = stage
                .browser
                .text_of(&format!("new URLSearchParams(location.search).get('{name}')"));
            assert_eq!(stage.field(&format!("[name={name}]")), read, "{name} of {query}");
        }
    }
}

fn a_field_that_comes_late_is_filled(stage: &Stage) {
    land(stage, "late-form.html");
    stage.browser.click("#add");
    stage
        .browser
        .wait_until("document.querySelector('#late [name=gclid]').value !== ''");
    assert_eq!(stage.field("#late [name=gclid]"), stage.click.gclid);
}

fn a_filled_field_tells_the_page(stage: &Stage) {
    land(stage, "late-form.html");
    stage.browser.script(
        "window.told = [];
         for (const name of ['input', 'change']) {
             document.addEventListener(name, event => told.push(name + ' ' + event.target.name));
         }",
    );
    stage.browser.click("#add");
    stage.browser.wait_until("told.length >= 2");
    assert_eq!(stage.browser.text_of("told"), "input gclid,change gclid");
}

/// Sends the page's form as a visitor does, and gives what arrived.
fn send(stage: &Stage) -> support::browser::RecordedRequest {
    let mark = stage.pages.log().mark();
    stage.browser.click("#contact button");
    stage.pages.log().wait_for(&Expected::post("/received"), mark)
}
