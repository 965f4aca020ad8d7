//! The engine itself: a browser that cannot keep a cookie would pass every test that nothing is kept.

use support::browser::{Kept, Stage, screenshot_file};

crate::browser_tests!("engines":
    keeps_cookies_and_storage,
    starts_each_test_with_an_empty_device,
    sends_a_form_and_draws_a_page,
);

fn keeps_cookies_and_storage(stage: &Stage) {
    stage.open("empty.html", "");
    stage
        .browser
        .script("document.cookie = 'probe=1; path=/'; localStorage.setItem('probe', '2');");
    assert_eq!(
        Kept::of(stage.browser),
        Kept {
            cookies: vec!["probe".into()],
            storage: vec!["probe".into()]
        }
    );
}

fn starts_each_test_with_an_empty_device(stage: &Stage) {
    stage.open("empty.html", "");
    stage.assert_nothing_is_kept();
}

fn sends_a_form_and_draws_a_page(stage: &Stage) {
    stage.open("plain-form.html", "");
    stage.browser.type_into("[name=email]", "ada@example.com");
    let mark = stage.pages.log().mark();
    stage.browser.click("button");
    let sent = stage
        .pages
        .log()
        .wait_for(&support::browser::Expected::post("/received"), mark);
    assert_eq!(
        sent.form(),
        [
            ("email".into(), "ada@example.com".into()),
            ("gclid".into(), String::new())
        ]
    );
    stage.browser.wait_until("document.title === 'Received'");
    let picture = screenshot_file(stage.browser.engine(), "engine-works");
    stage.browser.screenshot(&picture);
    let png = std::fs::read(picture).expect("the screenshot was written");
    assert!(
        png.starts_with(b"\x89PNG") && png.len() > 1_000,
        "{} bytes are no picture",
        png.len()
    );
}
