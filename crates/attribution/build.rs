//! Turns `data/click_ids.csv` into the table that `src/click_id.rs` includes, so that a new network is one
//! line of data, and the browser script carries only the columns that it reads.

use std::{env, fs, path::Path};

#[path = "build/channel_sources.rs"]
mod channel_sources;

const DATA: &str = "data/click_ids.csv";

fn main() {
    println!("cargo::rerun-if-changed={DATA}");
    println!("cargo::rerun-if-changed=build.rs");
    let csv = fs::read_to_string(DATA).unwrap_or_else(|error| fail(&format!("{DATA}: {error}")));
    let (names, rows): (Vec<&str>, Vec<String>) = csv
        .lines()
        .enumerate()
        .skip(1)
        .map(|(place, line)| {
            row(line).unwrap_or_else(|wrong| fail(&format!("{DATA} line {}: {wrong}", place + 1)))
        })
        .unzip();
    let out = env::var_os("OUT_DIR").unwrap_or_else(|| fail("cargo sets OUT_DIR"));
    let table = format!(
        "static NAMES: &str = {:?};\nstatic ROWS: &str = {:?};\n",
        names.join(","),
        rows.join(";")
    );
    write(Path::new(&out), "click_ids.rs", &table);
    if env::var_os("CARGO_FEATURE_COLLECTOR").is_some() {
        let shapes: Vec<&str> = csv.lines().skip(1).map(shape).collect();
        let table = format!("static SHAPES: &str = {:?};\n", shapes.join(","));
        write(Path::new(&out), "click_id_shapes.rs", &table);
    }
    if env::var_os("CARGO_FEATURE_CHANNEL").is_some() {
        println!("cargo::rerun-if-changed=build");
        let table = channel_sources::table(|sentence| fail(sentence));
        write(Path::new(&out), "channel_sources.rs", &table);
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    if let Err(error) = fs::write(folder.join(name), text) {
        fail(&format!("{name}: {error}"));
    }
}

/// The parameter and its `platform,role,cookie`, or what is wrong with the line.
fn row(line: &str) -> Result<(&str, String), &'static str> {
    let columns: Vec<&str> = line.split(',').collect();
    let [parameter, platform, role, cookie, shape, source] = columns[..] else {
        return Err("expected six columns");
    };
    if parameter.is_empty() || platform.is_empty() || source.is_empty() {
        return Err("parameter, platform and source must not be empty");
    }
    if !["base64url", "digits", "hex", "opaque", "uuid", "word"].contains(&shape) {
        return Err("shape is base64url, digits, hex, opaque, uuid or word");
    }
    let role = match role {
        "click" => "",
        "maybe" => "?",
        "companion" => "-",
        _ => return Err("role is click, maybe or companion"),
    };
    if !cookie.is_empty() {
        check_cookie(cookie)?;
        if role == "-" {
            return Err("a companion names no click, so its cookie is never read");
        }
    }
    // What landing pages load reads no cookies of platforms.
    let is_read = env::var_os("CARGO_FEATURE_ON_DEMAND").is_some();
    let row = if is_read {
        format!("{platform},{role},{cookie}")
    } else {
        format!("{platform},{role}")
    };
    if row.contains(';') {
        return Err("a semicolon would end the row of the table");
    }
    Ok((parameter, row))
}

/// The shape of a line that was checked before. Only the collector's check of click ids asks for it.
fn shape(line: &str) -> &str {
    line.split(',').nth(4).unwrap_or_default()
}

/// `name=text{placeholder}text…` with the id exactly once.
fn check_cookie(pattern: &str) -> Result<(), &'static str> {
    let Some((name, value)) = pattern.split_once('=') else {
        return Err("cookie is a name, an equals sign and a pattern");
    };
    if name.is_empty() || value.matches("{id}").count() != 1 {
        return Err("cookie has a name, and {id} once in its pattern");
    }
    let plain = ["{id}", "{s}", "{ms}", "{*}"]
        .iter()
        .fold(value.to_owned(), |rest, placeholder| {
            rest.replace(placeholder, "")
        });
    if plain.contains(['{', '}']) {
        return Err("placeholders of a cookie are {id}, {s}, {ms} and {*}");
    }
    Ok(())
}

fn fail(sentence: &str) -> ! {
    eprintln!("{sentence}");
    std::process::exit(1)
}
