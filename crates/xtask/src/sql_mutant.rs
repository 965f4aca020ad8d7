//! One statement of the store with one thing in it changed, as somebody's mistake would change it.

/// A changed statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SqlMutant {
    /// Counted from 1.
    pub(crate) line: usize,
    /// That line as it became, without its indent.
    pub(crate) became: String,
    /// The whole changed statement.
    pub(crate) sql: String,
}

/// What is put in the place of what. A word that another one holds stands after it.
const RULES: [(&str, &[&str]); 22] = [
    ("IS NOT NULL", &["IS NULL"]),
    ("IS NULL", &["IS NOT NULL"]),
    ("IS NOT ", &["IS "]),
    ("NOT EXISTS", &["EXISTS"]),
    ("EXISTS", &["NOT EXISTS"]),
    ("NOT IN (", &["IN ("]),
    (" IN (", &[" NOT IN ("]),
    (" AND ", &[" OR "]),
    (" OR ", &[" AND "]),
    (" <> ", &[" = "]),
    (" <= ", &[" < ", " > "]),
    (" >= ", &[" > ", " < "]),
    (" < ", &[" <= ", " >= "]),
    (" > ", &[" >= ", " <= "]),
    (" DESC", &[""]),
    ("DISTINCT ", &[""]),
    ("LEFT JOIN", &["INNER JOIN"]),
    ("min(", &["max("]),
    ("max(", &["min("]),
    (" + ", &[" - "]),
    (" - ", &[" + "]),
    // A negative number is no limit (https://www.sqlite.org/lang_select.html#limitoffset).
    ("LIMIT ?", &["LIMIT -1 * ?"]),
];

/// Every statement that differs from this one in one thing. Not all of them are SQL that a database takes.
pub(crate) fn mutants_of(sql: &str) -> Vec<SqlMutant> {
    let mut mutants = Vec::new();
    let mut is_assigning = false;
    for (start, line) in lines_of(sql) {
        let code = line.split("--").next().unwrap_or_default();
        is_assigning = assigns(code, is_assigning);
        let mut replace = |from: usize, length: usize, to: &str| {
            let (at, end) = (start + from, start + from + length);
            let before = sql.get(..at).unwrap_or_default();
            let changed = format!("{before}{to}{}", sql.get(end..).unwrap_or_default());
            let number = before.matches('\n').count() + 1;
            let became = changed.lines().nth(number - 1).unwrap_or_default().trim();
            mutants.push(SqlMutant {
                line: number,
                became: became.to_owned(),
                sql: changed,
            });
        };
        let mut taken: Vec<usize> = Vec::new();
        for (word, others) in RULES {
            for (at, _) in outside_quotes(code, word) {
                let inside: Vec<usize> = (at..at + word.len()).collect();
                if inside.iter().any(|byte| taken.contains(byte)) {
                    continue;
                }
                others.iter().for_each(|other| replace(at, word.len(), other));
                taken.extend(
                    inside
                        .iter()
                        .filter(|byte| code.as_bytes().get(**byte) != Some(&b' ')),
                );
            }
        }
        if is_assigning {
            // An assignment that is forgotten; the last one of a list has no comma and stays.
            if code.contains(" = ") && code.trim_end().ends_with(',') {
                replace(0, code.trim_end().len(), "");
            }
        } else {
            outside_quotes(code, " = ").for_each(|(at, word)| replace(at, word.len(), " <> "));
        }
        for (at, text) in quoted(code).filter(|(_, text)| !text.starts_with("'$")) {
            replace(
                at,
                text.len(),
                &format!("'~{}", text.get(1..).unwrap_or_default()),
            );
        }
        for (at, number) in numbers(code) {
            replace(at, number.len(), if number == "0" { "1" } else { "0" });
        }
    }
    mutants
}

/// Each line with the place of its first byte.
fn lines_of(sql: &str) -> impl Iterator<Item = (usize, &str)> {
    sql.split_inclusive('\n').scan(0, |start, line| {
        let at = *start;
        *start += line.len();
        Some((at, line.trim_end_matches('\n')))
    })
}

/// Whether `=` means "becomes" on this line.
fn assigns(code: &str, before: bool) -> bool {
    let first = code.split_whitespace().next().unwrap_or_default();
    match first {
        "SET" | "UPDATE" => code.contains("SET"),
        "WHERE" | "FROM" | "RETURNING" => false,
        _ => before || code.contains("DO UPDATE SET"),
    }
}

/// Where a word stands in the code of a line.
fn outside_quotes<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    code.match_indices(word).filter(|(at, _)| {
        let quotes = code.get(..*at).unwrap_or_default().matches('\'').count();
        quotes % 2 == 0
    })
}

/// The texts of a line, in their quotes.
fn quoted(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let quotes: Vec<usize> = code.match_indices('\'').map(|(at, _)| at).collect();
    let pairs: Vec<(usize, usize)> = quotes
        .chunks_exact(2)
        .filter_map(|pair| Some((*pair.first()?, *pair.last()?)))
        .collect();
    pairs
        .into_iter()
        .filter_map(move |(start, end)| Some((start, code.get(start..=end)?)))
}

/// The whole numbers of a line that mean something: not those of parameters and of `SELECT 1`.
fn numbers(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let starts = code.char_indices().filter(move |(at, character)| {
        let before = code.get(..*at).unwrap_or_default();
        character.is_ascii_digit()
            && before.ends_with([' ', '('])
            && !before.ends_with("SELECT ")
            && before.matches('\'').count() % 2 == 0
    });
    starts.filter_map(move |(at, _)| {
        let rest = code.get(at..)?;
        let end = rest
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(rest.len());
        Some((at, rest.get(..end)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_became(sql: &str, lines: &[&str]) {
        let became: Vec<String> = mutants_of(sql).into_iter().map(|mutant| mutant.became).collect();
        assert_eq!(became, lines, "{sql}");
    }

    #[test]
    fn ok_each_mutant_differs_in_one_thing() {
        assert_became(
            "SELECT 1 FROM leads WHERE site = ?1 AND at_ms < ?2",
            &[
                "SELECT 1 FROM leads WHERE site = ?1 OR at_ms < ?2",
                "SELECT 1 FROM leads WHERE site = ?1 AND at_ms <= ?2",
                "SELECT 1 FROM leads WHERE site = ?1 AND at_ms >= ?2",
                "SELECT 1 FROM leads WHERE site <> ?1 AND at_ms < ?2",
            ],
        );
        assert_became(
            "WHERE a IS NOT NULL\n    AND NOT EXISTS (\n        SELECT 1 FROM b LIMIT ?1)",
            &[
                "WHERE a IS NULL",
                "AND EXISTS (",
                "OR NOT EXISTS (",
                "SELECT 1 FROM b LIMIT -1 * ?1)",
            ],
        );
        assert_became(
            "SELECT max(a) AS a, 'retract', '$.at', 86400000\nFROM b ORDER BY a DESC",
            &[
                "SELECT min(a) AS a, 'retract', '$.at', 86400000",
                "SELECT max(a) AS a, '~retract', '$.at', 86400000",
                "SELECT max(a) AS a, 'retract', '$.at', 0",
                "FROM b ORDER BY a",
            ],
        );
    }

    #[test]
    fn ok_an_assignment_is_forgotten_and_never_compared() {
        let sql = "UPDATE a\nSET\n    b = 1,\n    c = 2\nWHERE d = ?1";
        assert_became(sql, &["", "b = 0,", "c = 0", "WHERE d <> ?1"]);
        assert_eq!(
            mutants_of(sql).first().map(|mutant| mutant.sql.as_str()),
            Some("UPDATE a\nSET\n\n    c = 2\nWHERE d = ?1")
        );
    }

    #[test]
    fn ok_comments_and_texts_stay_as_they_are() {
        assert_became("-- a = b AND c < d", &[]);
        assert_became("SELECT ' AND = < ' -- a = b", &["SELECT '~ AND = < ' -- a = b"]);
        assert_became("SELECT ''", &["SELECT '~'"]);
    }
}
