//! What is remembered from one page to the next.

use support::browser::Stage;

crate::browser_tests!("visits":
    a_second_page_without_a_query_still_fills,
    a_new_click_replaces_the_old_id,
    a_campaign_without_a_click_keeps_the_click_id,
    cookie_and_storage_repair_each_other,
    forgetting_empties_the_device,
    hosts_of_one_domain_share_the_cookie,
    a_cookie_may_be_kept_to_its_host,
);

fn visit(stage: &Stage, query: &str) {
    stage.open("not-required.html", query);
    stage.settle();
}

fn a_second_page_without_a_query_still_fills(stage: &Stage) {
    visit(stage, &stage.click.query());
    let kept = stage.cookie();
    visit(stage, "");
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
    assert_eq!(stage.field("[name=gclid]"), stage.click.gclid);
    assert_eq!(stage.field("[name=utm_campaign]"), "spring sale");
    assert_eq!(stage.cookie(), kept, "a direct visit changes nothing");
}

fn a_new_click_replaces_the_old_id(stage: &Stage) {
    visit(stage, &stage.click.query());
    visit(
        stage,
        "?gclid=EAIaIQobChMI_newer-click-0123456789&utm_campaign=autumn",
    );
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
    assert_eq!(stage.field("[name=gclid]"), "EAIaIQobChMI_newer-click-0123456789");
    assert_eq!(stage.field("[name=utm_campaign]"), "autumn");
    assert_eq!(
        stage.browser.text_of("throughline.get().first.ids.gclid"),
        stage.click.gclid,
        "the first touch stays"
    );
}

fn a_campaign_without_a_click_keeps_the_click_id(stage: &Stage) {
    visit(stage, &stage.click.query());
    visit(stage, "?utm_source=newsletter&utm_campaign=november");
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
    assert_eq!(
        stage.field("[name=gclid]"),
        stage.click.gclid,
        "the newest click of the platform"
    );
    assert_eq!(stage.field("[name=utm_campaign]"), "november", "the newest touch");
}

fn cookie_and_storage_repair_each_other(stage: &Stage) {
    for lose in [
        "document.cookie = 'throughline=; Path=/; Max-Age=0'",
        "localStorage.removeItem('throughline')",
    ] {
        visit(stage, &stage.click.query());
        stage.browser.script(lose);
        visit(stage, "");
        assert!(stage.cookie().contains(&stage.click.gclid), "after {lose}");
        assert_eq!(stage.cookie(), stage.stored_text(), "after {lose}");
    }
}

fn forgetting_empties_the_device(stage: &Stage) {
    visit(stage, &stage.click.query());
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
    stage.browser.script("throughline.forget()");
    stage.assert_nothing_is_kept();
    assert_eq!(
        (stage.field("[name=gclid]"), stage.field("[name=lead_id]")),
        (String::new(), String::new())
    );
}

/// Opens a page at `www` or `shop` of a domain under `co.uk`, or at the one host that the engine can reach.
fn visit_host(stage: &Stage, label: &str, page: &str, query: &str) {
    let origin = stage.pages.origin();
    let host = stage.browser.engine().named_host(label);
    let origin = host.map_or(origin.clone(), |host| origin.replace("127.0.0.1", &host));
    stage.browser.open(&format!("{origin}/pages/{page}{query}"));
    stage.settle();
    stage.fence();
}

fn hosts_of_one_domain_share_the_cookie(stage: &Stage) {
    visit_host(stage, "www", "not-required.html", &stage.click.query());
    visit_host(stage, "shop", "not-required.html", "");
    assert!(
        stage.cookie().contains(&stage.click.gclid),
        "the browser refuses a cookie for `co.uk` and takes one for the domain: `{}`",
        stage.cookie()
    );
    assert_eq!(stage.field("[name=gclid]"), stage.click.gclid);
    stage.browser.script("throughline.forget()");
    assert_eq!(stage.cookie(), "", "and takes it away again");
    visit_host(stage, "www", "manual.html", "");
    assert_eq!(stage.cookie(), "", "from every host");
    stage.browser.script("localStorage.clear()");
}

fn a_cookie_may_be_kept_to_its_host(stage: &Stage) {
    visit_host(stage, "www", "host-cookie.html", &stage.click.query());
    assert!(stage.cookie().contains(&stage.click.gclid));
    if stage.browser.engine().named_host("shop").is_some() {
        visit_host(stage, "shop", "manual.html", "");
        assert_eq!(stage.cookie(), "", "another host does not see it");
        visit_host(stage, "www", "host-cookie.html", "");
    }
    stage.browser.script("throughline.forget()");
    assert_eq!(stage.cookie(), "");
}
