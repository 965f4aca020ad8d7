//! Cells that a spreadsheet shows and never computes. A visitor chooses what stands in a campaign value, so it may be a
//! formula that sends the whole sheet away once somebody opens it
//! (<https://owasp.org/www-community/attacks/CSV_Injection>).

use std::borrow::Cow;

/// What begins a formula, in the plain and in the full-width form.
const FORMULA_STARTS: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// The cell with an apostrophe before every line that would begin a formula: a spreadsheet takes the line for a text
/// then. Blanks before the formula do not help it, because some programs trim them. Every other cell stays as it is.
///
/// This is for people. What goes to a platform is never altered.
#[must_use]
pub fn defused(cell: &str) -> Cow<'_, str> {
    let lines = cell.split_inclusive(['\n', '\r']);
    if !lines.clone().any(begins_formula) {
        return Cow::Borrowed(cell);
    }
    let mut safe = String::with_capacity(cell.len() + 1);
    for line in lines {
        if begins_formula(line) {
            safe.push('\'');
        }
        safe.push_str(line);
    }
    Cow::Owned(safe)
}

fn begins_formula(line: &str) -> bool {
    // A tab, a carriage return or a line feed at the start has moved formulas into the next cell or line.
    if line.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let is_blank = |character: char| {
        character.is_whitespace()
            || character.is_control()
            || matches!(character, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{202a}'..='\u{202e}')
    };
    line.trim_start_matches(is_blank).starts_with(FORMULA_STARTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn err_every_beginning_of_a_formula_is_defused() {
        let table = [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\u{ff1d}1+1",
            "\u{ff0b}1",
            "\u{ff0d}1",
            "\u{ff20}x",
            " =1",
            "\u{a0}=1",
            "\u{feff}=1",
            "\u{200b}=1",
            "\u{0}=1",
            "\t=1",
            "\tharmless",
        ];
        for cell in table {
            assert_eq!(defused(cell), format!("'{cell}"), "{cell:?}");
        }
        assert_eq!(defused("harmless\n=1\r\n+2"), "harmless\n'=1\r'\n'+2");
        assert_eq!(defused("\r=1"), "'\r'=1");
    }

    #[test]
    fn other_cells_stay_as_they_are() {
        for cell in [
            "",
            "spring sale",
            "a=b",
            "1-2",
            "Cj0KCQiA_P-XBhDVARIs",
            "it's",
            "ann@example.com",
            "äöü",
            "two\nlines",
        ] {
            assert!(
                matches!(defused(cell), Cow::Borrowed(same) if same == cell),
                "{cell:?}"
            );
        }
    }
}
