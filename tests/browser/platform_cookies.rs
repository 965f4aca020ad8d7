//! Clicks in the platforms' own cookies: read after a grant, where no landing tells of a click.

use attribution::click_id::ClickIdParameter;
use support::browser::{Expected, Stage};

use crate::on_demand::{FILES, GRANT, REFUSE, assert_told, explained, land};

crate::browser_tests!("platform_cookies":
    clicks_in_the_platforms_cookies_are_read_after_a_grant_only,
    a_landing_outranks_what_a_cookie_tells,
    cookies_that_tell_of_no_click_and_forged_ones_fill_nothing,
    the_cookies_of_the_large_networks_are_looked_for,
);

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
