//! Where the landing is found: in the address, or in what the browser itself remembers of it.

use support::browser::Stage;

crate::browser_tests!("addresses":
    the_query_of_a_hash_route_is_read,
    an_address_that_was_cleaned_before_the_tag_is_found,
    a_route_that_brings_a_click_id_for_a_moment_is_a_visit,
    consent_on_a_later_page_finds_the_landing,
    consent_two_pages_later_finds_the_landing,
    a_refusal_on_a_later_page_forgets_the_landing,
    a_prerendered_page_is_no_visit_until_it_is_shown,
);

const GRANT: &str =
    "throughline.consent({ ad_storage: 'granted', ad_user_data: 'granted', ad_personalization: 'granted' })";
const REFUSE: &str = "throughline.consent({ ad_storage: 'denied' })";

/// Lands with this query or fragment, and lets the script do what it wants.
fn land(stage: &Stage, page: &str, query: &str) {
    stage.open(page, query);
    stage.settle();
}

/// Follows a link of the site, as a visitor does.
fn follow(stage: &Stage, page: &str) {
    // A click, because an address that a script sets before a visitor has done anything replaces the one before.
    stage.browser.script_with(
        "document.body.insertAdjacentHTML('beforeend', `<p><a id=next href=${arguments[0]}>Next</a>`)",
        vec![format!("/pages/{page}").into()],
    );
    stage.browser.click("#next");
    stage.browser.wait_until(&format!(
        "location.pathname.endsWith('{page}') && document.readyState === 'complete'"
    ));
    stage.settle();
}

fn assert_filled(stage: &Stage, after: &str) {
    stage.fence();
    assert_eq!(stage.field("[name=gclid]"), stage.click.gclid, "{after}");
    assert!(stage.cookie().contains(&stage.click.gclid), "{after}");
    stage.assert_no_error();
}

fn the_query_of_a_hash_route_is_read(stage: &Stage) {
    land(stage, "manual.html", &format!("#/lp?gclid={}", stage.click.gclid));
    stage.browser.script(GRANT);
    assert_filled(stage, "a hash route");
}

fn an_address_that_was_cleaned_before_the_tag_is_found(stage: &Stage) {
    land(stage, "cleaned.html", &stage.click.query());
    assert!(
        !stage.browser.address().contains("gclid"),
        "the page has cleaned its address"
    );
    stage.assert_nothing_is_kept();
    stage.browser.script(GRANT);
    assert_filled(stage, "a cleaned address");
}

fn a_route_that_brings_a_click_id_for_a_moment_is_a_visit(stage: &Stage) {
    let routes = format!(
        "history.pushState(null, '', '?gclid={}');
         // A browser without the Navigation API sees a route when it draws.
         if (!window.navigation) {{
             document.body.append('drawn');
             await new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)));
         }}
         history.replaceState(null, '', location.pathname);",
        stage.click.gclid
    );
    land(stage, "manual.html", "");
    stage.browser.async_script(&routes);
    stage.fence();
    stage.assert_nothing_is_kept();
    stage.browser.script(GRANT);
    assert_filled(stage, "a route before the grant");
    // After the grant a route is a new visit at once.
    stage
        .browser
        .script("history.pushState(null, '', '?gclid=EAIaIQobChMI_second-click-012345678'); document.body.append('drawn');");
    stage.fence();
    assert_eq!(stage.field("[name=gclid]"), "EAIaIQobChMI_second-click-012345678");
    assert_eq!(
        stage.browser.text_of("throughline.get().first.ids.gclid"),
        stage.click.gclid
    );
}

fn consent_on_a_later_page_finds_the_landing(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    follow(stage, "cleaned.html");
    stage.assert_nothing_is_kept();
    stage.browser.script(GRANT);
    assert_filled(stage, "one page later");
}

fn consent_two_pages_later_finds_the_landing(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    follow(stage, "cleaned.html");
    follow(stage, "manual.html");
    stage.assert_nothing_is_kept();
    let history = stage
        .browser
        .text_of("window.navigation ? JSON.stringify(navigation.entries().map(entry => entry.url)) : 'none'");
    stage.browser.script(GRANT);
    if history == "none" {
        // This browser remembers only the page before, and nothing may be stored in between.
        stage.fence();
        assert_eq!(stage.field("[name=gclid]"), "");
    } else {
        assert_filled(stage, &format!("two pages later, with the history {history}"));
    }
}

fn a_refusal_on_a_later_page_forgets_the_landing(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    follow(stage, "cleaned.html");
    stage.browser.script(REFUSE);
    stage.browser.script(GRANT);
    stage.fence();
    assert_eq!(stage.field("[name=gclid]"), "", "the refusal was heard first");
    stage.assert_nothing_is_kept();
}

fn a_prerendered_page_is_no_visit_until_it_is_shown(stage: &Stage) {
    stage.open("prerendered.html", &stage.click.query());
    stage.fence();
    stage.assert_nothing_is_kept();
    assert_eq!(stage.field("[name=gclid]"), "");
    let modules = stage
        .pages
        .log()
        .found(&support::browser::Expected::any("/throughline/capture-"), 0);
    assert!(
        modules.is_empty(),
        "nothing is downloaded for a page that nobody sees: {modules:?}"
    );
    stage.browser.script("show()");
    stage.settle();
    assert_filled(stage, "shown");
}
