//! The packages that forms are built with, as npm has them: what of a click reaches the server.
//!
//! A page shows many forms, each with one way to bind a hidden field, and draws them all once more after they are filled.
//! Then a visitor fills and sends each, and the server's log says what arrived: what the application held as its state,
//! what the form held, or both. The sources of the pages are in `frameworks/` and `pages/frameworks/`. SurveyJS and Form.io,
//! which ask no field of the page, are among the form builders.

use support::browser::{BrowserTest, Expected, RecordedRequest, Stage, make_bundles};

/// What a form's page sends, and where the click id stands in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reaches {
    /// The page sends both, and both have it.
    StateAndForm,
    /// The page sends both. Its state is a value that nothing in the page can change, so only the form has the click id.
    FormNotState,
    /// The page sends the form alone.
    Form,
}
use Reaches::{Form, FormNotState, StateAndForm};

impl Reaches {
    fn bodies(self) -> usize {
        match self {
            StateAndForm | FormNotState => 2,
            Form => 1,
        }
    }
}

/// A page and its forms.
struct Page {
    /// The file in `pages/frameworks/`.
    file: &'static str,
    /// Which bundle or package it shows.
    word: (&'static str, &'static str),
    /// The id of each form, or of the element whose shadow root holds it.
    forms: &'static [(&'static str, Reaches)],
    /// What comes between that id and the elements in the form.
    way: &'static str,
}

const fn bundled(name: &'static str, forms: &'static [(&'static str, Reaches)]) -> Page {
    Page {
        file: "bundled.html",
        word: ("{{bundle}}", name),
        forms,
        way: " ",
    }
}

const REACT: &[(&str, Reaches)] = &[
    ("controlled_hidden", StateAndForm),
    ("controlled_text", StateAndForm),
    ("uncontrolled_hidden", StateAndForm),
    ("uncontrolled_text", StateAndForm),
    ("constant_hidden", FormNotState),
    ("constant_text", FormNotState),
    ("made_anew", StateAndForm),
];

/// The order is the server's page, our fill, React's taking over.
const REACT_HYDRATED: &[(&str, Reaches)] = &[
    ("controlled_hidden", StateAndForm),
    ("controlled_text", StateAndForm),
    ("uncontrolled_hidden", StateAndForm),
    ("uncontrolled_text", StateAndForm),
];

const REACT_FORMS: &[(&str, Reaches)] = &[
    ("hook_form_hidden", StateAndForm),
    ("hook_form_text", StateAndForm),
    ("formik_hidden", StateAndForm),
    ("formik_text", StateAndForm),
    ("tanstack_hidden", StateAndForm),
    ("tanstack_text", StateAndForm),
    ("final_form_hidden", StateAndForm),
    ("final_form_text", StateAndForm),
];

const VUE: &[(&str, Reaches)] = &[
    ("bound_hidden", StateAndForm),
    ("bound_text", StateAndForm),
    ("one_way_hidden", FormNotState),
    ("one_way_text", FormNotState),
    ("made_anew", StateAndForm),
];

const ONE_WAY_TOO: &[(&str, Reaches)] = &[
    ("bound_hidden", StateAndForm),
    ("bound_text", StateAndForm),
    ("one_way_hidden", FormNotState),
    ("made_anew", StateAndForm),
];

const SOLID: &[(&str, Reaches)] = &[
    ("bound_hidden", StateAndForm),
    ("bound_text", StateAndForm),
    ("made_anew", StateAndForm),
];

const PREACT: &[(&str, Reaches)] = &[
    ("controlled_hidden", StateAndForm),
    ("controlled_text", StateAndForm),
    ("made_anew", StateAndForm),
];

const ANGULAR: &[(&str, Reaches)] = &[
    ("reactive_hidden", StateAndForm),
    ("reactive_text", StateAndForm),
    ("model_hidden", StateAndForm),
    ("model_text", StateAndForm),
];

const LIT: Page = Page {
    way: " >>> ",
    ..bundled(
        "lit",
        &[("bound_hidden", StateAndForm), ("bound_text", StateAndForm)],
    )
};

const ALPINE: Page = Page {
    file: "alpine.html",
    ..bundled("", ONE_WAY_TOO)
};

const fn jquery(package: &'static str) -> Page {
    Page {
        file: "jquery.html",
        word: ("{{jquery}}", package),
        ..bundled(
            "",
            &[
                ("serialized_hidden", StateAndForm),
                ("serialized_text", StateAndForm),
                ("token", StateAndForm),
                ("made_anew", StateAndForm),
            ],
        )
    }
}

const fn htmx(package: &'static str) -> Page {
    Page {
        file: "htmx.html",
        word: ("{{htmx}}", package),
        ..bundled(
            "",
            &[
                ("posted_hidden", Form),
                ("posted_text", Form),
                ("made_anew", Form),
            ],
        )
    }
}

macro_rules! shown_with_each_package {
    ($($name:literal: $page:expr),+ $(,)?) => {
        pub(crate) const TESTS: &[BrowserTest] = &[$(BrowserTest {
            name: concat!("frameworks::", $name, "::the_click_id_reaches_the_server"),
            show: |stage| the_click_id_reaches_the_server(stage, &$page),
        },)+ BrowserTest {
            name: "frameworks::turbo::each_new_body_is_filled_and_sent",
            show: each_new_body_is_filled_and_sent,
        }];
    };
}

shown_with_each_package! {
    "react_19": bundled("react_19", REACT),
    "react_18": bundled("react_18", REACT),
    "react_16": bundled("react_16", REACT),
    "react_19_hydrated": bundled("react_19_hydrated", REACT_HYDRATED),
    "react_18_hydrated": bundled("react_18_hydrated", REACT_HYDRATED),
    "react_forms": bundled("react_forms", REACT_FORMS),
    "vue": bundled("vue", VUE),
    "svelte": bundled("svelte", ONE_WAY_TOO),
    "solid": bundled("solid", SOLID),
    "preact": bundled("preact", PREACT),
    "angular": bundled("angular", ANGULAR),
    "lit": LIT,
    "alpine": ALPINE,
    "jquery_4": jquery("jquery"),
    "jquery_3": jquery("jquery-3"),
    "htmx_4": htmx("htmx.org"),
    "htmx_2": htmx("htmx-2"),
}

const EMAIL: &str = "ada@example.org";

fn the_click_id_reaches_the_server(stage: &Stage, page: &Page) {
    make_bundles();
    stage.pages.set_word(page.word.0, page.word.1);
    stage.open(&format!("frameworks/{}", page.file), &stage.click.query());
    stage.settle();
    stage.browser.wait_until("window.isStanding");
    let to_fill = page.forms.iter().filter(|(_, reaches)| *reaches != FormNotState);
    wait_until_filled(stage, &to_fill.map(|(form, _)| *form).collect::<Vec<_>>());
    stage.browser.async_script("await drawAgain();");
    let faults: Vec<String> = page
        .forms
        .iter()
        .flat_map(|(form, reaches)| faults_of_sending(stage, &format!("#{form}{}", page.way), *reaches))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    stage.fence();
    let bodies = stage.pages.log().found(&Expected::post("/received"), 0);
    let awaited = page
        .forms
        .iter()
        .map(|(_, reaches)| reaches.bodies())
        .sum::<usize>();
    assert_eq!(bodies.len(), awaited, "each form is sent once");
    stage.assert_no_error();
}

/// Turbo fetches pages itself and puts their bodies into the page that the visitor landed on; it sends forms likewise, and
/// shows the page that the server then names.
fn each_new_body_is_filled_and_sent(stage: &Stage) {
    stage.open("frameworks/turbo.html", &stage.click.query());
    stage.settle();
    stage.browser.script("window.isFirstDocument = true");
    stage.browser.click("#onward");
    for _ in 0..2 {
        wait_until_filled(stage, &["contact"]);
        let mark = stage.pages.log().mark();
        stage.browser.script("document.body.isOld = true");
        stage.browser.type_into("#contact [name=email]", EMAIL);
        stage.browser.click("#contact button");
        let sent = stage
            .pages
            .log()
            .wait_for(&Expected::post("/received/moved"), mark);
        for (name, value) in [
            ("gclid", stage.click.gclid.as_str()),
            ("email", EMAIL),
            ("utm_campaign", ""),
        ] {
            assert_eq!(sent.form_value(name), value, "{name}");
        }
        stage.browser.wait_until("!document.body.isOld");
    }
    assert_eq!(stage.browser.text_of("isFirstDocument"), "true");
    stage.assert_no_error();
}

/// Waits until the hidden field of each of these forms holds the click id.
fn wait_until_filled(stage: &Stage, forms: &[&str]) {
    let gclid = &stage.click.gclid;
    let empty = stage.browser.async_script(&format!(
        "const end = performance.now() + 5_000;
         let empty;
         do {{
             await new Promise(next => setTimeout(next, 10));
             empty = {forms:?}.filter(form => gclidIn(form) !== '{gclid}');
         }} while (empty.length && performance.now() < end);
         return empty.join();"
    ));
    assert_eq!(empty, "", "these forms were not filled");
}

/// Fills and sends a form as a visitor does, and says what arrived otherwise than it should.
fn faults_of_sending(stage: &Stage, form: &str, reaches: Reaches) -> Vec<String> {
    let log = stage.pages.log();
    let mark = log.mark();
    stage.browser.type_into(&format!("{form}[name=email]"), EMAIL);
    stage.browser.click(&format!("{form}button"));
    let gclid = stage.click.gclid.as_str();
    let mut faults = Vec::new();
    let sent = log.wait_for(&Expected::post("/received/form"), mark);
    faults.extend(differences(form, "form", gclid, |name| sent.form_value(name)));
    if reaches != Form {
        let sent = log.wait_for(&Expected::post("/received/state"), mark);
        let in_state = if reaches == FormNotState { "" } else { gclid };
        faults.extend(differences(form, "state", in_state, |name| {
            state_value(&sent, name)
        }));
    }
    faults
}

fn differences(form: &str, body: &str, gclid: &str, value_of: impl Fn(&str) -> String) -> Vec<String> {
    [("gclid", gclid), ("email", EMAIL), ("utm_campaign", "")]
        .into_iter()
        .map(|(name, expected)| (name, expected, value_of(name)))
        .filter(|(_, expected, value)| expected != value)
        .map(|(name, expected, value)| {
            format!("{form}: {name} in the {body} is `{value}`, expected `{expected}`")
        })
        .collect()
}

/// A value of the application's state. Some libraries hold nothing where a field is empty.
fn state_value(sent: &RecordedRequest, name: &str) -> String {
    let state: serde_json::Value = serde_json::from_slice(&sent.body).expect("the state is JSON");
    state[name].as_str().unwrap_or_default().to_owned()
}
