//! Forms of builders: what arrives at the server, byte for byte, and what nobody but the builder and the visitor filled.
//!
//! Each page of `pages/builders/` imitates one builder. A builder is a row: its page, and everything that its form
//! sends. The whole body is compared, so a trap for robots, a token against forgery or a preset of the owner that we
//! touched shows as well as a value that is missing.

mod bad_input; // pages that would break a filler
mod crm; // customer relations and marketing automation
mod models; // forms that hold a model of their own
mod sites; // site builders, landing pages and form services
mod wordpress; // plugins of WordPress

use std::collections::HashSet;

use attribution::lead_id::LeadId;
use support::browser::{BrowserTest, Expected, RecordedRequest, Stage};

/// A form as a builder makes it.
pub(crate) struct Builder {
    /// Its page in `pages/builders/`.
    pub(crate) page: &'static str,
    /// The frame of the page's own origin in which the form stands; empty where it stands in the page.
    pub(crate) frame: &'static str,
    /// What the visitor clicks before the form is there; empty where it is there by itself.
    pub(crate) opener: &'static str,
    /// How often the form can be sent from the same page. After a native post there is another page.
    pub(crate) sends: usize,
    /// Everything that its form sends, in order. `{gclid}` and `{utm_campaign}` stand for values of the click, and
    /// `{lead_id}` for an id that no other submission has.
    pub(crate) body: &'static [(&'static str, &'static str)],
}

/// What a plain form in a plain page is.
pub(crate) const PLAIN: Builder = Builder {
    page: "",
    frame: "",
    opener: "",
    sends: 1,
    body: &[],
};

pub(crate) fn tests() -> Vec<BrowserTest> {
    [
        wordpress::TESTS,
        sites::TESTS,
        crm::TESTS,
        models::TESTS,
        bad_input::TESTS,
    ]
    .concat()
}

/// Names a test for each row, and one for each function behind a semicolon.
macro_rules! shown_by_pages {
    ($family:literal: $($name:literal: $builder:ident),+ $(,)? $(; $($alone:ident),+ $(,)?)?) => {
        pub(crate) const TESTS: &[support::browser::BrowserTest] = &[
            $(support::browser::BrowserTest {
                name: concat!("builders::", $family, "::", $name, "_sends_the_values_and_nothing_of_ours_elsewhere"),
                show: |stage| crate::builders::show(stage, &$builder),
            },)+
            $($(support::browser::BrowserTest {
                name: concat!("builders::", $family, "::", stringify!($alone)),
                show: $alone,
            },)+)?
        ];
    };
}
use shown_by_pages;

/// Lands from an ad, looks that nothing happens before consent, agrees, and sends the form as often as it can be sent.
/// Where the page is still there afterwards, takes the consent back.
pub(crate) fn show(stage: &Stage, builder: &Builder) {
    stage.open(&format!("builders/{}", builder.page), &stage.click.query());
    stage.settle();
    if !builder.opener.is_empty() {
        stage.browser.click(builder.opener);
    }
    wait_for_the_form(stage, builder);
    stage.fence();
    assert!(!is_held(stage), "a field was filled before consent");
    say(stage, "granted");
    stage.browser.wait_until(&holds(stage));
    let mut lead_ids = HashSet::new();
    for time in 1..=builder.sends {
        let sent = send(stage, builder);
        assert_arrived(stage, builder, &sent, &mut lead_ids);
        assert_reported(stage, &lead_ids);
        if builder.sends > 1 {
            stage.browser.wait_until(&format!("sentTimes === {time}"));
            wait_for_the_form(stage, builder);
        }
    }
    if builder.sends > 1 {
        stage.assert_no_error();
        say(stage, "denied");
        stage.browser.wait_until(&format!("!{}", holds(stage)));
        stage.assert_no_error();
    }
}

fn say(stage: &Stage, answer: &str) {
    stage
        .browser
        .script(&format!("throughline.consent({{ ad_storage: '{answer}' }})"));
}

/// Whether anything in the page that a visitor could send holds the click id.
fn holds(stage: &Stage) -> String {
    format!("holds('{}')", stage.click.gclid)
}

fn is_held(stage: &Stage) -> bool {
    stage.browser.text_of(&holds(stage)) == "true"
}

fn in_frame<T>(stage: &Stage, builder: &Builder, action: impl FnOnce() -> T) -> T {
    if builder.frame.is_empty() {
        return action();
    }
    stage
        .browser
        .wait_until(&format!("document.querySelector('{}')", builder.frame));
    stage.browser.enter_frame(builder.frame);
    let done = action();
    stage.browser.leave_frame();
    done
}

fn wait_for_the_form(stage: &Stage, builder: &Builder) {
    in_frame(stage, builder, || {
        stage.browser.wait_until("document.querySelector('[data-send]')");
    });
}

/// Types an address and sends the form, as a visitor does.
fn send(stage: &Stage, builder: &Builder) -> RecordedRequest {
    let mark = stage.pages.log().mark();
    in_frame(stage, builder, || {
        stage.browser.type_into("[autocomplete=email]", "ada@example.com");
        stage.browser.click("[data-send]");
    });
    stage.pages.log().wait_for(&Expected::post("/received"), mark)
}

fn assert_arrived(stage: &Stage, builder: &Builder, sent: &RecordedRequest, lead_ids: &mut HashSet<String>) {
    let mut came = sent.fields();
    for (place, (_, written)) in builder.body.iter().enumerate() {
        let Some((_, value)) = came.get_mut(place).filter(|_| *written == "{lead_id}") else {
            continue;
        };
        assert!(LeadId::parse(value).is_ok(), "`{value}` is no lead_id");
        assert!(lead_ids.insert(value.clone()), "the lead_id {value} came twice");
        *value = "{lead_id}".to_owned();
    }
    let expected: Vec<(String, String)> = builder
        .body
        .iter()
        .map(|(name, written)| ((*name).to_owned(), meant(stage, written)))
        .collect();
    assert_eq!(came, expected);
}

/// Each submission that carried a lead_id is one lead at the collector, and no more: also where the builder's own script sends
/// the form and nobody hears of it.
fn assert_reported(stage: &Stage, lead_ids: &HashSet<String>) {
    let leads = Expected::post("/throughline/v1/leads");
    for lead_id in lead_ids {
        let lead = leads.clone().holding(lead_id);
        stage.pages.log().wait_for(&lead, 0);
    }
    if !lead_ids.is_empty() {
        let count = stage.pages.log().found(&leads, 0).len();
        assert_eq!(count, lead_ids.len(), "one submission is one lead");
    }
}

/// The text with the click's values in it.
fn meant(stage: &Stage, written: &str) -> String {
    written
        .replace("{gclid}", &stage.click.gclid)
        .replace("{gbraid}", &stage.click.gbraid)
        .replace("{utm_campaign}", "spring sale")
}
