//! What is kept of a query is what the page itself would read: `new URLSearchParams(location.search).get(name)`.
//!
//! The golden landings and a table of awkward queries are joined by samples of public corpora of bad input where the
//! environment variable `THROUGHLINE_CORPORA` names their folder. Every query is opened in a frame, so that the engine
//! itself parses the address; the module is started anew with that address, and what it keeps is compared with what
//! the frame reads. Where the two differ, one of the rules of `Landing::from_href` must say so.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};
use support::browser::Stage;

crate::browser_tests!("queries":
    a_query_is_read_as_the_page_reads_it,
    a_query_of_two_megabytes_is_read,
    a_hostile_address_breaks_nothing_and_is_kept_safely,
);

/// A query and fragment, and what must be kept where a rule says something else than the standard.
struct Query {
    text: String,
    kept_by_rule: Option<BTreeMap<String, String>>,
}

/// What one frame gave.
struct Read {
    /// The address as the engine wrote it.
    href: String,
    by_the_page: BTreeMap<String, String>,
    by_us: BTreeMap<String, String>,
}

/// Opens each query in a frame, eight at a time, and starts the module with the frame's address. The tag needs no
/// consent, so that `get` answers; what was kept before is taken away first.
const READ_ALL: &str = "
    const { queries, names } = QUERIES;
    const open = query => new Promise(resolve => {
        const frame = document.createElement('iframe');
        frame.onload = () => resolve(frame);
        frame.src = '/received' + query;
        document.body.append(frame);
    });
    const read = async (module, frame) => {
        const { href, search } = frame.contentWindow.location;
        const params = new frame.contentWindow.URLSearchParams(search);
        frame.remove();
        const byThePage = {};
        for (const name of names) {
            if (params.get(name)) byThePage[name] = params.get(name);
        }
        const page = await module(href);
        const last = page.get().last || { ids: {}, utm: {}, params: {} };
        const device = document.cookie + (localStorage.throughline || '');
        return { href, byThePage, byUs: { ...last.ids, ...last.utm, ...last.params }, device };
    };
        const module = await startedModule;
        const all = [];
        for (let start = 0; start < queries.length; start += 8) {
            const frames = await Promise.all(queries.slice(start, start + 8).map(open));
            for (const frame of frames) all.push(await read(module, frame));
        }
        return all;
";

fn a_query_is_read_as_the_page_reads_it(stage: &Stage) {
    let mut queries = golden();
    queries.extend(awkward());
    queries.extend(samples());
    assert!(queries.len() >= 300, "{} queries", queries.len());
    stage.open("module.html", "");
    stage.settle();
    let mut by_rule = 0;
    // A batch each time, because a driver waits half a minute for a script.
    for batch in queries.chunks(40) {
        for (query, read) in batch.iter().zip(read_all(stage, batch)) {
            let Read {
                href,
                by_the_page,
                by_us,
            } = read;
            if let Some(expected) = &query.kept_by_rule {
                by_rule += 1;
                assert_eq!(&by_us, expected, "{href}");
                continue;
            }
            for name in by_the_page.keys().chain(by_us.keys()) {
                let (page, us) = (by_the_page.get(name), by_us.get(name));
                let page = page.map(String::as_str).unwrap_or_default();
                let us = us.map(String::as_str).unwrap_or_default();
                if page != us {
                    assert_is_a_rule(name, page, us, &href);
                    by_rule += 1;
                }
            }
        }
    }
    println!(
        "{}: {} queries, {by_rule} values by a rule",
        stage.browser.engine().name(),
        queries.len()
    );
    stage.assert_no_error();
}

fn a_query_of_two_megabytes_is_read(stage: &Stage) {
    stage.open("module.html", "");
    stage.settle();
    // No server takes such a request line; a page that writes its own address can make one.
    stage.browser.async_script(
        "let noise = '';
         for (let number = 0; number < 10000; number += 1) noise += '&name' + number + '=x';
         const query = '?x=' + 'y'.repeat(1900000) + '&gclid=AbC' + noise + '&utm_campaign=a+b%2Bc';
         const module = await startedModule;
         const page = await module(location.origin + '/lp' + query);
         const { ids, utm } = page.get().last;
         const params = new URLSearchParams(query);
         if (ids.gclid !== params.get('gclid')) throw new Error('gclid ' + ids.gclid);
         if (utm.utm_campaign !== params.get('utm_campaign')) throw new Error('campaign ' + utm.utm_campaign);",
    );
    stage.assert_no_error();
}

/// Real navigations, with the tag of the page and nothing else.
fn a_hostile_address_breaks_nothing_and_is_kept_safely(stage: &Stage) {
    for query in [
        "?gclid=%00%0D%0ASet-Cookie:x=1&utm_source=%00%0D%0ASet-Cookie:%20y=1",
        "?utm_campaign=%3Cscript%3Ewindow.seenErrors.push(1)%3C/script%3E&gclid=%22onload=alert(1)",
        "?__proto__[gclid]=x&constructor=y&utm_term=__proto__",
        "?utm_source=%FF%FE%ED%A0%80;%20Path=/;%20Domain=example.com",
        "?utm_source=a%7Cb%21c%26d%3De&gclid=AbC%7C1",
    ] {
        stage.open("not-required.html", query);
        stage.settle();
        let read = stage.browser.script(
            "const { last } = throughline.get();
             const params = new URLSearchParams(location.search);
             return Object.entries({ ...last.ids, ...last.utm }).map(([name, value]) => [value, params.get(name)]);",
        );
        let pairs = read.as_array().expect("a list");
        assert!(!pairs.is_empty(), "{query}");
        for pair in pairs {
            assert_eq!(pair[0], pair[1], "{query}");
        }
        for text in [stage.cookie(), stage.stored_text()] {
            assert_is_safe_to_keep(&text, query);
        }
        assert_eq!(
            stage.browser.text_of("document.cookie.split('; ').length"),
            "1",
            "no second cookie came from {query}"
        );
        stage.assert_no_error();
    }
}

fn read_all(stage: &Stage, queries: &[Query]) -> Vec<Read> {
    let texts: Vec<&str> = queries.iter().map(|query| query.text.as_str()).collect();
    let names: Vec<&str> = known_names().collect();
    let queries_and_names = json!({ "queries": texts, "names": names }).to_string();
    let all = stage
        .browser
        .async_script(&READ_ALL.replace("QUERIES", &queries_and_names));
    let all = all.as_array().unwrap_or_else(|| panic!("the page said {all}"));
    assert_eq!(all.len(), queries.len());
    all.iter()
        .map(|read| {
            let href = read["href"].as_str().expect("an address").to_owned();
            assert_is_safe_to_keep(read["device"].as_str().expect("a text"), &href);
            Read {
                by_the_page: texts_of(&read["byThePage"]),
                by_us: texts_of(&read["byUs"]),
                href,
            }
        })
        .collect()
}

fn known_names() -> impl Iterator<Item = &'static str> {
    use attribution::campaign::utm_parameters;
    use attribution::click_id::ClickIdParameter;
    let registered = ClickIdParameter::all().map(ClickIdParameter::name);
    registered.chain(utm_parameters()).chain(["partner"])
}

fn texts_of(object: &Value) -> BTreeMap<String, String> {
    let members = object.as_object().expect("an object");
    members
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_owned()))
        .collect()
}

fn assert_is_safe_to_keep(text: &str, query: &str) {
    let is_safe = text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    assert!(is_safe, "kept of {query}: {text:?}");
}

/// The rules for values, told apart from the code that obeys them: `page` is what the standard reads, `us` what is kept.
fn assert_is_a_rule(name: &str, page: &str, us: &str, href: &str) {
    let is_campaign = name.starts_with("utm_") || name == "partner";
    let may_hold_email = page.contains('@') || page.contains("%40");
    let is_rule = match (is_campaign, us) {
        (true, "(e-mail address removed)") => may_hold_email,
        (true, "(phone number removed)") => page.bytes().filter(u8::is_ascii_digit).count() >= 8,
        (true, _) => page.len() > 512 && page.starts_with(us) && us.len() > 508,
        (false, "") => {
            let is_template = |(open, end): (&str, &str)| page.starts_with(open) && page.ends_with(end);
            page.len() > 1_024
                || page.chars().any(|character| character.is_ascii_control())
                || [("{", "}"), ("[", "]"), ("%", "%"), ("$", "}"), ("_", "_")]
                    .into_iter()
                    .any(is_template)
                || may_hold_email
        }
        (false, _) => false,
    };
    assert!(is_rule, "{name}: the page reads {page:?}, we keep {us:?}: {href}");
}

fn golden() -> Vec<Query> {
    let rows: Value =
        serde_json::from_str(include_str!("../golden/landings.json")).expect("the golden landings");
    rows.as_array()
        .expect("a list")
        .iter()
        .map(|row| Query {
            text: row["query"].as_str().expect("a query").to_owned(),
            kept_by_rule: row.get("rule").map(|_| texts_of(&row["kept"])),
        })
        .collect()
}

/// Values as they stand in an address, not encoded any further: the engine decides what becomes of them.
const VALUES: [&str; 44] = [
    "a b",
    "a+b",
    "a%20b",
    "a%2Bb",
    "%2B",
    "+",
    "++",
    "%",
    "%%",
    "%%%",
    "%2",
    "%2G",
    "%u00e9",
    "%G1%41",
    "é",
    "%E9",
    "%C3%A9",
    "日本語",
    "%F0%9F%8C%B3",
    "🌳",
    "\u{202e}abc",
    "\u{200b}",
    "%EF%BB%BF",
    "\u{feff}x",
    "%C0%80",
    "%ED%A0%80%ED%B0%80",
    "%F8%88%80%80%80",
    "%FE%FF",
    "a\tb",
    "a\nb",
    "a%00b",
    "a%0Db",
    "'\"<>`",
    "\\",
    "a\\b/../c",
    "|^{}x",
    "[x",
    "a;b,c",
    "a=b=c",
    "a?b?c",
    "/a//b",
    "javascript:alert(1)",
    "=",
    "%3D%26%23",
];

/// Every value under a click id, a campaign name and the site's own name, and once behind an empty first.
fn awkward() -> Vec<Query> {
    let texts = VALUES.iter().flat_map(|value| {
        [
            format!("?gclid={value}&x=1"),
            format!("?x&utm_campaign={value}&ScCid={value}"),
            format!("?utm_term={value}&utm_term=second&fbclid={value}"),
            format!("?%70artner={value}&msclkid&msclkid={value}"),
        ]
    });
    texts.map(plain).collect()
}

/// Public corpora, each string as a campaign and as an id, encoded as a form would encode it.
fn samples() -> Vec<Query> {
    let Some(folder) = std::env::var_os("THROUGHLINE_CORPORA").map(PathBuf::from) else {
        println!("THROUGHLINE_CORPORA is not set, so no corpus of bad input is sampled");
        return Vec::new();
    };
    let read = |name: &str| {
        std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let naughty: Vec<String> =
        serde_json::from_str(&read("strings/blns.json")).expect("a list of naughty strings");
    let scripts = read("xss/xss.jsonl");
    let scripts = scripts.lines().step_by(40).map(|line| {
        let row: Value = serde_json::from_str(line).expect("a row of scripts");
        let text = row.as_str().or_else(|| row["payload"].as_str());
        text.unwrap_or(line).to_owned()
    });
    let strings = naughty.into_iter().step_by(2).chain(scripts);
    strings
        .map(|text| {
            let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            plain(format!("?utm_campaign={encoded}&gclid={encoded}"))
        })
        .collect()
}

fn plain(text: String) -> Query {
    Query {
        text,
        kept_by_rule: None,
    }
}
