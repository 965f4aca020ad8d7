//! Visits handed over between sites of one owner.

use support::browser::{Expected, Stage};

use crate::on_demand::{GRANT, REFUSE, assert_told, explained, land};

crate::browser_tests!("linked_sites":
    a_visit_is_handed_over_to_a_linked_site_and_joined_there,
    nothing_is_handed_over_in_advance_without_consent_or_elsewhere,
    forms_hand_the_visit_over_as_they_are_sent,
    err_a_handed_over_visit_that_is_forged_old_or_damaged,
    a_page_that_names_no_site_takes_nothing_and_cleans_its_address,
);

/// Lands on the page of a site of two, and follows its link to the other one.
fn land_with_links(stage: &Stage, query: &str) {
    land(stage, "linked.html", query);
    // The part is there when it has opened what the address carried.
    explained(stage);
}

fn href(stage: &Stage, selector: &str) -> String {
    stage.browser.text_of(&format!(
        "document.querySelector('{selector}').getAttribute('href')"
    ))
}

/// Clicks, and answers where the page would have gone.
fn left_for(stage: &Stage, selector: &str) -> String {
    stage.browser.text_of(&format!(
        "(() => {{
             const link = document.querySelector('{selector}');
             let left;
             addEventListener('click', (event) => {{ left = link.getAttribute('href'); event.preventDefault(); }}, {{ once: true }});
             link.click();
             return left;
         }})()"
    ))
}

fn a_visit_is_handed_over_to_a_linked_site_and_joined_there(stage: &Stage) {
    land_with_links(stage, &stage.click.query());
    stage.browser.script(GRANT);
    stage.fence();
    let written = href(stage, "#other");
    stage.browser.click("#other");
    stage
        .browser
        .wait_until("location.hostname === 'localhost' && document.readyState === 'complete'");
    stage.settle();
    explained(stage);
    assert_eq!(
        stage.browser.address(),
        written,
        "what was handed over is gone from the address bar, all else stays"
    );
    let arrived = stage
        .pages
        .log()
        .found(&Expected::any("/pages/linked.html?a=%20b&_tl="), 0);
    assert_eq!(arrived.len(), 1, "{arrived:?}");
    assert_eq!(
        stage.field("[name=gclid]"),
        "",
        "the other site has no consent yet"
    );
    stage.assert_nothing_is_kept();
    assert_told(
        &explained(stage),
        &["A link of another site handed a visit over; it waits for consent."],
    );
    stage.browser.script(GRANT);
    stage.fence();
    assert_eq!(stage.field("[name=gclid]"), stage.click.gclid);
    // The collector answers twice, and its first answer brings the cookie as it was before the visit was joined.
    stage
        .browser
        .wait_until(&format!("document.cookie.includes('{}')", stage.click.gclid));
    assert!(stage.stored_text().contains(&stage.click.gclid));
    stage.assert_no_error();
    stage.browser.script(REFUSE);
}

fn nothing_is_handed_over_in_advance_without_consent_or_elsewhere(stage: &Stage) {
    land_with_links(stage, &stage.click.query());
    let links = ["#other", "#own", "#stranger", "#mail", "#none"];
    let written = links.map(|link| href(stage, link));
    let assert_left_alone = |links: &[&str], when: &str| {
        for link in links {
            assert_eq!(left_for(stage, link), href(stage, link), "{link} {when}");
        }
    };
    assert_left_alone(&links, "before consent");
    stage.browser.script(GRANT);
    stage.fence();
    assert_eq!(links.map(|link| href(stage, link)), written, "nothing in advance");
    assert_left_alone(&links[1..], "under consent");
    assert!(left_for(stage, "#other").contains("&_tl="), "under consent");
    stage.fence();
    assert_eq!(href(stage, "#other"), written[0], "the link is as it was");
    stage.browser.script(REFUSE);
    assert_left_alone(&links, "after a withdrawal");
    stage.assert_no_error();
}

fn forms_hand_the_visit_over_as_they_are_sent(stage: &Stage) {
    for (form, expected) in [("#get", "/received?word=x&_tl="), ("#post", "/received?a=b&_tl=")] {
        land_with_links(stage, &stage.click.query());
        stage.browser.script(GRANT);
        stage.fence();
        let mark = stage.pages.log().mark();
        stage.browser.click(&format!("{form} button"));
        stage.pages.log().wait_for(&Expected::any(expected), mark);
        stage.empty_the_device();
        land_with_links(stage, &stage.click.query());
        let mark = stage.pages.log().mark();
        stage.browser.click(&format!("{form} button"));
        stage.pages.log().wait_for(&Expected::any("/received?"), mark);
        let came = stage.pages.log().found(&Expected::any(expected), mark);
        assert!(came.is_empty(), "without consent: {came:?}");
    }
}

fn err_a_handed_over_visit_that_is_forged_old_or_damaged(stage: &Stage) {
    // Made by the core for 1970, and copied from its own test.
    let old = "cuyo00.sroyq8.1~7C0~21https~253A~252F~252Fwww.example.com~252Flp~21https~253A~252F~252Fwww.google.com~252F~21gclid~3DCj0KCQ-_";
    let table = [
        (old.to_owned(), "such a link is good for two minutes"),
        (old.replace("gclid", "gclod"), "was damaged on its way"),
        (old[..40].to_owned(), "was damaged on its way"),
        ("<script>alert(1)</script>".to_owned(), "was damaged on its way"),
        ("%00%FF~".to_owned(), "was damaged on its way"),
        ("1".repeat(8_000), "was damaged on its way"),
    ];
    for (token, sentence) in table {
        // Each comes upon an empty device, and from another address.
        stage.empty_the_device();
        land_with_links(stage, &format!("?x=1&_tl={token}&y=2#end"));
        assert!(
            stage
                .browser
                .address()
                .ends_with("/pages/linked.html?x=1&y=2#end")
        );
        assert_told(&explained(stage), &[sentence]);
        stage.browser.script(GRANT);
        stage.fence();
        assert_eq!(stage.field("[name=gclid]"), "", "{sentence}");
        assert_told(&explained(stage), &[sentence]);
        stage.assert_no_error();
        stage.browser.script(REFUSE);
    }
}

fn a_page_that_names_no_site_takes_nothing_and_cleans_its_address(stage: &Stage) {
    stage.open("keeps-state.html", "?_tl=1.2.3");
    stage.settle();
    assert_told(
        &explained(stage),
        &["data-link-domains does not name the site it comes from"],
    );
    assert!(stage.browser.address().ends_with("/pages/keeps-state.html"));
    assert_eq!(
        stage.browser.text_of("JSON.stringify(history.state)"),
        "{\"page\":7}"
    );
    stage.assert_no_error();
}
