//! The part that tells channels: the same labels as the core's, in WebAssembly and in JavaScript, and only when asked.

use attribution::visit_record::VisitRecord;
use serde_json::{Value, json};
use support::browser::{Expected, Stage};

crate::browser_tests!("channel":
    both_engines_tell_what_the_golden_table_says,
    where_webassembly_is_refused_the_javascript_tells,
    err_a_damaged_record_has_no_channel,
    a_page_whose_fields_ask_for_no_channel_loads_nothing_of_it,
);

/// The import of the loader, whose name holds a hash; the list of hashes tells it.
const LOADER: &str = "
    const files = Object.keys(await (await fetch('/throughline/integrity.json')).json());
    const loader = '/throughline/' + files.find(file => /^channel-[0-9a-f]+\\.js$/.test(file));
";

/// The touch of each golden landing as a record, and the label that the table wants. The moment is in base 36.
fn golden_records() -> (Vec<String>, Vec<String>) {
    let mut reader = csv::Reader::from_reader(include_str!("../golden/channels.csv").as_bytes());
    let rows = reader
        .records()
        .map(|row| row.expect("a row of the golden table"));
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    rows.filter(|row| !row[0].is_empty() || !row[1].is_empty())
        .map(|row| {
            let pairs = form_urlencoded::parse(row[0].as_bytes());
            let query = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs)
                .finish();
            let record = format!(
                "1|mh5dckow!!https%3A%2F%2Fchatgpt.com%2F!|mi5dckow!!{}!{query}",
                encoded(&row[1])
            );
            // Behind the channels stands `fbc`, for a landing that came from Meta.
            let fbc = VisitRecord::decode(&record).and_then(|record| record.fbc());
            let told = format!("AI Assistant\n{}\n{}", &row[2], fbc.unwrap_or_default());
            (record, told)
        })
        .unzip()
}

/// What the part answers to each record, run by an engine; a query makes each engine a module of its own.
fn told(stage: &Stage, engine: &str, before: &str, records: &[String]) -> Value {
    stage.browser.async_script(&format!(
        "{LOADER} {before}
         const channels = (await import(loader + '?{engine}')).default;
         const told = [];
         for (const record of {}) told.push(await channels(record, '{engine}'));
         return told;",
        json!(records)
    ))
}

fn both_engines_tell_what_the_golden_table_says(stage: &Stage) {
    let (records, labels) = golden_records();
    assert!(records.len() >= 80, "{}", records.len());
    assert!(
        labels.iter().any(|label| label.contains("\nfb.1.")),
        "no landing from Meta"
    );
    stage.open("empty.html", "");
    for engine in ["wasm", "js"] {
        assert_eq!(told(stage, engine, "", &records), json!(labels), "{engine}");
    }
}

fn where_webassembly_is_refused_the_javascript_tells(stage: &Stage) {
    let (records, labels) = golden_records();
    stage.open("empty.html", "");
    let refused = "WebAssembly.Module = function () { throw new WebAssembly.CompileError('refused'); };";
    let mark = stage.pages.log().mark();
    assert_eq!(told(stage, "", refused, &records[..1]), json!(labels[..1]));
    let came = stage
        .pages
        .log()
        .found(&Expected::any("/throughline/channel-"), mark);
    let is_module = |path: &str| path.contains(".wasm");
    assert!(
        !came.is_empty() && !came.iter().any(|request| is_module(&request.path)),
        "{came:?}"
    );
}

fn err_a_damaged_record_has_no_channel(stage: &Stage) {
    let records = [
        "",
        "1",
        "1|",
        "2|mh5dckow!!!gclid=x",
        "1|mh5dckow!!!gclid=%00",
        "\u{0}é",
        "1|!!!",
    ]
    .map(str::to_owned);
    stage.open("empty.html", "");
    for engine in ["wasm", "js"] {
        let nothing = json!(records.clone().map(|_| ""));
        assert_eq!(told(stage, engine, "", &records), nothing, "{engine}");
    }
}

fn a_page_whose_fields_ask_for_no_channel_loads_nothing_of_it(stage: &Stage) {
    stage.open("not-required.html", &stage.click.query());
    stage.settle();
    let came = stage
        .pages
        .log()
        .found(&Expected::any("/throughline/channel-"), 0);
    assert!(came.is_empty(), "{came:?}");
}
