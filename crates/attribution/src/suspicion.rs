//! Whether a lead was sent by a person. A lead of a robot is kept and shown with the reason, but never delivered: ad
//! platforms bid on what they are told, and a robot's lead would teach them to buy more robots.

use crate::lead::Lead;
use crate::limits::FORM_MS_MIN;

/// Programs that read or test pages, and never fill in a form for somebody. Lower case; a piece of the User-Agent.
const CRAWLERS: &str = "crawl|spider|slurp|archiver|facebookexternalhit|facebookcatalog|mediapartners|\
    google-read-aloud|google-inspectiontool|feedfetcher|apis-google|bingpreview|skypeuripreview|embedly|\
    vkshare|quora link preview|w3c_|w3c-|validator|chrome-lighthouse|pagespeed|gtmetrix|ptst/|pingdom|uptime|statuscake|\
    site24x7|datadog|newrelic|nagios|monitoring|nmap|nikto|sqlmap|nessus|qualys|censys|masscan|zgrab|\
    screaming frog|sitebulb|httrack|webzip|ia_archiver|ahrefs|semrush|mj12|dotbot|gptbot|oai-search|chatgpt-user|\
    claude-user|claude-web|claude-search|perplexity|anthropic-ai|cohere-ai|bytespider|yandeximages|baiduspider|\
    seznam|proximic|wordpress/|prerender|rendertron|snapchat-ads|adsbot|linkcheck|link checker|deadlink|heritrix|\
    nutch|ccbot|blexbot|dataprovider|netcraft";

/// Browsers that a program drives, where they say so themselves.
const HEADLESS: &str = "headless|phantomjs|slimerjs|puppeteer|playwright|selenium|webdriver|cypress/|electron-prerender|\
    zombie.js|htmlunit|jsdom";

/// Libraries and tools that send requests. `x/` is the tool's own name at the very beginning.
const PROGRAMS: &str = "curl/|wget/|libcurl|python-requests|python-urllib|python/|aiohttp/|python-httpx|httpx/|scrapy|\
    go-http-client|java/|apache-httpclient|apache-http|jakarta commons|okhttp/|axios/|node-fetch|node.js|undici|got (|\
    superagent|libwww-perl|lwp::|lwp-|perl/|ruby|faraday|rest-client|php/|guzzlehttp|symfony http|winhttp|\
    postmanruntime|insomnia/|httpie/|ureq/|reqwest/|hyper/|k6.io|apachebench|wrk/|jmeter|gatling|siege/|powershell|\
    dart/|restsharp|httpclient";

/// Why a lead does not look like a person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suspicion {
    /// The User-Agent is a crawler's, a monitor's or a scanner's.
    Crawler,
    /// The User-Agent is a browser's that a program drives.
    HeadlessBrowser,
    /// The User-Agent is a program's.
    Program,
    /// A field that no person sees was filled in.
    HoneypotFilled,
    /// The form was sent sooner after the landing than a person can have read it.
    TooFast,
}

impl Suspicion {
    /// Every reason.
    pub const ALL: [Self; 5] = [
        Self::Crawler,
        Self::HeadlessBrowser,
        Self::Program,
        Self::HoneypotFilled,
        Self::TooFast,
    ];

    /// What speaks against a person; `None` where nothing does. A missing User-Agent does not: a site may hand leads on
    /// from its own server.
    #[must_use]
    pub fn of(lead: &Lead, user_agent: &str, is_honeypot_filled: bool) -> Option<Self> {
        if is_honeypot_filled {
            return Some(Self::HoneypotFilled);
        }
        of_user_agent(user_agent).or_else(|| is_too_fast(lead).then_some(Self::TooFast))
    }

    /// The reason of that name, as the store holds it.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suspicion| suspicion.code() == code)
    }

    /// The name of the reason, for machines.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Crawler => "crawler",
            Self::HeadlessBrowser => "headless_browser",
            Self::Program => "program",
            Self::HoneypotFilled => "honeypot_filled",
            Self::TooFast => "too_fast",
        }
    }

    /// What was seen, in one sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Crawler => {
                "The lead came from a crawler, a monitor or a scanner, so it is kept and not delivered."
            }
            Self::HeadlessBrowser => {
                "The lead came from a browser that a program drives, so it is kept and not delivered."
            }
            Self::Program => {
                "The lead came from a program and not from a browser, so it is kept and not delivered."
            }
            Self::HoneypotFilled => {
                "A field that no person sees was filled in, so the lead is kept and not delivered."
            }
            Self::TooFast => {
                "The form was sent sooner than a person can read it, so the lead is kept and not delivered."
            }
        }
    }
}

fn of_user_agent(user_agent: &str) -> Option<Suspicion> {
    let text = user_agent.to_ascii_lowercase();
    let has_any = |words: &str| words.split('|').any(|word| text.contains(word));
    if has_any(HEADLESS) {
        Some(Suspicion::HeadlessBrowser)
    } else if names_bot(&text) || has_any(CRAWLERS) {
        Some(Suspicion::Crawler)
    } else if has_any(PROGRAMS) {
        Some(Suspicion::Program)
    } else {
        None
    }
}

/// `Googlebot/2.1`, `bot`, `my-bot;`: the word or the end of one. Cubot makes telephones.
fn names_bot(text: &str) -> bool {
    text.match_indices("bot").any(|(place, bot)| {
        let before = text.get(..place).unwrap_or_default();
        let behind = text.get(place + bot.len()..).and_then(|rest| rest.chars().next());
        let ends_word = behind.is_none_or(|letter| !letter.is_ascii_alphabetic() || letter == 's');
        ends_word && !before.ends_with("cu")
    })
}

/// Judged only where a form was sent and the visit began on this very page view's clock; a script of the site may report
/// a lead by itself at any moment.
fn is_too_fast(lead: &Lead) -> bool {
    let form = &lead.submission.form;
    let is_form = [&form.id, &form.name, &form.action]
        .iter()
        .any(|name| !name.is_empty());
    let landed_at = lead.touches.iter().map(|touch| touch.at).max();
    is_form
        && landed_at.is_some_and(|landed_at| {
            (0..FORM_MS_MIN).contains(&lead.submission.submitted_at.ms_since(landed_at))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lead::ReceivedLead;
    use serde_json::{Value, json};

    fn suspicion(user_agent: &str) -> &'static str {
        of_user_agent(user_agent).map_or("", Suspicion::code)
    }

    #[test]
    fn programs_are_told_from_browsers_by_their_own_word() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)";
        for (user_agent, expected) in [
            ("", ""),
            (&format!("{chrome} Chrome/156.0.0.0 Safari/537.36"), ""),
            (
                &format!("{chrome} HeadlessChrome/156.0.0.0 Safari/537.36"),
                "headless_browser",
            ),
            (
                &format!("{chrome} PhantomJS/2.1.1 Safari/538.1"),
                "headless_browser",
            ),
            (
                "Mozilla/5.0 (Linux; Android 9; CUBOT P30) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36",
                "",
            ),
            (
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                "crawler",
            ),
            (
                "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
                "crawler",
            ),
            (
                "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
                "crawler",
            ),
            (
                "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
                "crawler",
            ),
            (
                "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
                "crawler",
            ),
            ("Mozilla/5.0 (compatible; Baiduspider/2.0)", "crawler"),
            ("AdsBot-Google (+http://www.google.com/adsbot.html)", "crawler"),
            (
                &format!("{chrome} Chrome/156 Safari/537.36 Chrome-Lighthouse"),
                "crawler",
            ),
            ("Pingdom.com_bot_version_1.4", "crawler"),
            ("Mozilla/5.0 (compatible; our-bots/1.0)", "crawler"),
            // Words that only begin or go on so.
            (
                &format!("{chrome} Botanic/1.0 Chrome/156.0.0.0 Safari/537.36"),
                "",
            ),
            (
                &format!("{chrome} Robotics/1.0 Chrome/156.0.0.0 Safari/537.36"),
                "",
            ),
            ("curl/8.5.0", "program"),
            ("python-requests/2.32.3", "program"),
            ("Go-http-client/2.0", "program"),
            ("axios/1.7.2", "program"),
            ("okhttp/4.12.0", "program"),
            ("Java/17.0.2", "program"),
        ] {
            assert_eq!(suspicion(user_agent), expected, "{user_agent}");
        }
    }

    fn lead(changes: &[(&str, Value)]) -> Lead {
        let mut lead = json!({"v": 1, "site": "default", "lead_id": "7K3M9QXA2F4HJK5NR",
            "submitted_at": "2026-11-18T09:00:00.200Z", "form": {"id": "contact"},
            "touches": [{"at": "2026-11-10T09:00:00Z"}, {"at": "2026-11-18T09:00:00Z"}],
            "consent": {"ad_storage": "granted"}});
        for (pointer, value) in changes {
            *lead.pointer_mut(pointer).expect("the field") = value.clone();
        }
        let received = ReceivedLead::from_json(lead.to_string().as_bytes()).expect("JSON");
        received.accept().expect("a lead").value().clone()
    }

    #[test]
    fn a_form_that_is_sent_at_once_was_read_by_nobody() {
        let submitted_at = |text: &str| [("/submitted_at", json!(text))];
        let of = |lead: &Lead| Suspicion::of(lead, "", false);
        assert_eq!(of(&lead(&[])), Some(Suspicion::TooFast));
        assert_eq!(
            of(&lead(&submitted_at("2026-11-18T09:00:00Z"))),
            Some(Suspicion::TooFast)
        );
        assert_eq!(
            of(&lead(&submitted_at("2026-11-18T09:00:00.499Z"))),
            Some(Suspicion::TooFast)
        );
        assert_eq!(of(&lead(&submitted_at("2026-11-18T09:00:00.500Z"))), None);
        // A clock that was set back proves nothing, and neither does a script that reports by itself.
        assert_eq!(of(&lead(&submitted_at("2026-11-18T08:59:59.900Z"))), None);
        assert_eq!(of(&lead(&[("/form", json!({}))])), None);
        assert_eq!(of(&lead(&[("/touches", json!([]))])), None);
    }

    #[test]
    fn a_field_that_nobody_sees_outweighs_what_the_browser_says_of_itself() {
        let of = |honeypot| Suspicion::of(&lead(&[]), "curl/8.5.0", honeypot);
        assert_eq!(of(true), Some(Suspicion::HoneypotFilled));
        assert_eq!(of(false), Some(Suspicion::Program));
    }

    #[test]
    fn every_reason_is_found_again_by_its_name_and_says_one_sentence() {
        for suspicion in Suspicion::ALL {
            assert_eq!(Suspicion::named(suspicion.code()), Some(suspicion));
            assert!(suspicion.sentence().ends_with('.'));
        }
        assert_eq!(Suspicion::named("person"), None);
    }
}
