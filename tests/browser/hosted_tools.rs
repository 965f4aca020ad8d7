//! The consent tools that live on servers of their own or in WordPress, each played by a fake of its contract.
//!
//! Every tool goes the same way: no answer, a refusal, a grant, a withdrawal, a grant that the next page finds. What it
//! keeps in a readable place may be changed by another tab, which its object in this page does not notice.

use support::browser::Stage;

use crate::hosted_page::{
    COME_TO_FRONT, LEFT, assert_kept_and_filled, assert_untouched, come_back, land, nothing, wait_for,
    wait_for_adapter,
};

/// What is particular to a tool.
struct Tool {
    /// What its page says beyond its name: the site's own key for marketing, and what the fake is to do.
    words: &'static str,
    /// Whether its answer stands in a cookie that we read.
    has_readable_cookie: bool,
    /// Whether it reloads the page when a grant is taken back.
    reloads: bool,
}

/// A tool with a cookie.
const COOKIE: Tool = Tool {
    words: "",
    has_readable_cookie: true,
    reloads: false,
};
/// A tool that keeps its answer where only itself can read it.
const NO_COOKIE: Tool = Tool {
    has_readable_cookie: false,
    ..COOKIE
};

/// One test per tool, each under the tool's own name.
macro_rules! tools {
    ($($source:ident: $tool:expr),+ $(,)?) => {
        $(fn $source(stage: &Stage) {
            walk(stage, stringify!($source), &$tool);
        })+
        crate::browser_tests!("hosted_tools": $($source,)+ the_sites_own_callbacks_are_still_called);
    };
}

tools! {
    cookiebot: COOKIE,
    onetrust: COOKIE,
    cookieyes: COOKIE,
    usercentrics: NO_COOKIE,
    usercentrics_v3: NO_COOKIE,
    didomi: Tool { words: "&category=marketing-b7", ..COOKIE },
    complianz: Tool { words: "&reloads", reloads: true, ..COOKIE },
    wp_consent: COOKIE,
    cookie_notice: COOKIE,
    osano: NO_COOKIE,
    iubenda: COOKIE,
    termly: NO_COOKIE,
    trustarc: COOKIE,
    axeptio: Tool { words: "&category=google_ads", ..COOKIE },
    cookiefirst: Tool { words: "&reloads", reloads: true, ..COOKIE },
    shopify: NO_COOKIE,
    hubspot: COOKIE,
    zaraz: Tool { words: "&category=fXtq", ..COOKIE },
    cookie_information: COOKIE,
    cookiescript: COOKIE,
    borlabs: COOKIE,
    consentmanager: Tool { words: "&category=c52", ..NO_COOKIE },
}

fn walk(stage: &Stage, source: &str, tool: &Tool) {
    let words = format!("tool={source}{}", tool.words);
    let open = || {
        land(stage, &words);
        wait_for_adapter(stage, source);
    };

    open();
    assert_untouched(stage, "before an answer");
    stage.assert_no_request_to_the_api();
    stage.browser.script("tool.choose(false)");
    wait_for(stage, "denied");
    assert_untouched(stage, "after a refusal");

    stage.browser.script("tool.lose()");
    open();
    stage.browser.script("tool.choose(true)");
    assert_kept_and_filled(stage, source, "after a grant");
    // The next page finds the answer, here with the tool before our tag.
    come_back(stage, &format!("{words}&first"));
    assert_kept_and_filled(stage, source, "with a kept grant");
    withdraw(stage, tool);

    if tool.has_readable_cookie {
        for (what_another_tab_does, consent) in [("tool.keep(false)", "denied"), ("tool.lose()", "pending")] {
            stage.browser.script("tool.lose()");
            open();
            stage.browser.script("tool.choose(true)");
            assert_kept_and_filled(stage, source, "after a grant again");
            stage
                .browser
                .script(&format!("{what_another_tab_does}; {COME_TO_FRONT}"));
            wait_for(stage, consent);
            stage.fence();
            let left = stage.browser.script(&format!("return {LEFT}"));
            assert_eq!(
                left.as_array().map(|left| &left[2..]),
                Some(&nothing().as_array().expect("a list")[2..])
            );
            if consent == "denied" {
                assert_untouched(stage, "after a refusal in another tab");
            }
        }
    }
}

/// Two tools know one callback only, which the site may have given already.
fn the_sites_own_callbacks_are_still_called(stage: &Stage) {
    for source in ["iubenda", "onetrust"] {
        land(stage, &format!("tool={source}&first"));
        wait_for_adapter(stage, source);
        let before = stage.browser.text_of("siteHeard");
        stage.browser.script("tool.choose(true)");
        assert_kept_and_filled(stage, source, "after a grant");
        assert_ne!(stage.browser.text_of("siteHeard"), before, "{source}");
        stage.browser.script("throughline.forget(); tool.lose()");
    }
}

/// Takes the grant back, and looks in the same script: not later, not in another task.
fn withdraw(stage: &Stage, tool: &Tool) {
    let left = stage.browser.script(&format!(
        "window.isBefore = true; tool.choose(false); return {LEFT}"
    ));
    assert_eq!(left, nothing(), "in the moment of the withdrawal");
    if tool.reloads {
        stage.browser.wait_until("!window.isBefore && window.throughline");
        stage.settle();
        wait_for(stage, "denied");
    }
    assert_untouched(stage, "after a withdrawal");
}
