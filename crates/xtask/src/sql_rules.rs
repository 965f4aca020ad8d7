//! How our SQL must be written: STRICT tables, every column explained, one statement per file, no text glued into it.

use crate::checkout::{self, Checkout, files_below};
use crate::failure::Failure;

/// Sentences about what is broken.
pub(crate) fn breaches(checkout: &Checkout) -> Result<Vec<String>, Failure> {
    let mut breaches = Vec::new();
    each_file(
        checkout,
        "crates/collector/migrations",
        "sql",
        breaches_in_migration,
        &mut breaches,
    )?;
    each_file(
        checkout,
        "crates/collector/src/store/queries",
        "sql",
        breaches_in_query,
        &mut breaches,
    )?;
    each_file(
        checkout,
        "crates/collector/src",
        "rs",
        breaches_in_rust,
        &mut breaches,
    )?;
    Ok(breaches)
}

fn each_file(
    checkout: &Checkout,
    folder: &str,
    extension: &str,
    rule: impl Fn(&str) -> Vec<String>,
    breaches: &mut Vec<String>,
) -> Result<(), Failure> {
    for path in files_below(&checkout.path(folder))? {
        if path.extension().is_some_and(|it| it == extension) {
            let name = path
                .strip_prefix(checkout.root())
                .unwrap_or(&path)
                .display()
                .to_string();
            breaches.extend(
                rule(&checkout::read(&path)?)
                    .into_iter()
                    .map(|breach| format!("{name}: {breach}")),
            );
        }
    }
    Ok(())
}

/// Tables are STRICT, so that a number stays a number (<https://www.sqlite.org/stricttables.html>); every column says
/// in a comment what it holds.
fn breaches_in_migration(sql: &str) -> Vec<String> {
    let mut breaches = Vec::new();
    for statement in statements(sql) {
        let words = words(&statement);
        let begins = |start: &[&str]| {
            words
                .iter()
                .map(String::as_str)
                .take(start.len())
                .eq(start.iter().copied())
        };
        if begins(&["CREATE", "TABLE"]) {
            breaches.extend(breaches_in_table(&statement));
        } else if begins(&["ALTER", "TABLE"]) && words.iter().any(|word| word == "ADD") {
            let commented = statement.contains(&Piece::Comment);
            breaches.extend(
                (!commented)
                    .then(|| "a column is added without a comment that says what it holds".to_owned()),
            );
        }
    }
    breaches
}

fn breaches_in_query(sql: &str) -> Vec<String> {
    match statements(sql).len() {
        1 => Vec::new(),
        count => vec![format!("holds {count} statements; one file is one statement")],
    }
}

/// Values go into SQL as bound parameters, never as text.
fn breaches_in_rust(rust: &str) -> Vec<String> {
    const VERBS: [&str; 8] = [
        "SELECT ", "INSERT ", "UPDATE ", "DELETE ", "REPLACE ", "WITH ", "CREATE ", "DROP ",
    ];
    let glued = rust.split("format!(").skip(1).any(|after| {
        let text = after
            .trim_start()
            .trim_start_matches(['r', '#', '"'])
            .trim_start();
        VERBS.iter().any(|verb| text.starts_with(verb))
    });
    let squeezed: String = rust
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect();
    let prepared = [
        "prepare(format!",
        "prepare(&format!",
        "exec(format!",
        "exec(&format!",
    ];
    if glued || prepared.iter().any(|call| squeezed.contains(call)) {
        return vec!["builds SQL by format!; bind parameters instead".to_owned()];
    }
    Vec::new()
}

/// As much of SQL's grammar as the rules need.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Comment,
    Newline,
    Word(String),
    Symbol(char),
}

/// The statements of a file that hold more than comments.
fn statements(sql: &str) -> Vec<Vec<Piece>> {
    pieces(sql)
        .split(|piece| *piece == Piece::Symbol(';'))
        .filter(|statement| statement.iter().any(|piece| matches!(piece, Piece::Word(_))))
        .map(<[Piece]>::to_vec)
        .collect()
}

fn words(statement: &[Piece]) -> Vec<String> {
    let word = |piece: &Piece| {
        if let Piece::Word(word) = piece {
            Some(word.to_uppercase())
        } else {
            None
        }
    };
    statement.iter().filter_map(word).collect()
}

fn pieces(sql: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (piece, length) = if rest.starts_with("--") {
            (Some(Piece::Comment), rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (
                Some(Piece::Comment),
                rest.find("*/").map_or(rest.len(), |end| end + 2),
            )
        } else if matches!(first, '\'' | '"' | '`') {
            // A doubled quote inside reads as two quoted pieces, which is as good here.
            let end = rest
                .get(1..)
                .and_then(|inside| inside.find(first))
                .map_or(rest.len(), |end| end + 2);
            (
                Some(Piece::Word(rest.get(..end).unwrap_or_default().to_owned())),
                end,
            )
        } else if first == '\n' {
            (Some(Piece::Newline), 1)
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest
                .find(|next: char| !next.is_alphanumeric() && next != '_')
                .unwrap_or(rest.len());
            (
                Some(Piece::Word(rest.get(..end).unwrap_or_default().to_owned())),
                end,
            )
        } else {
            let piece = (!first.is_whitespace()).then_some(Piece::Symbol(first));
            (piece, first.len_utf8())
        };
        pieces.extend(piece);
        rest = rest.get(length..).unwrap_or_default();
    }
    pieces
}

/// One entry between the brackets of CREATE TABLE: a column or a constraint.
#[derive(Debug, Default)]
struct Entry {
    name: Option<String>,
    commented: bool,
}

impl Entry {
    fn is_column(&self) -> bool {
        const CONSTRAINTS: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
        self.name
            .as_ref()
            .is_some_and(|name| !CONSTRAINTS.contains(&name.to_uppercase().as_str()))
    }
}

fn breaches_in_table(statement: &[Piece]) -> Vec<String> {
    let (entries, options) = entries(statement);
    let mut breaches: Vec<String> = entries
        .iter()
        .filter(|entry| entry.is_column() && !entry.commented)
        .filter_map(|entry| entry.name.as_ref())
        .map(|name| format!("column {name} has no comment that says what it holds"))
        .collect();
    if !options.iter().any(|option| option == "STRICT") {
        breaches.push("a table is not STRICT".to_owned());
    }
    breaches
}

/// The entries of a CREATE TABLE, and the words after its brackets. A comment belongs to the entry that it follows on
/// the same line, else to the entry that it stands above or in.
fn entries(statement: &[Piece]) -> (Vec<Entry>, Vec<String>) {
    let mut entries: Vec<Entry> = Vec::new();
    let mut entry = Entry::default();
    let mut depth = 0_usize;
    let mut line_of_previous = false;
    let mut after: &[Piece] = &[];
    for (index, piece) in statement.iter().enumerate() {
        match piece {
            Piece::Symbol('(') => depth += 1,
            Piece::Symbol(')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    entries.push(entry);
                    after = statement.get(index..).unwrap_or_default();
                    break;
                }
            }
            Piece::Symbol(',') if depth == 1 => {
                entries.push(std::mem::take(&mut entry));
                line_of_previous = true;
            }
            Piece::Newline => line_of_previous = false,
            Piece::Comment if depth > 0 => match entries.last_mut() {
                Some(previous) if line_of_previous && entry.name.is_none() => previous.commented = true,
                _ => entry.commented = true,
            },
            Piece::Word(word) if depth == 1 && entry.name.is_none() => entry.name = Some(word.clone()),
            _ => {}
        }
    }
    (entries, words(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_comments_above_behind_and_inside_count() {
        let sql = "-- Leads; one row each.\nCREATE TABLE leads (\n\
             -- Which site.\n  site TEXT NOT NULL,\n\
             lead_id TEXT NOT NULL CHECK (length(lead_id) = 17), -- ours, with its check character\n\
             note TEXT -- 'free', (text)\n    DEFAULT 'a,b;--c',\n\
             PRIMARY KEY (site, lead_id)\n) STRICT, WITHOUT ROWID;\nCREATE INDEX leads_by_site ON leads (site);\n";
        assert_eq!(breaches_in_migration(sql), Vec::<String>::new());
    }

    #[test]
    fn err_a_column_without_a_comment_and_a_loose_table_are_named() {
        let sql = "CREATE TABLE t (\n  a TEXT, -- the first\n  b TEXT,\n  c TEXT -- the third\n);";
        assert_eq!(
            breaches_in_migration(sql),
            [
                "column b has no comment that says what it holds",
                "a table is not STRICT"
            ]
        );
        assert_eq!(breaches_in_migration("ALTER TABLE t ADD COLUMN d TEXT;").len(), 1);
        assert_eq!(
            breaches_in_migration("ALTER TABLE t ADD COLUMN d TEXT; -- too late").len(),
            1
        );
        assert_eq!(
            breaches_in_migration("-- The fourth.\nALTER TABLE t ADD COLUMN d TEXT;").len(),
            0
        );
    }

    #[test]
    fn err_a_query_file_holds_exactly_one_statement() {
        for (sql, breaches) in [
            ("-- Why.\nSELECT ';' FROM t WHERE a = ?1;\n", 0),
            ("SELECT 1", 0),
            ("SELECT 1; SELECT 2", 1),
            ("-- nothing\n", 1),
        ] {
            assert_eq!(breaches_in_query(sql).len(), breaches, "{sql}");
        }
    }

    #[test]
    fn err_text_glued_into_sql_is_found() {
        for (rust, breaches) in [
            ("db.prepare(include_str!(\"queries/insert_lead.sql\"))", 0),
            ("format!(\"Updated {n} rows\")", 0),
            ("format!(\"SELECT * FROM {table}\")", 1),
            ("format!(\n    \"DELETE FROM t WHERE id = {id}\"\n)", 1),
            ("db.prepare(\n    &format!(\"{QUERY} LIMIT {n}\"))", 1),
        ] {
            assert_eq!(breaches_in_rust(rust).len(), breaches, "{rust}");
        }
    }
}
