//! What single words of Consent Mode, TCF and GPP mean, and what a page survives of a tool that misbehaves.
//!
//! The tools are written into the page step by step, because no well-behaved one says these things.

use serde_json::json;
use support::browser::Stage;

use crate::hosted_page::{assert_untouched, land};

/// Where consent stands after a step.
enum Stands {
    /// Nobody has answered: nothing is kept.
    Open,
    /// Refused: nothing is kept.
    Refused,
    /// A grant is gone without a refusal: fields are emptied and the device is left alone.
    Paused,
    /// Kept and filled, with these answers about user data and personalisation.
    Granted(&'static str, &'static str),
}

use Stands::{Granted, Open, Paused, Refused};

type Steps = &'static [(&'static str, Stands)];

/// One test per row: what the tag says, and what happens then. The last is one of another kind.
macro_rules! rows {
    ($($name:ident: $words:literal, $steps:expr),+; $shown:ident) => {
        $(fn $name(stage: &Stage) {
            play(stage, $words, $steps);
        })+
        crate::browser_tests!("consent_signals": $($name),+, $shown);
    };
}

rows! {
    google_s_own_state_is_heard_where_the_data_layer_is_silent: "", &[
        // A GTM template's tool: nothing in `dataLayer`, and a method that throws with one argument, as Google's does.
        (STATE, Open),
        ("ics.entries.ad_storage = { default: false, quiet: true }; ics.entries.ad_user_data = {}; ics.tell()", Open),
        ("ics.entries.ad_storage = { default: false, update: true, quiet: false };
          ics.entries.ad_user_data = { update: false }; ics.tell()", Granted("denied", "")),
        ("ics.entries.ad_storage.update = false; ics.tell()", Refused),
    ],
    a_default_in_google_s_state_is_no_choice: "", &[
        (STATE, Open),
        ("ics.entries.ad_storage = { default: true }; ics.tell()", Open),
    ],
    one_push_may_carry_several_commands: "", &[
        (GTAG, Open),
        ("dataLayer.push({ event: 'x' }, command('consent', 'update', { ad_storage: 'granted' }),
              command('consent', 'update', { ad_user_data: 'denied' }))", Granted("denied", "")),
    ],
    a_data_layer_that_is_replaced_is_listened_to_again: "", &[
        (GTAG, Open),
        ("window.dataLayer = []; document.dispatchEvent(new Event('visibilitychange'))", Open),
        ("dataLayer.push(command('consent', 'update', { ad_storage: 'granted' }))", Granted("", "")),
    ],
    a_default_of_another_region_says_nothing_here: "region=US-CA", &[
        (GTAG, Open),
        ("dataLayer.push(command('consent', 'default', { ad_storage: 'granted', region: ['DE', 'US-NY'] }))", Open),
        ("dataLayer.push(command('consent', 'default', { ad_storage: 'denied', region: ['US'] }))", Open),
        ("dataLayer.push(command('consent', 'default', { ad_storage: 'granted', region: ['US-CA'] }))", Granted("", "")),
    ],
    tcf_partial_answers_stay_partial: "", &[
        (TCF, Open),
        ("tcf('useractioncomplete', { purpose: { consents: { 1: true, 3: true, 4: true, 7: true } },
              vendor: { consents: {} } })", Granted("denied", "denied")),
        ("tcf('useractioncomplete', { purpose: { consents: { 1: true, 7: true } },
              vendor: { consents: { 755: true } } })", Granted("granted", "denied")),
        // The window is open again: the answer stands until there is another.
        ("tcf('cmpuishown', { purpose: { consents: {} }, vendor: { consents: {} } })", Granted("granted", "denied")),
        ("tcf('useractioncomplete', { purpose: { consents: {} }, vendor: { consents: {} } })", Refused),
    ],
    tcf_words_that_are_no_answer: "", &[
        (TCF, Open),
        ("tcf('tcloaded', { gdprApplies: undefined, purpose: { consents: { 1: true } },
              vendor: { consents: {} } })", Open),
        ("tcf('tcloaded', { gdprApplies: false, purpose: undefined, vendor: undefined })", Open),
        ("tcf('tcloaded', { purposeOneTreatment: true, purpose: { consents: { 1: true } },
              vendor: { consents: {} } })", Open),
        ("hear({ cmpStatus: 'error' }, true)", Open),
        ("hear(null, false)", Open),
        ("tcf('tcloaded', {})", Open),
    ],
    tcf_that_fails_after_a_grant_takes_it_back_without_a_refusal: "", &[
        (TCF, Open),
        ("tcf('tcloaded', { purpose: { consents: { 1: true } }, vendor: { consents: {} } })", Granted("denied", "denied")),
        ("hear(null, false)", Paused),
    ],
    gpp_reads_segments_the_signal_and_only_what_applies: "region=US-CA", &[
        (GPP, Open),
        ("gpp({ signalStatus: 'not ready', parsedSections: { usnat: { SaleOptOut: 2 } } })", Open),
        ("gpp({ parsedSections: { usnat: [{ SaleOptOut: 2 }, { Gpc: false }], usca: { SaleOptOut: 1 } } })", Granted("", "")),
        ("gpp({ parsedSections: { usnat: [{ SaleOptOut: 2 }, { Gpc: true }] } })", Refused),
    ],
    gpp_that_returns_its_answer_is_heard: "region=US-CA", &[
        ("window.__gpp = (command) => command === 'ping'
              ? { signalStatus: 'ready', applicableSections: [7], parsedSections: { usnat: { SharingOptOut: 2 } } }
              : { listenerId: 1 };", Granted("", "")),
    ],
    a_tool_that_comes_after_a_second_is_found: "", &[
        ("window.arrived = 0;
          (function wait() {
              if (performance.now() < 2500) return setTimeout(wait, 100);
              window.dataLayer = [command('consent', 'update', { ad_storage: 'granted' })];
              function command() { return arguments; }
          })();", Granted("", "")),
    ],
    tools_whose_getters_throw_break_nothing: "", &[
        ("for (const name of ['dataLayer', 'google_tag_data', '__tcfapi', '__gpp', 'klaro', 'CookieConsent',
                              'tarteaucitron', 'cookieconsent'])
              Object.defineProperty(window, name, { get() { throw new Error('not for you'); } })", Open),
        (SITE, Granted("granted", "granted")),
    ],
    tools_whose_functions_throw_break_nothing: "", &[
        ("const no = () => { throw new Error('not today'); };
          window.__tcfapi = window.__gpp = no;
          window.klaro = { getManager: no };
          window.CookieConsent = { acceptedCategory: no, getCookie: no, getConfig: no };
          window.google_tag_data = { ics: { entries: {}, addListener: no } };
          window.dataLayer = { length: 1, get 0() { return no(); }, push: no }", Open),
        (SITE, Granted("granted", "granted")),
    ],
    tools_that_lie_about_their_shape_break_nothing: "", &[
        ("window.__tcfapi = (command, version, hear) => {
              for (const data of [1, {}, [], 'yes', { gdprApplies: true, eventStatus: 'tcloaded' },
                                  { gdprApplies: true, eventStatus: 'tcloaded', purpose: 1, vendor: null }]) hear(data, true);
          };
          window.__gpp = (command, hear) => { hear({ signalStatus: 'ready' }, true); hear(1, true); return 'yes'; };
          window.klaro = { getManager: () => ({ config: {}, watch() {} }) };
          window.CookieConsent = { acceptedCategory: () => true, getCookie: () => null, getConfig: () => 1 };
          window.google_tag_data = { ics: { entries: { ad_storage: { update: 'yes' }, ad_user_data: null } } };
          window.dataLayer = 'granted';
          window.tarteaucitron = { init: 1, state: { googleads: true } };
          window.cookieconsent = { initialise: 1, status: 'allow' }", Open),
        (SITE, Granted("granted", "granted")),
    ],
    tools_of_strange_objects_break_nothing: "", &[
        ("const thing = new Proxy(function () {}, { get: (_, name) => name === Symbol.toPrimitive ? () => '' : thing,
                                                    apply: () => thing });
          for (const name of ['google_tag_data', '__tcfapi', '__gpp', 'klaro', 'CookieConsent', 'tarteaucitron', 'cookieconsent'])
              window[name] = thing", Open),
        (SITE, Granted("granted", "granted")),
    ];
    in_a_frame_the_tool_of_the_window_around_is_asked
}

const SITE: &str =
    "throughline.consent({ ad_storage: 'granted', ad_user_data: 'granted', ad_personalization: 'granted' })";

const GTAG: &str = "window.dataLayer = []; window.command = function () { return arguments; };";

const STATE: &str = "window.ics = {
        entries: {},
        heard: [],
        addListener(types, hear) { this.heard.push(hear); },
        tell() { this.heard.forEach(hear => hear({})); },
        getConsentState(type, config) { return config.usedContainerScopedDefaults; },
    };
    window.google_tag_data = { ics };";

const TCF: &str = "window.__tcfapi = (command, version, told) => { if (command === 'addEventListener') window.hear = told; };
    window.tcf = (eventStatus, data) =>
        hear({ gdprApplies: true, eventStatus, listenerId: 0, cmpStatus: 'loaded', ...data }, true);";

const GPP: &str =
    "window.__gpp = (command, told) => { if (command === 'addEventListener') window.hear = told; };
    window.gpp = (said) => hear({ eventName: 'signalStatus', pingData:
        { signalStatus: 'ready', applicableSections: [7], ...said } }, true);";

fn play(stage: &Stage, words: &str, steps: Steps) {
    land(stage, words);
    for (number, (happens, stands)) in steps.iter().enumerate() {
        let when = format!("step {}: {happens}", number + 1);
        // A tool that has just come is looked for now, and not at the detector's next turn.
        stage
            .browser
            .script(&format!("{happens}; dispatchEvent(new Event('pageshow'));"));
        if happens.contains("window.hear = ") {
            stage.browser.wait_until("window.hear");
        }
        match stands {
            Open => assert_untouched(stage, &when),
            Refused => {
                crate::hosted_page::wait_for(stage, "denied");
                assert_untouched(stage, &when);
            }
            Paused => {
                crate::hosted_page::wait_for(stage, "pending");
                assert_eq!(stage.field("[name=gclid]"), "", "{when}");
                assert!(stage.cookie().contains(&stage.click.gclid), "{when}");
                stage.assert_no_error();
            }
            Granted(user_data, personalization) => {
                stage
                    .browser
                    .wait_until("document.querySelector('[name=gclid]').value !== ''");
                let answers = json!([user_data, personalization]);
                stage.browser.wait_until(&format!(
                    "JSON.stringify([throughline.get().consent.ad_user_data || '', throughline.get().consent.ad_personalization || '']) === JSON.stringify({answers})"
                ));
                assert_eq!(stage.field("[name=gclid]"), stage.click.gclid, "{when}");
                stage.assert_no_error();
            }
        }
    }
    let told = stage
        .browser
        .async_script("return (await throughline.explain()).length");
    assert!(told != 0, "explain() has nothing to say");
    stage.browser.wait_until("underWay === 0");
}

/// The frame is of the page's own origin here, which changes nothing: only a message reaches the tool.
fn in_a_frame_the_tool_of_the_window_around_is_asked(stage: &Stage) {
    stage.open("empty.html", "");
    stage.browser.script_with(
        "const locator = document.createElement('iframe');
         locator.name = '__tcfapiLocator';
         document.body.append(locator);
         addEventListener('message', (event) => {
             const call = event.data && event.data.__tcfapiCall;
             if (!call) return;
             const returnValue = { gdprApplies: true, eventStatus: 'tcloaded', listenerId: 0,
                 purpose: { consents: { 1: true } }, vendor: { consents: {} } };
             // Messages that answer nobody, or somebody else, come as well.
             for (const told of ['{', null, { __tcfapiReturn: { callId: 'another', success: true } }])
                 event.source.postMessage(told, '*');
             event.source.postMessage({ __tcfapiReturn: { callId: call.callId, success: true, returnValue } }, '*');
         });
         const ours = document.createElement('iframe');
         ours.id = 'ours';
         ours.src = '/pages/hosted.html' + arguments[0];
         document.body.append(ours);",
        vec![stage.click.query().into()],
    );
    stage.browser.enter_frame("#ours");
    stage.settle();
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
    assert_eq!(stage.field("[name=gclid]"), stage.click.gclid);
    assert_eq!(stage.browser.text_of("throughline.get().consent.source"), "tcf");
    stage.assert_no_error();
    stage.browser.wait_until("underWay === 0");
    stage.browser.leave_frame();
}
