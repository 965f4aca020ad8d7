//! Turns `data/click_ids.csv` into the table that `src/click_id.rs` includes, so that a new network is one
//! line of data and the browser script carries only the columns that it reads.

use std::{env, fs, path::Path};

fn main() {
    let data = "data/click_ids.csv";
    println!("cargo::rerun-if-changed={data}");
    println!("cargo::rerun-if-changed=build.rs");
    let csv = fs::read_to_string(data).unwrap_or_else(|error| fail(&format!("{data}: {error}")));
    let mut rows = String::new();
    for (number, line) in csv.lines().enumerate().skip(1) {
        let columns: Vec<&str> = line.split(',').collect();
        let [parameter, platform, names_paid_click, ..] = columns.as_slice() else {
            fail(&format!("{data} line {}: expected six columns", number + 1));
        };
        let paid = match *names_paid_click {
            "yes" => true,
            "no" => false,
            _ => fail(&format!(
                "{data} line {}: names_paid_click is yes or no",
                number + 1
            )),
        };
        rows.push_str(&format!(
            "    Registered {{ parameter: {parameter:?}, platform: {platform:?}, names_paid_click: {paid} }},\n"
        ));
    }
    let out = env::var_os("OUT_DIR").unwrap_or_else(|| fail("cargo sets OUT_DIR"));
    let table = format!("static REGISTRY: &[Registered] = &[\n{rows}];\n");
    if let Err(error) = fs::write(Path::new(&out).join("click_ids.rs"), table) {
        fail(&format!("click_ids.rs: {error}"));
    }
}

fn fail(sentence: &str) -> ! {
    eprintln!("{sentence}");
    std::process::exit(1)
}
