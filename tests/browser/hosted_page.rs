//! A page with a hosted consent tool, and the two states that it can be in.

use serde_json::{Value, json};
use support::browser::Stage;

/// The four things that a yes lets happen, looked at in one script: the click id on the device, our fields, our API.
pub(crate) const LEFT: &str = "[document.cookie.includes('throughline'), localStorage.getItem('throughline'),
    ...[...document.querySelectorAll('#contact [type=hidden]')].map(field => field.value), throughline.get()]";

/// What [`LEFT`] gives when nothing is left.
pub(crate) fn nothing() -> Value {
    json!([false, null, "", "", "", null])
}

/// Lands on the page from an ad. `words` goes into the query: `tool=` and what `hosted.html` and the fake know.
pub(crate) fn land(stage: &Stage, words: &str) {
    stage.open("hosted.html", &format!("{}&{words}", stage.click.query()));
    stage.settle();
}

/// Comes back to the page without a click: whatever is filled now was remembered.
pub(crate) fn come_back(stage: &Stage, words: &str) {
    stage.open("hosted.html", &format!("?{words}"));
    stage.settle();
}

/// Waits until the adapter is in the page and has read its tool.
pub(crate) fn wait_for_adapter(stage: &Stage, source: &str) {
    stage.browser.wait_until(&format!(
        "performance.getEntriesByType('resource').some(entry =>
             entry.responseEnd > 0 && entry.name.includes('/throughline/consent-') && entry.name.endsWith('/{source}.js'))"
    ));
    stage.fence();
}

/// The page has heard the answer that the visitor gave last.
pub(crate) fn wait_for(stage: &Stage, consent: &str) {
    stage.browser.wait_until(&format!(
        "seenEvents.filter(([name]) => name === 'change').map(([, told]) => told.consent).pop() === '{consent}'"
    ));
}

/// Nothing is kept, filled or shown, and nothing was sent.
pub(crate) fn assert_untouched(stage: &Stage, when: &str) {
    stage.fence();
    stage.browser.wait_until("underWay === 0");
    assert_eq!(
        stage.browser.script(&format!("return {LEFT}")),
        nothing(),
        "{when}"
    );
    stage.assert_nothing_of_ours_is_kept();
    stage.assert_no_error();
}

/// The click is kept and filled, and the snapshot names the tool.
pub(crate) fn assert_kept_and_filled(stage: &Stage, source: &str, when: &str) {
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
    assert_eq!(stage.field("[name=gclid]"), stage.click.gclid, "{when}");
    assert!(
        stage.cookie().contains(&stage.click.gclid),
        "{when}: {}",
        stage.cookie()
    );
    let consent = stage.browser.script(
        "const { source, basis, ad_storage } = throughline.get().consent; return [source, basis, ad_storage]",
    );
    assert_eq!(consent, json!([source, "explicit", "granted"]), "{when}");
    stage.assert_no_error();
}

/// The moment at which a tab comes to the front: what other tabs have changed is looked at.
pub(crate) const COME_TO_FRONT: &str = "document.dispatchEvent(new Event('visibilitychange'));";
