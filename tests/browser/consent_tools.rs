//! Real consent tools, as their makers ship them: what each does to the device, step by step.
//!
//! A tool is one entry of [`Tool`]; every behaviour below is shown with each of them.

use support::browser::{BrowserTest, Expected, Stage};

/// A consent tool and how a visitor drives it. Each step is a script in a page of `pages/real_tools/`, by the tool's own
/// buttons where it has some.
struct Tool {
    /// The page that has it.
    page: &'static str,
    /// True when it is ready for the first answer.
    is_asking: &'static str,
    grant: &'static str,
    refuse: &'static str,
    /// Refuses after a grant.
    withdraw: &'static str,
}

const VANILLA_COOKIECONSENT: Tool = Tool {
    page: "real_tools/vanilla_cookieconsent.html",
    is_asking: "document.querySelector('[data-role=all]')",
    grant: "document.querySelector('[data-role=all]').click()",
    refuse: "document.querySelector('[data-role=necessary]').click()",
    withdraw: "CookieConsent.acceptCategory([])",
};

const KLARO: Tool = Tool {
    page: "real_tools/klaro.html",
    is_asking: "document.querySelector('#klaro .cm-btn-success')",
    grant: "document.querySelector('#klaro .cm-btn-success').click()",
    refuse: "document.querySelector('#klaro .cn-decline').click()",
    withdraw: "const manager = klaro.getManager(); manager.changeAll(false); manager.saveAndApplyConsents()",
};

const TARTEAUCITRON: Tool = Tool {
    page: "real_tools/tarteaucitron.html",
    is_asking: "document.querySelector('#tarteaucitronPersonalize2')",
    grant: "tarteaucitron.userInterface.respondAll(true)",
    refuse: "tarteaucitron.userInterface.respondAll(false)",
    withdraw: "tarteaucitron.userInterface.respondAll(false)",
};

const COOKIECONSENT: Tool = Tool {
    page: "real_tools/cookieconsent.html",
    is_asking: "document.querySelector('.cc-allow')",
    grant: "document.querySelector('.cc-allow').click()",
    refuse: "document.querySelector('.cc-deny').click()",
    withdraw: "document.querySelector('.cc-revoke').click(); document.querySelector('.cc-deny').click()",
};

const TCF: Tool = Tool {
    page: "real_tools/tcf.html",
    is_asking: "window.cmp",
    grant: "cmp.choose([1, 2, 3, 4, 7], [755])",
    refuse: "cmp.choose([], [])",
    withdraw: "cmp.ask(); cmp.choose([2, 3, 4, 7], [755])",
};

/// In the USA nobody is asked first: a visitor who has not objected is one whose law asks for no consent.
const GPP: Tool = Tool {
    page: "real_tools/gpp.html",
    is_asking: "window.cmp",
    grant: "cmp.choose(2)",
    refuse: "cmp.choose(1)",
    withdraw: "cmp.choose(1)",
};

macro_rules! shown_with_each_tool {
    ($($name:literal: $tool:ident),+ $(,)?) => {
        pub(crate) const TESTS: &[BrowserTest] = &[$(
            BrowserTest {
                name: concat!("consent_tools::", $name, "::a_grant_is_kept_and_filled_over_a_reload"),
                show: |stage| a_grant_is_kept_and_filled_over_a_reload(stage, &$tool),
            },
            BrowserTest {
                name: concat!("consent_tools::", $name, "::a_refusal_keeps_nothing_over_a_reload"),
                show: |stage| a_refusal_keeps_nothing_over_a_reload(stage, &$tool),
            },
            BrowserTest {
                name: concat!("consent_tools::", $name, "::a_withdrawal_leaves_nothing_over_a_reload"),
                show: |stage| a_withdrawal_leaves_nothing_over_a_reload(stage, &$tool),
            },
            BrowserTest {
                name: concat!("consent_tools::", $name, "::a_second_tab_knows_the_answer_and_may_take_it_back"),
                show: |stage| a_second_tab_knows_the_answer_and_may_take_it_back(stage, &$tool),
            },
            BrowserTest {
                name: concat!("consent_tools::", $name, "::going_back_past_a_withdrawal_brings_nothing_back"),
                show: |stage| going_back_past_a_withdrawal_brings_nothing_back(stage, &$tool),
            },
        )+];
    };
}

shown_with_each_tool! {
    "vanilla_cookieconsent": VANILLA_COOKIECONSENT,
    "klaro": KLARO,
    "tarteaucitron": TARTEAUCITRON,
    "cookieconsent": COOKIECONSENT,
    "tcf": TCF,
    "gpp": GPP,
}

fn a_grant_is_kept_and_filled_over_a_reload(stage: &Stage, tool: &Tool) {
    land_unanswered(stage, tool);
    grant(stage, tool);
    open_again(stage, tool);
    assert_kept_and_filled(stage);
}

fn a_refusal_keeps_nothing_over_a_reload(stage: &Stage, tool: &Tool) {
    land_unanswered(stage, tool);
    stage.browser.script(tool.refuse);
    wait_for_state(stage, "denied");
    assert_untouched(stage);
    open_again(stage, tool);
    wait_for_state(stage, "denied");
    assert_untouched(stage);
}

fn a_withdrawal_leaves_nothing_over_a_reload(stage: &Stage, tool: &Tool) {
    land_unanswered(stage, tool);
    grant(stage, tool);
    let mark = stage.pages.log().mark();
    stage.browser.script(tool.withdraw);
    wait_for_state(stage, "denied");
    assert_taken_back(stage, mark);
    open_again(stage, tool);
    wait_for_state(stage, "denied");
    assert_taken_back(stage, mark);
}

fn a_second_tab_knows_the_answer_and_may_take_it_back(stage: &Stage, tool: &Tool) {
    land_unanswered(stage, tool);
    grant(stage, tool);
    let mark = stage.pages.log().mark();
    stage.browser.in_second_tab(|| {
        open_again(stage, tool);
        assert_kept_and_filled(stage);
        stage.browser.script(tool.withdraw);
        wait_for_state(stage, "denied");
        assert_taken_back(stage, mark);
    });
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value === ''");
    assert_taken_back(stage, mark);
}

fn going_back_past_a_withdrawal_brings_nothing_back(stage: &Stage, tool: &Tool) {
    land_unanswered(stage, tool);
    grant(stage, tool);
    open_again(stage, tool);
    assert_kept_and_filled(stage);
    stage.browser.script(tool.withdraw);
    wait_for_state(stage, "denied");
    stage.browser.back();
    stage.settle();
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value === ''");
    stage.fence();
    stage.assert_nothing_of_ours_is_kept();
    assert_fields_are_empty(stage);
    stage.assert_no_error();
}

/// Lands from an ad, and nobody has answered yet.
fn land_unanswered(stage: &Stage, tool: &Tool) {
    stage.open(tool.page, &stage.click.query());
    stage.settle();
    stage.browser.wait_until(tool.is_asking);
    assert_untouched(stage);
}

/// Lets the visitor agree, and waits for the collector's answer, which comes long before a person thinks again.
fn grant(stage: &Stage, tool: &Tool) {
    stage.browser.script(tool.grant);
    assert_kept_and_filled(stage);
    let notice = Expected::post("/throughline/v1/consent")
        .holding("granted")
        .answered();
    stage.pages.log().wait_for(&notice, 0);
    stage.fence();
}

/// A later page of the visit, without a query.
fn open_again(stage: &Stage, tool: &Tool) {
    stage.open(tool.page, "");
    stage.settle();
}

fn wait_for_state(stage: &Stage, state: &str) {
    stage.browser.wait_until(&format!(
        "seenEvents.some(([name, detail]) => name === 'change' && detail.consent === '{state}')"
    ));
}

/// Nothing of ours is anywhere, and nothing was sent.
fn assert_untouched(stage: &Stage) {
    stage.fence();
    stage.assert_nothing_of_ours_is_kept();
    assert_fields_are_empty(stage);
    stage.assert_no_request_to_the_api();
    stage.assert_no_error();
}

/// The same after a grant, when something may have been sent before.
fn assert_taken_back(stage: &Stage, mark: usize) {
    stage.fence();
    stage.assert_nothing_of_ours_is_kept();
    assert_fields_are_empty(stage);
    let leads = stage
        .pages
        .log()
        .found(&Expected::any("/throughline/v1/leads"), mark);
    assert!(leads.is_empty(), "a lead was sent: {leads:?}");
    stage.assert_no_error();
}

fn assert_fields_are_empty(stage: &Stage) {
    for name in ["gclid", "utm_campaign", "lead_id"] {
        assert_eq!(stage.field(&format!("[name={name}]")), "", "{name}");
    }
}

fn assert_kept_and_filled(stage: &Stage) {
    let gclid = &stage.click.gclid;
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
    assert_eq!(stage.field("[name=gclid]"), *gclid);
    assert_eq!(stage.field("[name=utm_campaign]"), "spring sale");
    assert!(
        stage.cookie().contains(gclid.as_str()),
        "the cookie holds `{}`",
        stage.cookie()
    );
    assert_eq!(stage.cookie(), stage.stored_text());
    stage.assert_no_error();
}
