//! The part that a page downloads only when it needs it: what `explain()` says, clicks in the platforms' own cookies,
//! visits handed over between sites of one owner; and that nobody pays for it who needs none of these.

use attribution::click_id::ClickIdParameter;
use support::browser::{Expected, Stage};

crate::browser_tests!("on_demand":
    a_page_that_asks_for_nothing_downloads_nothing_of_it,
    before_the_script_is_there_there_is_a_sentence,
    without_an_answer_it_says_who_could_give_it,
    after_a_grant_it_says_what_is_kept_and_where,
    after_a_refusal_and_an_opt_out_it_says_who_refused,
    where_the_browser_keeps_nothing_it_says_so,
    of_a_hostile_address_it_says_what_is_not_taken,
    of_a_forged_cookie_it_says_that_it_is_not_read,
    without_webassembly_it_says_the_same,
    err_a_part_that_cannot_be_fetched_is_a_sentence,
    clicks_in_the_platforms_cookies_are_read_after_a_grant_only,
    a_landing_outranks_what_a_cookie_tells,
    cookies_that_tell_of_no_click_and_forged_ones_fill_nothing,
    the_cookies_of_the_large_networks_are_looked_for,
    a_visit_is_handed_over_to_a_linked_site_and_joined_there,
    nothing_is_handed_over_in_advance_without_consent_or_elsewhere,
    forms_hand_the_visit_over_as_they_are_sent,
    err_a_handed_over_visit_that_is_forged_old_or_damaged,
    a_page_that_names_no_site_takes_nothing_and_cleans_its_address,
);

const GRANT: &str =
    "throughline.consent({ ad_storage: 'granted', ad_user_data: 'granted', ad_personalization: 'granted' })";
const REFUSE: &str = "throughline.consent({ ad_storage: 'denied' })";
const FILES: &str = "/throughline/on_demand-";

fn land(stage: &Stage, page: &str, query: &str) {
    stage.open(page, query);
    stage.settle();
}

/// The sentences, each a line.
fn explained(stage: &Stage) -> String {
    let told = stage
        .browser
        .async_script("return (await throughline.explain()).join('\\n');");
    told.as_str().unwrap_or_default().to_owned()
}

fn assert_told(told: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert!(told.contains(sentence), "`{sentence}` is missing:\n{told}");
    }
}

fn a_page_that_asks_for_nothing_downloads_nothing_of_it(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    stage.browser.script(GRANT);
    stage.fence();
    stage.browser.script(REFUSE);
    stage.fence();
    let came = stage.pages.log().found(&Expected::any(FILES), 0);
    assert!(came.is_empty(), "{came:?}");
}

fn before_the_script_is_there_there_is_a_sentence(stage: &Stage) {
    stage.open("prerendered.html", &stage.click.query());
    stage.browser.wait_until("window.throughline");
    assert_eq!(explained(stage), "The script is not loaded yet.");
}

fn without_an_answer_it_says_who_could_give_it(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    let told = explained(stage);
    assert_told(
        &told,
        &[
            "Nobody has answered about consent yet; the site itself has to tell it",
            "Nothing is kept, no field is filled, nothing is sent.",
            "gbraid, gclid, utm_source",
        ],
    );
    assert!(!told.contains(&stage.click.gclid), "{told}");
    stage.assert_nothing_is_kept();
    stage.assert_no_error();
}

fn after_a_grant_it_says_what_is_kept_and_where(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    stage.browser.script(GRANT);
    stage
        .browser
        .script("document.forms[0].insertAdjacentHTML('beforeend', '<input type=hidden name=msclkid>')");
    stage.fence();
    let told = explained(stage);
    assert_told(
        &told,
        &[
            "The visitor gave consent, says site.",
            "kept in the cookie throughline and in localStorage.",
            &format!("gclid = {}", stage.click.gclid),
            "The field msclkid is empty",
        ],
    );
    assert!(!told.contains("The field gclid"), "{told}");
    stage.assert_no_error();
}

fn after_a_refusal_and_an_opt_out_it_says_who_refused(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    stage.browser.script(GRANT);
    stage.browser.script(REFUSE);
    let told = explained(stage);
    assert_told(
        &told,
        &["The visitor refused consent or took it back, says site."],
    );
    assert!(!told.contains(&stage.click.gclid), "{told}");
    stage.browser.script(
        "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true });
                 dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));",
    );
    assert_told(
        &explained(stage),
        &["The visitor opts out by Global Privacy Control"],
    );
    stage.assert_nothing_of_ours_is_kept();
    stage.assert_no_error();
}

fn where_the_browser_keeps_nothing_it_says_so(stage: &Stage) {
    stage.open("blocked-storage.html", &stage.click.query());
    stage
        .browser
        .wait_until("document.querySelector('iframe').src !== ''");
    stage.browser.enter_frame("iframe");
    stage.settle();
    let told = explained(stage);
    assert_told(
        &told,
        &[
            "Consent is not required here",
            "known in memory only",
            &stage.click.gclid,
        ],
    );
    stage.assert_no_error();
    stage.browser.leave_frame();
}

fn of_a_hostile_address_it_says_what_is_not_taken(stage: &Stage) {
    let names: String = (0..2_000)
        .map(|number| format!("&n{number}=%FF%00<script>"))
        .collect();
    let query =
        format!("?gclid={{gclid}}&fbclid=%00&__proto__=1&constructor=2&utm_term=ann%40example.com{names}");
    land(stage, "manual.html", &query);
    assert_told(
        &explained(stage),
        &[
            "gclid in the page's address is not taken",
            "fbclid in the page's address is not taken",
            "names utm_term, known in memory only",
        ],
    );
    stage.browser.script(GRANT);
    stage.fence();
    let told = explained(stage);
    assert_told(&told, &["utm_term held an e-mail address, which is never kept."]);
    assert!(!told.contains("ann@") && !told.contains("<script>"), "{told}");
    stage.assert_no_error();
}

fn of_a_forged_cookie_it_says_that_it_is_not_read(stage: &Stage) {
    land(stage, "manual.html", "");
    stage
        .browser
        .script("document.cookie = 'throughline=<img src=x>; Path=/'");
    let told = explained(stage);
    assert_told(
        &told,
        &["What stands in the cookie of the name throughline was not written by this script"],
    );
    assert!(!told.contains("<img"), "{told}");
    stage.assert_no_error();
}

fn without_webassembly_it_says_the_same(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    let told = explained(stage);
    stage.pages.set_policy("script-src 'self'");
    land(stage, "manual.html", &stage.click.query());
    let mark = stage.pages.log().mark();
    assert_eq!(explained(stage), told);
    let came = stage.pages.log().found(&Expected::any(FILES), mark);
    assert!(
        came.iter().any(|request| request.path.contains("on_demand-js-")),
        "{came:?}"
    );
}

fn err_a_part_that_cannot_be_fetched_is_a_sentence(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    stage.browser.script(
        "const policy = document.createElement('meta');
         policy.httpEquiv = 'Content-Security-Policy';
         policy.content = \"script-src 'none'\";
         document.head.append(policy);",
    );
    let told = explained(stage);
    assert_told(&told, &["rror"]);
    stage.assert_no_error();
}

/// Cookies as the platforms' own tags write them now, and the id in each.
const COOKIES: &str = "
    const now = Date.now(), seconds = Math.floor(now / 1000);
    document.cookie = `_gcl_aw=GCL.${seconds}.Cj0KCQ-cookie_id-012345; Path=/`;
    document.cookie = `_fbc=fb.1.${now}.IwAR0cookie_id; Path=/`;
    document.cookie = '_uetmsclkid=_uet0123456789abcdef0123456789abcdef; Path=/';
    document.cookie = '_gcl_au=1.1.123456789.1795511600; Path=/';
    for (const name of ['fbclid', 'msclkid']) {
        document.forms[0].insertAdjacentHTML('beforeend', `<input type=hidden name=${name}>`);
    }";

fn clicks_in_the_platforms_cookies_are_read_after_a_grant_only(stage: &Stage) {
    land(stage, "manual.html", "");
    stage.browser.script(COOKIES);
    stage.fence();
    assert_eq!(stage.field("[name=gclid]"), "");
    let came = stage.pages.log().found(&Expected::any(FILES), 0);
    assert!(came.is_empty(), "{came:?}");
    stage.browser.script(GRANT);
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
    assert_eq!(stage.field("[name=gclid]"), "Cj0KCQ-cookie_id-012345");
    assert_eq!(stage.field("[name=fbclid]"), "IwAR0cookie_id");
    assert_eq!(stage.field("[name=msclkid]"), "0123456789abcdef0123456789abcdef");
    assert!(stage.cookie().contains("!_gcl_aw"), "{}", stage.cookie());
    assert_told(
        &explained(stage),
        &[
            "told by the platform's own cookie _gcl_aw",
            "gclid = Cj0KCQ-cookie_id-012345",
        ],
    );
    stage.browser.script(REFUSE);
    assert_eq!(stage.field("[name=gclid]"), "");
    stage.assert_nothing_of_ours_is_kept();
    stage.assert_no_error();
}

fn a_landing_outranks_what_a_cookie_tells(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    stage.browser.script(COOKIES);
    stage.browser.script(GRANT);
    stage.fence();
    assert_eq!(stage.field("[name=gclid]"), stage.click.gclid);
    assert!(!stage.cookie().contains("_gcl_aw"), "{}", stage.cookie());
    let came = stage.pages.log().found(&Expected::any(FILES), 0);
    assert!(came.is_empty(), "who knows a click needs no cookie: {came:?}");
    stage.assert_no_error();
}

fn cookies_that_tell_of_no_click_and_forged_ones_fill_nothing(stage: &Stage) {
    land(stage, "manual.html", "");
    stage.browser.script(
        "document.cookie = '_gcl_au=1.1.123456789.1795511600; Path=/';
         document.cookie = '_gcl_gs=2.1.k1$i1795511600; Path=/';",
    );
    stage.browser.script(GRANT);
    stage.fence();
    let came = stage.pages.log().found(&Expected::any(FILES), 0);
    assert!(came.is_empty(), "none of them names a click: {came:?}");
    land(stage, "manual.html", "");
    let mark = stage.pages.log().mark();
    stage.browser.script(
        "document.cookie = '_gcl_aw=GCL.1.<script>; Path=/'; document.cookie = '_fbc=fb.1; Path=/';
         document.cookie = '_uetmsclkid=%FF%00; Path=/';",
    );
    stage.browser.script(GRANT);
    stage.pages.log().wait_for(&Expected::any(FILES), mark);
    explained(stage);
    stage.fence();
    assert_eq!(stage.field("[name=gclid]"), "");
    stage.assert_nothing_of_ours_is_kept();
    stage.assert_no_error();
}

/// Those of small networks cost every visitor bytes; they are read where one of these is there too.
fn the_cookies_of_the_large_networks_are_looked_for(stage: &Stage) {
    const LARGE: [&str; 12] = [
        "_gcl_aw",
        "_gcl_ag",
        "_gcl_gb",
        "_gcl_dc",
        "_fbc",
        "_uetmsclkid",
        "ttclid",
        "twclid",
        "li_fat_id",
        "_epik",
        "_rdt_cid",
        "_scclid",
    ];
    for name in LARGE {
        let cookies = ClickIdParameter::all().map(ClickIdParameter::cookie);
        let is_registered = cookies
            .into_iter()
            .any(|cookie| cookie.split('=').next() == Some(name));
        assert!(is_registered, "{name}");
        stage.empty_the_device();
        land(stage, "manual.html", "");
        stage
            .browser
            .script(&format!("document.cookie = '{name}=x; Path=/'"));
        stage.browser.script(GRANT);
        // Asked for in the page's own words, because a browser takes the file from its cache.
        stage.browser.wait_until(&format!(
            "performance.getEntriesByType('resource').some(entry => entry.name.includes('{FILES}'))"
        ));
    }
}

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
