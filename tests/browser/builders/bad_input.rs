//! Pages that would break a filler that trusts them: the form still sends what the visitor entered, the page sees no
//! exception of ours, and nothing is filled that must not be.

use support::browser::{Expected, Stage};

use super::{Builder, PLAIN, say, send, shown_by_pages, wait_for_the_form};

shown_by_pages!("bad_input":
    "a_form_with_the_names_of_its_own_properties": NAMES,
    "a_form_full_of_traps": TRAPS,
    "a_form_whose_fields_take_nothing": SETTERS;
    who_insists_on_a_field_has_it_and_nobody_goes_on_for_ever,
    thousands_of_forms_are_filled_and_sent,
    a_form_in_a_sandbox_is_out_of_reach_and_works,
);

/// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#named-access-on-the-window-object> and its kin: an input
/// takes the place of a property of its form, a form that of a global.
const NAMES: Builder = Builder {
    page: "bad_names.html",
    body: &[
        ("email", "ada@example.com"),
        ("elements", "1"),
        ("action", "contact"),
        ("id", "7"),
        ("name", "n"),
        ("method", "m"),
        ("attributes", "a"),
        ("getAttribute", "g"),
        ("querySelector", "q"),
        ("querySelectorAll", "qa"),
        ("matches", "ma"),
        ("closest", "c"),
        ("hasAttribute", "h"),
        ("addEventListener", "ae"),
        ("dispatchEvent", "d"),
        ("isConnected", "ic"),
        ("shadowRoot", "s"),
        ("target", ""),
        ("reset", "r"),
        ("gclid", "{gclid}"),
        ("utm_campaign", "{utm_campaign}"),
        ("lead_id", "{lead_id}"),
        ("submit", "shadows the method"),
    ],
    ..PLAIN
};

const TRAPS: Builder = Builder {
    page: "bad_traps.html",
    body: &[
        ("email", "ada@example.com"),
        ("gclid", "{gclid}"),
        ("csrf", ""),
        ("csrf_token", ""),
        ("authenticity_token", ""),
        ("_token", ""),
        ("__RequestVerificationToken", ""),
        ("nonce", ""),
        ("_gclid", ""),
        ("__VIEWSTATE", ""),
        ("form_build_id", ""),
        ("oid", ""),
        ("retURL", ""),
        ("hs_context", ""),
        ("source", ""),
        ("campaign", ""),
        ("gclid_date", ""),
        ("hp", ""),
        ("honeypot", ""),
        ("website", ""),
        ("url", ""),
        ("fax", ""),
        ("field_77", ""),
        ("nothing", ""),
        ("confirm_email", ""),
        ("field_78", ""),
        ("utm_source", ""),
        ("utm_term", "a preset"),
    ],
    ..PLAIN
};

/// One throws whoever reads or writes it, one throws when its attributes are set, one has a listener that throws. What
/// the browser sends of them is its own; the others are filled.
const SETTERS: Builder = Builder {
    page: "bad_setters.html",
    body: &[
        ("email", "ada@example.com"),
        ("gclid", "{gclid}"),
        ("first_gclid", "{gclid}"),
        ("gbraid", "{gbraid}"),
        ("utm_campaign", "{utm_campaign}"),
        ("lead_id", "{lead_id}"),
    ],
    ..PLAIN
};

fn who_insists_on_a_field_has_it_and_nobody_goes_on_for_ever(stage: &Stage) {
    stage.open("builders/bad_insistence.html", &stage.click.query());
    stage.settle();
    say(stage, "granted");
    // The page changes all the time, so a filler that is not capped writes in every frame.
    stage
        .browser
        .wait_until("document.querySelectorAll('i').length > 100");
    let before = stage.browser.text_of("JSON.stringify(Object.values(writes))");
    stage
        .browser
        .wait_until("document.querySelectorAll('i').length > 150");
    let after = stage.browser.text_of("JSON.stringify(Object.values(writes))");
    assert_eq!(before, after, "the fields are still written");
    let builder = Builder {
        page: "bad_insistence.html",
        ..PLAIN
    };
    let sent = send(stage, &builder);
    assert_eq!(sent.form_value("email"), "ada@example.com");
    assert_eq!(
        sent.form_value("utm_source"),
        "another filler",
        "the other filler was there first"
    );
    let sum = "Object.values(writes).reduce((sum, count) => sum + count)";
    let writes = stage.browser.script(&format!("return {sum}"));
    assert!(writes.as_u64() < Some(30), "{writes} writes");
    stage.assert_no_error();
}

fn thousands_of_forms_are_filled_and_sent(stage: &Stage) {
    stage.open("builders/bad_thousands.html", &stage.click.query());
    stage.settle();
    say(stage, "granted");
    stage.browser.wait_until("filledForms() === 3000");
    let builder = Builder {
        page: "bad_thousands.html",
        ..PLAIN
    };
    let sent = send(stage, &builder);
    let expected = [
        ("email", "ada@example.com"),
        ("number", "2999"),
        ("gclid", stage.click.gclid.as_str()),
    ];
    assert_eq!(
        sent.fields(),
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

fn a_form_in_a_sandbox_is_out_of_reach_and_works(stage: &Stage) {
    stage.open("builders/bad_sandbox.html", &stage.click.query());
    stage.settle();
    say(stage, "granted");
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
    let builder = Builder {
        frame: "iframe",
        ..PLAIN
    };
    wait_for_the_form(stage, &builder);
    stage.assert_no_error();
    let mark = stage.pages.log().mark();
    super::in_frame(stage, &builder, || {
        // WebKit's driver types into no frame of this kind.
        stage
            .browser
            .script("document.querySelector('[name=email]').value = 'ada@example.com'");
        stage.browser.click("[data-send]");
    });
    let sent = stage.pages.log().wait_for(&Expected::post("/received"), mark);
    assert_eq!(sent.form_value("email"), "ada@example.com");
    assert_eq!(sent.form_value("gclid"), "");
}
