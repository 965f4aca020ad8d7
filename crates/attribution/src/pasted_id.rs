//! A click id as a person pastes it to have it looked at: alone, in the address of a landing page, or with its name before it
//! (`wbraid=…`). Where the name is missing, the id tells what it is as far as it can.

use serde::Serialize;

use crate::click_id::ClickIdParameter;
use crate::click_id_check;
use crate::file_check::Weight;
use crate::google::click_rules::CLICK_WINDOW_DAYS;
use crate::landing::{Parameter, Spelling};
use crate::limits::CHECKED_CELL_CHARACTERS_MAX;
use crate::pieces::{Separators, cut, pieces};
use crate::timestamp::{DAY_MS, Timestamp};
use crate::urlencoded;

/// One click id, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PastedId {
    /// The parameter whose value it is, or could be.
    pub parameter: &'static str,
    /// The id as it belongs into a field or a file, or its beginning where it is longer than any.
    pub id: String,
    /// What is wrong with it.
    pub problem: Option<Problem>,
    /// When the ad was clicked, where the id itself tells.
    pub clicked: Option<Clicked>,
}

/// What is wrong with an id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How sure it is that the platform refuses it.
    pub weight: Weight,
    /// The name of the warning, for machines.
    pub code: &'static str,
    /// What is wrong, and what a person can do.
    pub advice: String,
}

/// When an ad was clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Clicked {
    /// The moment, or the midnight with which the day of the click begins in Los Angeles.
    pub at: Timestamp,
    /// Whether only the day is known.
    pub is_day: bool,
    /// The end of the time in which Google takes conversions of the click; about a day later where only the day is known.
    pub taken_until: Timestamp,
}

/// Every click id in a text, as it stands at `now`. None in an address that names no click.
#[must_use]
pub fn check_pasted(text: &str, now: Timestamp) -> Vec<PastedId> {
    let text = text.trim();
    let in_address = ids_in_address(text);
    if !in_address.is_empty() || is_address(text) {
        let checked = in_address
            .iter()
            .map(|(parameter, id)| checked(*parameter, id, now));
        return checked.collect();
    }
    let alone = |name| ClickIdParameter::named(name).map(|parameter| checked(parameter, text, now));
    let guess = alone(kind_of(text));
    // A gclid that lost its end looks like a wbraid, and only the name of its field could tell.
    let other = alone("wbraid").filter(|wbraid| {
        wbraid.problem.is_none()
            && guess
                .as_ref()
                .is_some_and(|guess| guess.parameter == "gclid" && guess.problem.is_some())
    });
    guess.into_iter().chain(other).collect()
}

fn is_address(text: &str) -> bool {
    text.contains("://") || text.starts_with("www.") || text.starts_with(['?', '&'])
}

/// The first value of every parameter that names a click, in the order of the text.
fn ids_in_address(text: &str) -> Vec<(ClickIdParameter, String)> {
    let mut found: Vec<(ClickIdParameter, String)> = Vec::new();
    for pair in pieces(text, const { Separators::any_of(b"?#&") }) {
        let (name, Some(value)) = cut(pair, b'=') else {
            continue;
        };
        let known = Parameter::of(&urlencoded::decode(name), Spelling::Loose, &[]);
        if let Some(Parameter::Id(parameter)) = known
            && !parameter.is_companion()
            && !found.iter().any(|(other, _)| *other == parameter)
        {
            found.push((parameter, urlencoded::decode(value)));
        }
    }
    found
}

/// What an id without a name most likely is.
fn kind_of(id: &str) -> &'static str {
    let is_hexadecimal = id.len() >= 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hexadecimal {
        "msclkid"
    } else if id.starts_with("0AAAAA") {
        "gbraid"
    } else if id.starts_with("Iw") || id.starts_with("fb.") {
        "fbclid"
    } else {
        "gclid"
    }
}

fn checked(parameter: ClickIdParameter, id: &str, now: Timestamp) -> PastedId {
    let problem = click_id_check::check(parameter, id, None, now).map(|warning| Problem {
        weight: Weight::of_id(parameter, id, warning),
        code: warning.code(),
        advice: warning.advice(),
    });
    let clicked = click_id_check::click_moment(parameter, id).map(|click| Clicked {
        at: click.at(),
        is_day: click.is_day(),
        taken_until: click.at().plus_ms(i64::from(CLICK_WINDOW_DAYS) * DAY_MS),
    });
    PastedId {
        parameter: parameter.name(),
        id: id.chars().take(CHECKED_CELL_CHARACTERS_MAX).collect(),
        problem,
        clicked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GCLID: &str =
        "CjwKCAiAnsvXBhAfEiwAozRy1_vhegEpOJMy5gX7oGvLgLK2wCeuLZWT6kieDLy67NguzP872fvLhBoC1_UQAvD_BwE";
    const MOMENT: &str = "EAIaIQobChMIwK-LrI-CmAMVDHJCGR002_BIEAAYCCAAEgJ1PvD_BwE";
    const WBRAID: &str =
        "CkAKCAiAwdDXBhBgEjAA8H7CNH8GbtCPXcdRJEfjQEMAAmtuVFWUoGVoXWTEmAu41FRKhyGpmgGtIZ61nPYaAqFe";
    const MSCLKID: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

    fn found(text: &str) -> Vec<(&'static str, String, &'static str)> {
        let now = Timestamp::from_rfc3339("2026-11-20T12:00:00Z").expect("a moment");
        let weight = |problem: &Problem| match problem.weight {
            Weight::Refused => format!("refused: {}", problem.code),
            Weight::Later | Weight::Doubtful => format!("doubtful: {}", problem.code),
        };
        let pasted = check_pasted(text, now).into_iter();
        pasted
            .map(|id| {
                let said = id.problem.as_ref().map_or("fine".to_owned(), weight);
                (id.parameter, id.id, &*said.leak())
            })
            .collect()
    }

    #[test]
    fn an_id_alone_tells_what_it_is_and_what_happened_to_it() {
        let lower = GCLID.to_lowercase();
        for (text, parameter, expected) in [
            (GCLID, "gclid", "fine"),
            (MOMENT, "gclid", "fine"),
            (MSCLKID, "msclkid", "fine"),
            ("0AAAAADcdDU8NxuHbP0cnjgnaxxW8mVMPq", "gbraid", "fine"),
            (
                "IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB_qa2ofrHyiLjcbCRxTDMgk",
                "fbclid",
                "fine",
            ),
            (&GCLID[..50], "gclid", "doubtful: cut"),
            (&lower, "gclid", "doubtful: case_folded"),
            ("{gclid}", "gclid", "refused: template_unfilled"),
            ("undefined", "gclid", "doubtful: not_an_id"),
            ("1.23457E+15", "gclid", "refused: not_an_id"),
            ("#N/A", "gclid", "refused: not_an_id"),
            ("Cj0KC QjwiJvQBh", "gclid", "refused: blank_inside"),
            (&MSCLKID[..20], "msclkid", "refused: cut"),
            ("GCL.1795435200.CjwKCAiA", "gclid", "refused: cookie_pasted"),
            ("", "gclid", "refused: empty"),
        ] {
            assert_eq!(found(text), [(parameter, text.to_owned(), expected)], "{text}");
        }
    }

    #[test]
    fn an_id_that_is_a_whole_wbraid_or_a_cut_gclid_is_said_to_be_either() {
        assert_eq!(
            found(WBRAID),
            [
                ("gclid", WBRAID.to_owned(), "doubtful: cut"),
                ("wbraid", WBRAID.to_owned(), "fine"),
            ]
        );
        assert_eq!(
            found(&format!("wbraid={WBRAID}")),
            [("wbraid", WBRAID.to_owned(), "fine")]
        );
    }

    #[test]
    fn an_address_gives_every_id_that_names_a_click() {
        let address = format!(
            "https://www.example.com/lp?utm_source=google&gad_source=1&GCLID={GCLID}&gclid=other#/x?msclkid={MSCLKID}"
        );
        assert_eq!(
            found(&address),
            [
                ("gclid", GCLID.to_owned(), "fine"),
                ("msclkid", MSCLKID.to_owned(), "fine"),
            ]
        );
        assert_eq!(
            found("https://www.example.com/?gclid=%7Bgclid%7D"),
            [("gclid", "{gclid}".to_owned(), "refused: template_unfilled")]
        );
        assert_eq!(
            found(&format!("?gclid={GCLID}%2520")),
            [("gclid", format!("{GCLID}%20"), "refused: encoded_twice")]
        );
        for text in [
            "https://www.example.com/",
            "www.example.com/?utm_source=x",
            "?gad_source=1",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn the_date_inside_is_told_with_the_end_of_the_window() {
        let now = Timestamp::from_rfc3339("2026-11-20T12:00:00Z").expect("a moment");
        let told = |text| {
            let clicked = check_pasted(text, now).first().and_then(|id| id.clicked);
            clicked.map(|clicked| {
                (
                    clicked.at.to_rfc3339(),
                    clicked.is_day,
                    clicked.taken_until.to_rfc3339(),
                )
            })
        };
        let text = |text: &str| text.to_owned();
        assert_eq!(
            told(GCLID),
            Some((
                text("2026-11-10T08:00:00.000Z"),
                true,
                text("2027-02-08T08:00:00.000Z")
            ))
        );
        assert_eq!(
            told(MOMENT),
            Some((
                text("2026-11-12T09:30:15.000Z"),
                false,
                text("2027-02-10T09:30:15.000Z")
            ))
        );
        assert_eq!(told(MSCLKID), None);
    }

    #[test]
    fn what_is_longer_than_any_id_is_shown_by_its_beginning() {
        let long = "é".repeat(100_000);
        let pasted = check_pasted(&long, Timestamp::EPOCH);
        assert_eq!(pasted[0].id.chars().count(), CHECKED_CELL_CHARACTERS_MAX);
    }
}
