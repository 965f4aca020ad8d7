//! Turns `data/channels/sources.txt` into the table that `src/channel/source.rs` includes; its README tells the rules.

const DATA: &str = "data/channels/sources.txt";

/// The table as Rust: a line for each kind of source, its letter first, then its hosts. Names and comments stay behind.
pub(crate) fn table(fail: impl Fn(&str) -> String) -> String {
    println!("cargo::rerun-if-changed={DATA}");
    let text = std::fs::read_to_string(DATA).unwrap_or_else(|error| fail(&format!("{DATA}: {error}")));
    let mut lines: Vec<String> = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let done = if let Some(section) = line.strip_prefix('[') {
            begin_section(&mut lines, section)
        } else {
            add_source(&mut lines, line)
        };
        if let Err(wrong) = done {
            fail(&format!("{DATA} line {}: {wrong}", place + 1));
        }
    }
    format!("pub(super) static SOURCES: &str = {:?};\n", lines.join("\n"))
}

/// Sections of one kind may follow each other, one for each origin of the data.
fn begin_section(lines: &mut Vec<String>, section: &str) -> Result<(), &'static str> {
    let kind = match section.split_once(' ') {
        Some(("ai", "matomo]" | "own]")) => "a",
        Some(("shopping", "matomo]" | "own]")) => "p",
        Some(("video", "matomo]" | "own]")) => "v",
        Some(("social", "matomo]" | "own]")) => "s",
        Some(("search", "matomo]" | "own]")) => "e",
        _ => return Err("a heading is [kind origin]"),
    };
    if !lines.last().is_some_and(|line| line.starts_with(kind)) {
        lines.push(kind.to_owned());
    }
    Ok(())
}

fn add_source(lines: &mut [String], line: &str) -> Result<(), &'static str> {
    let kind = lines.last_mut().ok_or("the first line is a heading")?;
    let (name, hosts) = line
        .split_once(": ")
        .ok_or("a source is its name, a colon and its hosts")?;
    if name.is_empty() {
        return Err("a source has a name");
    }
    for host in hosts.split(' ') {
        let allowed =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-/{}_".contains(&byte);
        if host.is_empty() || !host.bytes().all(allowed) || host.starts_with("www.") {
            return Err("a host is in lower case and without www.");
        }
        if host.matches("{}").count() > 1 || host.replace("{}", "").contains(['{', '}']) {
            return Err("a host has one {} at most");
        }
        // Everything below it counts too, except for a search engine and for a word without a dot.
        let is_domain = !kind.starts_with('e') && host.contains('.') && !host.starts_with('.');
        kind.push(' ');
        kind.push_str(if is_domain { "." } else { "" });
        kind.push_str(host);
    }
    Ok(())
}
