//! What other scripts take for a yes: the fail-open traps, one row each.
//!
//! Every trap was found in a consent tool or in a script that reads one. A row ends with a real answer that is heard, so
//! that it cannot pass by hearing nothing.

use support::browser::Stage;

use crate::hosted_page::{assert_kept_and_filled, assert_untouched, land, wait_for, wait_for_adapter};

/// One page with the trap.
struct Scene {
    /// What the page's query says: which tool, and how it behaves.
    words: &'static str,
    /// The adapter that listens; empty where there is none to wait for.
    source: &'static str,
    /// What happens in the page, and what follows from it.
    steps: &'static [(&'static str, Then)],
}

/// What follows.
enum Then {
    /// No answer was heard: nothing is kept.
    Nothing,
    /// A refusal was heard: nothing is kept.
    Refused,
    /// A grant was heard from this source.
    Kept(&'static str),
}

use Then::{Kept, Nothing, Refused};

/// One test per trap.
macro_rules! traps {
    ($($name:ident: $scenes:expr),+ $(,)?) => {
        $(fn $name(stage: &Stage) {
            $scenes.iter().for_each(|scene| play(stage, scene));
        })+
        crate::browser_tests!("consent_traps": $($name),+);
    };
}

const LOOK: &str = "";
/// The visitor comes to the page once more.
const AGAIN: &str = "again";
const YES: &str = "tool.choose(true)";
const NO: &str = "tool.choose(false)";
const SITE_YES: &str =
    "throughline.consent({ ad_storage: 'granted', ad_user_data: 'granted', ad_personalization: 'granted' })";

traps! {
    f1_wp_consent_says_yes_without_a_type: [Scene {
        words: "tool=wp_consent&type=none",
        source: "wp_consent",
        steps: &[(LOOK, Nothing), (NO, Refused), ("tool.lose(); tool.start()", Nothing), (YES, Kept("wp_consent"))],
    }],
    f2_an_event_about_another_category_is_no_grant: [Scene {
        words: "tool=wp_consent",
        source: "wp_consent",
        steps: &[("tool.chooseStatistics()", Nothing), (YES, Kept("wp_consent"))],
    }],
    f3_a_missing_key_is_no_grant: [
        Scene {
            words: "tool=cookiebot&without-marketing",
            source: "cookiebot",
            steps: &[(YES, Refused)],
        },
        Scene {
            words: "tool=onetrust&category=ADS",
            source: "onetrust",
            steps: &[
                ("OnetrustActiveGroups = OptanonActiveGroups = undefined; OneTrust.IsAlertBoxClosed = () => true;
                  fire(window, 'OneTrustGroupsUpdated')", Nothing),
                (YES, Kept("onetrust")),
            ],
        },
    ],
    f4_complianz_says_yes_to_bots_and_opt_out_regions: [
        Scene {
            words: "tool=complianz&bot",
            source: "complianz",
            steps: &[(LOOK, Nothing), (YES, Kept("complianz"))],
        },
        Scene {
            words: "tool=complianz&model=opt-out",
            source: "complianz",
            steps: &[(LOOK, Nothing), (YES, Kept("complianz"))],
        },
    ],
    f5_an_unset_consent_type_is_no_grant: [Scene {
        words: "tool=consent_mode",
        source: "consent_mode",
        steps: &[
            ("gtag('consent', 'update', { analytics_storage: 'granted' })", Nothing),
            ("window.google_tag_data = { ics: { usedUpdate: true, addListener() {},
                 entries: { analytics_storage: { update: true }, ad_storage: {} } } }", Nothing),
            (YES, Kept("consent_mode")),
        ],
    }],
    f6_a_toggle_that_is_not_saved_is_no_answer: [
        Scene {
            words: "tool=osano",
            source: "osano",
            steps: &[
                ("tool.toggle(true)", Nothing),
                (NO, Refused),
                ("tool.toggle(true); document.dispatchEvent(new Event('visibilitychange'))", Refused),
                (YES, Kept("osano")),
            ],
        },
        Scene {
            words: "tool=klaro_toggles",
            source: "klaro",
            steps: &[
                ("tool.toggle(true); document.dispatchEvent(new Event('visibilitychange'))", Nothing),
                (YES, Kept("klaro")),
            ],
        },
    ],
    f7_a_category_of_mixed_answers_is_no_grant: [
        Scene {
            words: "tool=usercentrics",
            source: "usercentrics",
            steps: &[("tool.chooseSome()", Refused), (YES, Kept("usercentrics"))],
        },
        Scene {
            words: "tool=usercentrics_v3",
            source: "usercentrics_v3",
            steps: &[("tool.chooseSome()", Refused), (YES, Kept("usercentrics_v3"))],
        },
    ],
    f8_what_holds_before_a_choice_is_no_grant: [
        Scene {
            words: "tool=onetrust&model=opt-out",
            source: "onetrust",
            steps: &[(LOOK, Nothing), (NO, Refused)],
        },
        Scene {
            words: "tool=onetrust&no-notice",
            source: "onetrust",
            steps: &[("tool.keep(true)", Nothing), (YES, Nothing), (NO, Refused)],
        },
        Scene {
            words: "tool=cookieyes&model=opt-out",
            source: "cookieyes",
            steps: &[(LOOK, Nothing), (YES, Kept("cookieyes"))],
        },
        Scene {
            words: "tool=cookiebot&method=implied",
            source: "cookiebot",
            steps: &[(YES, Nothing), (NO, Refused)],
        },
        Scene {
            words: "tool=trustarc&model=opt-out",
            source: "trustarc",
            steps: &[(LOOK, Nothing), (YES, Kept("trustarc"))],
        },
        Scene {
            words: "tool=shopify&model=opt-out",
            source: "shopify",
            steps: &[(LOOK, Nothing), (YES, Kept("shopify"))],
        },
        Scene {
            words: "tool=hubspot&informs",
            source: "hubspot",
            steps: &[(LOOK, Nothing), (YES, Kept("hubspot"))],
        },
        Scene {
            words: "tool=didomi&category=ads&regulation=none",
            source: "didomi",
            steps: &[(LOOK, Nothing), (NO, Refused)],
        },
        Scene {
            words: "tool=osano&model=opt-out",
            source: "osano",
            steps: &[(LOOK, Nothing), (YES, Kept("osano"))],
        },
    ],
    f9_a_tool_that_fails_is_no_grant: [
        // The adapter throws while it starts.
        Scene {
            words: "tool=osano&broken",
            source: "osano",
            steps: &[(YES, Nothing), (SITE_YES, Kept("site"))],
        },
        // The tool throws whenever it is read, with a grant in its list.
        Scene {
            words: "tool=onetrust&model=opt-out&broken",
            source: "onetrust",
            steps: &[(YES, Nothing), (SITE_YES, Kept("site"))],
        },
        // The detector meets a page whose global throws.
        Scene {
            words: "",
            source: "",
            steps: &[
                ("Object.defineProperty(window, 'Cookiebot', { get() { throw new Error('not for you') } });
                  dispatchEvent(new Event('pageshow'))", Nothing),
                (SITE_YES, Kept("site")),
            ],
        },
    ],
    f10_a_law_that_does_not_apply_is_no_grant: [Scene {
        words: "tool=tcf_not_applying",
        source: "tcf",
        steps: &[(LOOK, Nothing), (YES, Kept("tcf")), (NO, Refused)],
    }],
    f11_a_cookie_that_exists_is_no_grant: [
        Scene {
            words: "tool=iubenda",
            source: "iubenda",
            steps: &[(NO, Refused), (AGAIN, Refused), (YES, Kept("iubenda"))],
        },
        Scene {
            words: "tool=iubenda&binary",
            source: "iubenda",
            steps: &[(NO, Refused), (AGAIN, Refused), (YES, Kept("iubenda"))],
        },
    ],
    an_older_answer_that_comes_late_is_no_grant: [Scene {
        words: "tool=usercentrics_v3",
        source: "usercentrics_v3",
        steps: &[
            ("tool.isSlow = true; tool.choose(true)", Nothing),
            (NO, Refused),
            ("tool.letGo()", Refused),
            ("tool.isSlow = false; tool.choose(true)", Kept("usercentrics_v3")),
        ],
    }],
    f12_a_tool_that_hides_from_drivers_is_no_grant: [
        Scene {
            words: "tool=hides_from_bots",
            source: "vanilla_cookieconsent",
            steps: &[(LOOK, Nothing)],
        },
        Scene {
            words: "tool=hides_from_bots&shown",
            source: "vanilla_cookieconsent",
            steps: &[(YES, Kept("vanilla_cookieconsent")), (NO, Refused)],
        },
    ],
}

fn play(stage: &Stage, scene: &Scene) {
    let enter = || {
        land(stage, scene.words);
        if !scene.source.is_empty() {
            wait_for_adapter(stage, scene.source);
        }
    };
    enter();
    for (happens, then) in scene.steps {
        let when = format!("{}: {happens}", scene.words);
        if *happens == AGAIN {
            enter();
        } else {
            stage.browser.script(happens);
        }
        match then {
            Nothing => {
                assert_untouched(stage, &when);
                let told = stage.browser.text_of("JSON.stringify(seenEvents)");
                assert!(!told.contains("granted"), "{when}: {told}");
            }
            Refused => {
                wait_for(stage, "denied");
                assert_untouched(stage, &when);
            }
            Kept(source) => assert_kept_and_filled(stage, source, &when),
        }
    }
    // The next scene begins with an empty device, and no answer of this one comes late.
    stage.browser.wait_until("underWay === 0");
    stage
        .browser
        .script("throughline.forget(); if (tool.lose) tool.lose();");
    stage.browser.wait_until("underWay === 0");
}
