//! Forms of other origins (`data-embeds`): whose addresses carry the visitor's values, when, and what stays as it is.

use support::browser::{Engine, Expected, Stage};

crate::browser_tests!("embeds":
    without_the_attribute_no_embed_is_touched,
    known_embeds_are_decorated_after_a_grant_and_undone_after_a_withdrawal,
    a_selector_chooses_and_names_what_is_not_known,
    an_embed_that_comes_late_is_decorated,
    a_frame_that_the_visitor_has_entered_is_not_loaded_anew,
    a_page_that_insists_on_its_address_has_it,
    typeforms_own_script_takes_the_values_along,
);

/// What each embed of the page says of itself: its attributes, without those that never change.
const TOLD: &str = "Array.from(document.querySelectorAll(
    '[data-url], [data-tf-live], [data-tf-widget], [data-tally-src], [data-pd-webforms], iframe[src], #google, #cal, [data-paperform-id], #link'),
    (element) => ['data-url', 'data-tf-hidden', 'data-tally-src', 'data-pd-webforms', 'src', 'href', 'data-cal-config', 'data-prefill']
        .map((name) => element.getAttribute(name)).find((value) => value !== null) || '').join('\\n')";

fn land(stage: &Stage, wish: &str) {
    let port = stage
        .pages
        .origin()
        .rsplit(':')
        .next()
        .unwrap_or_default()
        .to_owned();
    stage.pages.set_word("{{port}}", &port);
    stage.pages.set_word("{{embeds}}", wish);
    stage.open(
        "builders/embeds.html",
        "?utm_source=google&utm_campaign=spring%20sale&gclid=EAIaIQobChMI_a-9",
    );
    stage.settle();
}

fn say(stage: &Stage, answer: &str) {
    stage
        .browser
        .script(&format!("throughline.consent({{ ad_storage: '{answer}' }})"));
}

fn told(stage: &Stage) -> String {
    stage.browser.text_of(TOLD)
}

/// Waits until the part that decorates is there.
fn wait_for_the_part(stage: &Stage) {
    stage.browser.wait_until(
        "performance.getEntriesByType('resource').some(({ name, responseEnd }) => responseEnd > 0 && /on_demand.*wasm/.test(name))",
    );
    stage.fence();
}

const SENT: &str =
    "utm_source=google&utm_campaign=spring%20sale&gclid=EAIaIQobChMI_a-9&entry.101=EAIaIQobChMI_a-9";

fn without_the_attribute_no_embed_is_touched(stage: &Stage) {
    stage.open("builders/wpforms.html", &stage.click.query());
    stage.settle();
    say(stage, "granted");
    stage.browser.wait_until("document.querySelector('[value^=Cj0]')");
    stage.fence();
    let came = stage
        .pages
        .log()
        .found(&Expected::any("/throughline/builders-"), 0);
    assert!(came.is_empty(), "{came:?}");
}

fn known_embeds_are_decorated_after_a_grant_and_undone_after_a_withdrawal(stage: &Stage) {
    land(stage, "auto");
    wait_for_the_part(stage);
    let found = told(stage);
    say(stage, "granted");
    stage
        .browser
        .wait_until("document.querySelector('[data-url]').dataset.url.includes('gclid')");
    let hidden =
        "utm_source=google,utm_campaign=spring sale,gclid=EAIaIQobChMI_a-9,entry.101=EAIaIQobChMI_a-9";
    let json = r#""utm_source":"google","utm_campaign":"spring sale","gclid":"EAIaIQobChMI_a-9","entry.101":"EAIaIQobChMI_a-9""#;
    let owned = format!(
        "http://localhost:{}/pages/builders/embedded.html?form=1",
        stage.pages.origin().rsplit(':').next().unwrap_or_default()
    );
    let expected = [
        &format!("https://calendly.com/ada/30min?month=2026-11&{SENT}"),
        &format!("user=7,{hidden}"),
        hidden,
        &format!("https://tally.so/embed/wA?transparentBackground=1&{SENT}"),
        &format!(
            "https://form.jotform.com/2410?utm_campaign=of+the+owner&{}",
            SENT.replace("utm_campaign=spring%20sale&", "")
        ),
        &format!("https://webforms.pipedrive.com/f/6g?{SENT}"),
        &format!("https://go.pardot.com/l/1/2?{SENT}"),
        &format!("https://form.typeform.com/to/abc#{SENT}"),
        "https://docs.google.com/forms/d/e/1F/viewform?usp=pp_url&entry.101=EAIaIQobChMI_a-9",
        &format!(r#"{{"layout":"month_view",{json}}}"#),
        &format!("name=Ada&{SENT}"),
        &format!("https://forms.fillout.com/t/x?{SENT}"),
        "https://video.example.com/watch?v=1",
        "https://www.example.com/?a=1",
        &owned,
    ];
    assert_eq!(told(stage).lines().collect::<Vec<_>>(), expected);
    say(stage, "denied");
    stage
        .browser
        .wait_until("!document.querySelector('[data-url]').dataset.url.includes('gclid')");
    assert_eq!(told(stage), found);
    assert_eq!(
        stage
            .browser
            .text_of("document.getElementById('bare-typeform').hasAttribute('data-tf-hidden')"),
        "false",
        "an attribute that was not there is not there again"
    );
    stage.assert_no_error();
}

fn a_selector_chooses_and_names_what_is_not_known(stage: &Stage) {
    land(stage, "#owned, [data-tf-live]");
    let mark = stage.pages.log().mark();
    say(stage, "granted");
    let loaded = Expected::post("/received").holding(SENT);
    stage.pages.log().wait_for(&loaded, mark);
    let expected = [
        "https://calendly.com/ada/30min?month=2026-11",
        "https://form.typeform.com/to/abc",
    ];
    for text in expected {
        assert!(told(stage).lines().any(|line| line == text), "{text}");
    }
    assert!(
        told(stage).contains("user=7,utm_source=google"),
        "{}",
        told(stage)
    );
}

fn an_embed_that_comes_late_is_decorated(stage: &Stage) {
    land(stage, "auto, #late iframe");
    say(stage, "granted");
    stage
        .browser
        .wait_until("document.querySelector('[data-url]').dataset.url.includes('gclid')");
    stage.browser.script(
        "const frame = document.createElement('iframe');
         frame.src = document.getElementById('owned').src.replace('form=1', 'form=2');
         document.getElementById('late').append(frame);
         const box = document.createElement('p');
         box.innerHTML = '<i data-url=\"https://calendly.com/late\"></i>';
         document.body.append(box);",
    );
    // Whether the frame is loaded twice meanwhile is the engine's choice.
    stage.browser.wait_until(&format!(
        "document.querySelector('#late iframe').getAttribute('src').endsWith('?form=2&{SENT}')"
    ));
    stage
        .browser
        .wait_until("document.querySelector('i').dataset.url.includes('late?utm_source=google')");
}

fn a_frame_that_the_visitor_has_entered_is_not_loaded_anew(stage: &Stage) {
    // WebKit's driver gives no focus to a field in a frame of another origin.
    if stage.browser.engine() == Engine::WebKit {
        return;
    }
    land(stage, "auto, #owned");
    wait_for_the_part(stage);
    stage.browser.enter_frame("#owned");
    stage.browser.type_into("#typed", "half a sentence");
    stage.browser.leave_frame();
    say(stage, "granted");
    stage
        .browser
        .wait_until("document.querySelector('[data-url]').dataset.url.includes('gclid')");
    stage.fence();
    stage.browser.enter_frame("#owned");
    assert_eq!(stage.field("#typed"), "half a sentence");
    stage.browser.leave_frame();
}

fn a_page_that_insists_on_its_address_has_it(stage: &Stage) {
    land(stage, "auto");
    stage.browser.script(
        "window.writes = 0;
         const place = document.querySelector('[data-url]'), found = place.dataset.url;
         new MutationObserver(() => {
             if (place.dataset.url === found) return;
             window.writes += 1;
             place.dataset.url = found;
         }).observe(place, { attributes: true });",
    );
    say(stage, "granted");
    stage.browser.wait_until("writes >= 5");
    stage.fence();
    assert_eq!(stage.browser.text_of("writes"), "5");
    stage.assert_no_error();
}

/// `@typeform/embed` makes the frame's address of the attribute, with a comma and a blank in a value.
fn typeforms_own_script_takes_the_values_along(stage: &Stage) {
    stage.open(
        "builders/typeform.html",
        "?utm_campaign=spring%20sale%2C%20late&gclid=EAIaIQobChMI_a-9",
    );
    stage.settle();
    say(stage, "granted");
    stage
        .browser
        .wait_until("document.querySelector('[data-tf-hidden*=gclid]')");
    stage.browser.script("loadTypeform()");
    stage.browser.wait_until("document.querySelector('iframe')");
    let hidden = "const { hash } = new URL(document.querySelector('iframe').src);
        const hidden = new URLSearchParams(hash.slice(1));
        return ['user', 'utm_campaign', 'gclid'].map((name) => hidden.getAll(name).join('|'))";
    assert_eq!(
        stage.browser.script(hidden),
        serde_json::json!(["7", "spring sale, late", "EAIaIQobChMI_a-9"])
    );
    stage.assert_no_error();
}
