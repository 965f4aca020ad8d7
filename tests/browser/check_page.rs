//! The page that checks click ids and conversion files: what it finds, what it says, and that nothing leaves the tab.

use serde_json::{Value, json};
use support::browser::{Expected, POLICY_REPORTS, Stage, screenshot_file};

crate::browser_tests!("check_page":
    a_pasted_id_is_fine_cut_or_found_in_an_address,
    the_known_bad_lines_of_a_file_are_listed_and_counted,
    what_is_no_conversion_file_is_said_to_be_none,
    a_hundred_thousand_lines_are_counted_and_the_first_findings_listed,
    what_stands_in_a_file_is_never_read_as_markup,
    nothing_leaves_the_tab,
    it_works_by_the_keyboard_and_says_what_it_found,
);

/// A synthetic id that tells of a day in 2026; the file's times are made from the browser's clock.
const GCLID: &str =
    "CjwKCAiAnsvXBhAfEiwAozRy1_vhegEpOJMy5gX7oGvLgLK2wCeuLZWT6kieDLy67NguzP872fvLhBoC1_UQAvD_BwE";
const MSCLKID: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const HEADER: &str =
    "Microsoft Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency";

fn open(stage: &Stage) {
    stage
        .browser
        .open(&format!("{}/throughline/check/", stage.pages.origin()));
    stage
        .browser
        .wait_until("document.readyState === 'complete' && 'ready' in document.documentElement.dataset");
}

fn paste(stage: &Stage, text: &str) {
    stage.browser.script_with(
        "document.getElementById('pasted').value = arguments[0];",
        vec![json!(text)],
    );
    stage.browser.click("#ask-id [type=submit]");
    wait_for_answer(stage);
}

/// Chooses a file as a person does. `content` is JavaScript for what `new Blob` takes, `@` is the moment of a row.
fn choose(stage: &Stage, name: &str, content: &str) {
    let content = content.replace(
        '@',
        "' + new Date(Date.now() - 3 * 86400000).toISOString().slice(0, 19).replace('T', ' ') + '+0000",
    );
    stage.browser.script(&format!(
        "const files = new DataTransfer();
         files.items.add(new File({content}, '{name}'));
         const input = document.getElementById('file');
         input.files = files.files;
         input.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    ));
    wait_for_answer(stage);
}

fn wait_for_answer(stage: &Stage) {
    stage.browser.wait_until(
        "!/^(Checking|Nothing was checked)/.test(document.getElementById('summary').textContent)",
    );
}

fn summary(stage: &Stage) -> String {
    stage
        .browser
        .text_of("document.getElementById('summary').textContent")
}

/// Line, how sure, column, cell and code of each listed finding.
fn places(stage: &Stage) -> Vec<String> {
    let found = stage.browser.script(
        "const rows = document.querySelectorAll('[aria-labelledby=places] tbody tr');
         const text = (row, name) => row.querySelector('.' + name).textContent;
         return Array.from(rows, row =>
             [text(row, 'number'), text(row, 'weight'), text(row, 'column'), text(row, 'cell'),
              row.querySelector('.advice').dataset.code].join(' | '));",
    );
    texts(&found)
}

/// How sure, how often and code of each reason.
fn reasons(stage: &Stage) -> Vec<String> {
    let found = stage.browser.script(
        "const rows = document.querySelectorAll('[aria-labelledby=reasons] tbody tr');
         return Array.from(rows, row =>
             [row.querySelector('.weight').textContent, row.querySelector('.number').textContent,
              row.querySelector('.advice').dataset.code].join(' | '));",
    );
    texts(&found)
}

fn texts(found: &Value) -> Vec<String> {
    let texts = found.as_array().into_iter().flatten();
    texts
        .map(|text| text.as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Each id: its parameter, how sure, what is said, the id.
fn ids(stage: &Stage) -> Vec<String> {
    let found = stage.browser.script(
        "return Array.from(document.querySelectorAll('.one-id'), id =>
             [id.dataset.parameter, id.querySelector('.chip').textContent, id.querySelector('.said').textContent,
              id.querySelector('p code').textContent].join(' | '));",
    );
    texts(&found)
}

fn a_pasted_id_is_fine_cut_or_found_in_an_address(stage: &Stage) {
    open(stage);
    paste(stage, &format!("  {MSCLKID}\n"));
    assert_eq!(summary(stage), "1 click id: nothing wrong was found.");
    assert_eq!(
        ids(stage),
        [format!(
            "msclkid | fine | It is whole, as far as an id tells. | {MSCLKID}"
        )]
    );

    paste(stage, &GCLID[..50]);
    assert_eq!(summary(stage), "1 click id: something is wrong with it.");
    let said = ids(stage);
    assert!(
        said[0].starts_with("gclid | doubtful | The id ends after 50 characters"),
        "{said:?}"
    );

    paste(
        stage,
        &format!("https://www.example.com/lp?utm_source=x&gclid={GCLID}&msclkid=%7Bmsclkid%7D#top"),
    );
    let said = ids(stage);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].starts_with("gclid | ") && said[0].ends_with(GCLID),
        "{said:?}"
    );
    assert!(
        said[1].starts_with("msclkid | refused | The placeholder was not filled"),
        "{said:?}"
    );
    let when = stage
        .browser
        .text_of("document.querySelector('.when').textContent");
    assert!(
        when.starts_with("Clicked on 10 November 2026, by the clocks of Los Angeles."),
        "{when}"
    );

    paste(stage, "https://www.example.com/");
    assert_eq!(summary(stage), "No click id stands in this address.");
    assert_eq!(ids(stage), Vec::<String>::new());
}

fn the_known_bad_lines_of_a_file_are_listed_and_counted(stage: &Stage) {
    open(stage);
    choose(
        stage,
        "mine.csv",
        &format!(
            "['{HEADER}\\r\\n'
              + '{MSCLKID},Sale,@,1250.00,EUR\\r\\n'
              + '{{msclkid}},Sale,@,,\\r\\n'
              + '{MSCLKID},\"Sale, big\",@,\"1,250.00\",EUR\\r\\n'
              + '\\r\\n'
              + '{MSCLKID},Other sale,20.11.2026 14:05,5,Euro\\r\\n'
              + ',,,,\\r\\n']"
        ),
    );
    assert_eq!(
        summary(stage),
        "mine.csv: Microsoft Advertising, offline conversions, 4 rows. 1 fine."
    );
    assert_eq!(
        places(stage),
        [
            "3 | refused | Microsoft Click ID | {msclkid} | template_unfilled",
            "4 | refused | Conversion Value | 1,250.00 | value_invalid",
            "6 | refused | Conversion Time | 20.11.2026 14:05 | time_invalid",
            "6 | refused | Conversion Currency | Euro | currency_unknown",
        ]
    );
    assert_eq!(reasons(stage).len(), 4);
    let rows = stage
        .browser
        .script("return Array.from(document.querySelectorAll('[data-rows]'), dd => dd.dataset.rows + ' ' + dd.textContent);");
    assert_eq!(texts(&rows), ["fine 1", "refused 3", "doubtful 0"]);
    picture(stage, "check-2-file");
}

fn what_is_no_conversion_file_is_said_to_be_none(stage: &Stage) {
    open(stage);
    for (name, content, said) in [
        (
            "empty.csv",
            "[]",
            "empty.csv cannot be checked. Nothing stands in the file.",
        ),
        (
            "photo.csv",
            "[new Uint8Array([137, 80, 78, 71, 0, 1, 2, 0, 255])]",
            "photo.csv cannot be checked. This is no text.",
        ),
        (
            "other.csv",
            "['a,b\\n1,2\\n']",
            "other.csv cannot be checked. No line names the columns",
        ),
        (
            "huge.csv",
            "[new Uint8Array(64 * 1024 * 1024 + 1)]",
            "huge.csv has more than 64 MB",
        ),
    ] {
        choose(stage, name, content);
        let summary = summary(stage);
        assert!(summary.starts_with(said), "{summary}");
        assert_eq!(places(stage), Vec::<String>::new());
    }
    // And then it works on.
    choose(
        stage,
        "good.csv",
        &format!("['{HEADER}\\n{MSCLKID},Sale,@,,\\n']"),
    );
    assert!(
        summary(stage).ends_with("1 row. Nothing wrong was found."),
        "{}",
        summary(stage)
    );
}

fn a_hundred_thousand_lines_are_counted_and_the_first_findings_listed(stage: &Stage) {
    open(stage);
    let began = std::time::UNIX_EPOCH.elapsed().expect("a clock");
    choose(
        stage,
        "long.csv",
        &format!(
            "['{HEADER}\\n', ...Array.from({{ length: 100000 }}, (_, place) =>
                place.toString(16).padStart(place % 2 ? 32 : 31, '0') + ',Sale,@,1.00,EUR\\n')]"
        ),
    );
    let took = std::time::UNIX_EPOCH.elapsed().expect("a clock") - began;
    println!(
        "100,000 lines, made, checked and drawn, in {} ms",
        took.as_millis()
    );
    assert_eq!(
        summary(stage),
        "long.csv: Microsoft Advertising, offline conversions, 100,000 rows. 50,000 fine."
    );
    assert_eq!(reasons(stage), ["refused | 50,000 | cut"]);
    assert_eq!(places(stage).len(), 500);
    assert_eq!(
        stage
            .browser
            .text_of("document.getElementById('not-listed').textContent"),
        "These are the first 500 findings; 49,500 further ones are counted above and not listed here."
    );
}

fn what_stands_in_a_file_is_never_read_as_markup(stage: &Stage) {
    open(stage);
    let markup = "<img src=x onerror=document.title=1><script>document.title=1</script>";
    choose(
        stage,
        "a<b>.csv",
        &format!("['{HEADER},{markup}\\n{markup},{markup},{markup},{markup},{markup},\\n']"),
    );
    paste_again_and_back(stage, markup);
    let strange = stage
        .browser
        .script("return document.querySelectorAll('#answer img, #answer script, #answer b').length;");
    assert_eq!(strange, 0);
    assert_eq!(
        stage.browser.text_of("document.title"),
        "Check a click id or a conversion file"
    );
}

fn paste_again_and_back(stage: &Stage, markup: &str) {
    assert!(
        places(stage).iter().any(|place| place.contains(markup)),
        "{:?}",
        places(stage)
    );
    paste(stage, markup);
    assert!(ids(stage)[0].ends_with(markup), "{:?}", ids(stage));
}

/// After the page is ready no request reaches the server, whatever is checked, and the page's policy would let none reach
/// another one.
fn nothing_leaves_the_tab(stage: &Stage) {
    open(stage);
    let log = stage.pages.log();
    let mark = log.mark();
    paste(stage, &format!("https://www.example.com/?gclid={GCLID}"));
    choose(
        stage,
        "mine.csv",
        &format!("['{HEADER}\\n{MSCLKID},Sale,@,1.00,EUR\\nx,,@,,\\n']"),
    );
    stage.browser.click("#example-id");
    wait_for_answer(stage);
    stage.browser.click("#example-file");
    stage
        .browser
        .wait_until("document.getElementById('summary').textContent.startsWith('example.csv')");
    stage.fence();
    let came: Vec<String> = log
        .found(&Expected::any("/"), mark)
        .into_iter()
        .map(|request| request.path)
        // Our own word, and the icon, which some browsers fetch when they have time.
        .filter(|path| path != "/fence" && !path.ends_with("/icon.svg"))
        .collect();
    assert_eq!(came, Vec::<String>::new());
    stage.assert_nothing_is_kept();

    // What would leave it is stopped, and reported; nothing was before.
    let elsewhere = stage.collector.origin();
    let mark = log.mark();
    let tried = stage.browser.async_script(&format!(
        "return fetch('{elsewhere}/throughline/health').then(() => 'reached', () => 'refused');"
    ));
    assert_eq!(tried, "refused");
    log.wait_for(&Expected::post(POLICY_REPORTS), mark);
    let mark = log.mark();
    stage.browser.script(&format!(
        "const image = new Image();
         image.src = '{elsewhere}/throughline/icon.svg?leak';
         document.body.append(image);"
    ));
    log.wait_for(&Expected::post(POLICY_REPORTS), mark);
    let reports = log.found(&Expected::post(POLICY_REPORTS), 0);
    let stopped: Vec<String> = reports
        .iter()
        .map(|report| directive(&report.body_text()))
        .collect();
    assert_eq!(stopped, ["connect-src", "img-src"]);
}

/// Which directive of a policy stopped something. <https://www.w3.org/TR/CSP3/#deprecated-serialize-violation>
fn directive(report: &str) -> String {
    let report: Value = serde_json::from_str(report).expect("a report in JSON");
    let named = ["effective-directive", "violated-directive"].map(|name| report["csp-report"][name].as_str());
    let words = named.into_iter().flatten().next().unwrap_or_default();
    words.split(' ').next().unwrap_or_default().to_owned()
}

fn it_works_by_the_keyboard_and_says_what_it_found(stage: &Stage) {
    open(stage);
    picture(stage, "check-1-empty");
    stage.browser.type_into("#pasted", &format!("{MSCLKID}\u{e007}"));
    wait_for_answer(stage);
    assert_eq!(summary(stage), "1 click id: nothing wrong was found.");
    // The summary is read out; the long tables are not, and are reached and scrolled by the keyboard.
    stage.browser.click("#example-file");
    stage
        .browser
        .wait_until("document.getElementById('summary').textContent.startsWith('example.csv')");
    assert_eq!(
        summary(stage),
        "example.csv: Google Ads, click conversions, 8 rows. 1 fine."
    );
    let roles = stage.browser.script(
        "const named = element => element.labels?.length || element.textContent.trim() || element.getAttribute('aria-labelledby');
         const controls = document.querySelectorAll('input, textarea, button, [tabindex=\"0\"]');
         return [
             document.querySelector('[role=status]').id,
             document.querySelectorAll('[role=status] table').length,
             Array.from(controls).filter(element => !named(element)).length,
             document.querySelectorAll('.table-frame[role=region][tabindex=\"0\"]').length,
             document.querySelectorAll('th:not([scope])').length,
         ].join(' ');",
    );
    assert_eq!(roles, "summary 0 0 2 0");
    picture(stage, "check-3-example");
    stage.assert_nothing_is_kept();
}

fn picture(stage: &Stage, step: &str) {
    stage
        .browser
        .screenshot(&screenshot_file(stage.browser.engine(), step));
}
