//! Builders whose forms hold a model of their own: their adapters, and who downloads them.

use support::browser::{Expected, Stage};

use super::{Builder, PLAIN, say, send, shown_by_pages};

shown_by_pages!("models":
    "hubspot_new_editor": HUBSPOT_NEW,
    "marketo": MARKETO,
    "surveyjs": SURVEYJS,
    "formio": FORMIO;
    a_page_without_such_a_builder_downloads_no_adapter,
    a_page_downloads_the_adapter_of_its_builder_and_no_other,
    a_survey_that_is_completed_after_a_withdrawal_tells_nothing,
);

/// What stands in the page before its script comes is lost; a field that the visitor sees stays the visitor's.
const HUBSPOT_NEW: Builder = Builder {
    page: "hubspot_new.html",
    sends: 2,
    body: &[
        ("0-1/email", "ada@example.com"),
        ("0-1/utm_source", ""),
        ("0-1/gclid", "{gclid}"),
        ("0-1/utm_campaign", "{utm_campaign}"),
        ("0-1/lead_id", "{lead_id}"),
        ("0-1/utm_medium", "of the owner"),
    ],
    ..PLAIN
};

/// Its rules empty what was filled, in the very task in which the form is sent, and its own interface tells of it.
const MARKETO: Builder = Builder {
    page: "marketo.html",
    body: &[
        ("Email", "ada@example.com"),
        ("gclid__c", "{gclid}"),
        ("utm_campaign__c", "{utm_campaign}"),
        ("utm_source__c", "NONE"),
        ("lead_id__c", "{lead_id}"),
        ("formid", "7"),
        ("munchkinId", "785-UHP-775"),
    ],
    ..PLAIN
};

/// The real package. Only a question that nobody sees is set, and it is kept although the model drops such values.
const SURVEYJS: Builder = Builder {
    page: "surveyjs.html",
    sends: 2,
    body: &[
        ("email", "ada@example.com"),
        ("gclid", "{gclid}"),
        ("lead_id", "{lead_id}"),
    ],
    ..PLAIN
};

/// The real package. Its hidden components hear no event of their inputs.
const FORMIO: Builder = Builder {
    page: "formio.html",
    body: &[
        ("email", "ada@example.com"),
        ("utm_source", ""),
        ("gclid", "{gclid}"),
        ("utm_campaign", "{utm_campaign}"),
        ("utm_medium", "of the owner"),
        ("lead_id", "{lead_id}"),
        ("submit", "true"),
    ],
    ..PLAIN
};

fn downloaded(stage: &Stage) -> Vec<String> {
    let came = stage
        .pages
        .log()
        .found(&Expected::any("/throughline/builders-"), 0);
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    came.iter().map(|request| name(&request.path)).collect()
}

fn a_page_without_such_a_builder_downloads_no_adapter(stage: &Stage) {
    stage.open("builders/wpforms.html", &stage.click.query());
    stage.settle();
    say(stage, "granted");
    stage.browser.wait_until("document.querySelector('[value^=Cj0]')");
    stage.fence();
    assert_eq!(downloaded(stage), [""; 0]);
}

fn a_page_downloads_the_adapter_of_its_builder_and_no_other(stage: &Stage) {
    stage.open("builders/hubspot_new.html", &stage.click.query());
    stage.settle();
    say(stage, "granted");
    stage.browser.wait_until("holds('Cj0')");
    assert_eq!(downloaded(stage), ["hubspot.js"]);
}

fn a_survey_that_is_completed_after_a_withdrawal_tells_nothing(stage: &Stage) {
    stage.open("builders/surveyjs.html", &stage.click.query());
    stage.settle();
    say(stage, "granted");
    stage.browser.wait_until("holds()");
    stage.fence();
    say(stage, "denied");
    let sent = send(stage, &SURVEYJS);
    assert_eq!(
        sent.fields(),
        [("email".to_owned(), "ada@example.com".to_owned())]
    );
    stage.assert_no_error();
}
