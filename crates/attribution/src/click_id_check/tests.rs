use super::*;

/// Synthetic ids of the shapes that were seen: a day in Los Angeles, 10 November 2026; a moment, 12 November 2026,
/// 09:30:15 UTC; another day, 11 November. Only the oldest was published, in 2013.
const DAY: &str =
    "CjwKCAiAnsvXBhAfEiwAozRy1_vhegEpOJMy5gX7oGvLgLK2wCeuLZWT6kieDLy67NguzP872fvLhBoC1_UQAvD_BwE";
const MOMENT: &str = "EAIaIQobChMIwK-LrI-CmAMVDHJCGR002_BIEAAYCCAAEgJ1PvD_BwE";
const OF_2012: &str = "CMrlnPq42q8CFQdb3wodOkkGBg";
const WBRAID: &str =
    "CkAKCAiAwdDXBhBgEjAA8H7CNH8GbtCPXcdRJEfjQEMAAmtuVFWUoGVoXWTEmAu41FRKhyGpmgGtIZ61nPYaAqFe";
const GBRAID: &str = "0AAAAADcdDU8NxuHbP0cnjgnaxxW8mVMPq";
const FBCLID: &str = "IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB_qa2ofrHyiLjcbCRxTDMgk";
const MSCLKID: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const UUID: &str = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";

fn at(text: &str) -> Timestamp {
    Timestamp::from_rfc3339(text).expect("a time")
}

fn named(name: &str) -> ClickIdParameter {
    ClickIdParameter::named(name).expect("a registered parameter")
}

/// The code of the warning on a day on which all of the ids above are fresh, but that of 2012.
fn code(name: &str, value: &str) -> &'static str {
    check(named(name), value, None, at("2026-11-20T12:00:00Z")).map_or("", ClickIdWarning::code)
}

#[test]
fn ok_what_is_whole_has_no_warning() {
    for (name, value) in [
        ("gclid", DAY),
        ("gclid", MOMENT),
        ("wbraid", WBRAID),
        ("gbraid", GBRAID),
        ("gbraid", "0AAAAADcdDU8NxuHbP0cnjgnaxxW8mVMPqx"),
        ("fbclid", FBCLID),
        ("fbclid", "IwY2xjawHxYzAbC_aem_Zm9vYmFy-QxYzAbCdEfGhIjK"),
        ("msclkid", MSCLKID),
        ("msclkid", &MSCLKID.to_uppercase()),
        ("gad_source", "1"),
        ("gad_source", "5"),
        ("gad_campaignid", "21890163799"),
        ("gclsrc", "aw.ds"),
        ("gclsrc", "3p.ds"),
        ("ttclid", "E.C.P.CtcB+x/y=="),
        ("twclid", "2a3b4c5d6e7f8g9h0j1k2l3m4n"),
        ("li_fat_id", UUID),
        ("ScCid", UUID),
        ("epik", "dj0yJnU9b0x2"),
        ("oppref", "gAAAAABm0x-_"),
        ("ef_id", "CjwKCAiAnsvX:G:s"),
        ("yclid", "1234567890123456789"),
    ] {
        assert_eq!(code(name, value), "", "{name} {value}");
    }
}

#[test]
fn err_what_came_instead_of_an_id() {
    for (name, value, expected) in [
        ("gclid", "", "empty"),
        ("gclid", "  ", "empty"),
        ("gclid", "{gclid}", "template_unfilled"),
        ("gclid", "{lpurl}?gclid={gclid}", "template_unfilled"),
        ("gclid", "x{gclid}", "template_unfilled"),
        ("gclid", "[gclid]", "template_unfilled"),
        ("gclid", "{{gclid}}", "template_unfilled"),
        ("gclid", "%%CLICK_ID%%", "template_unfilled"),
        ("ttclid", "__CLICKID__", "template_unfilled"),
        ("msclkid", "{msclkid}", "template_unfilled"),
        ("gclid", "undefined", "not_an_id"),
        ("gclid", "null", "not_an_id"),
        ("gclid", "NULL", "not_an_id"),
        ("gclid", "test", "not_an_id"),
        ("gclid", "TeSter-123", "not_an_id"),
        ("gclid", "#N/A", "not_an_id"),
        ("gclid", "#REF!", "not_an_id"),
        ("gclid", "1.23457E+15", "not_an_id"),
        ("gclid", "1,23457E+15", "not_an_id"),
        ("gclid", "(not set)", "not_an_id"),
        ("fbclid", "[object Object]", "template_unfilled"),
        ("gclid", "https://www.example.com/?gclid=abc", "address_pasted"),
        ("gclid", "www.example.com/lp", "address_pasted"),
        ("gclid", "?utm_source=google&gclid=abc", "address_pasted"),
        ("msclkid", "_uet0f1e2d3c4b5a69788796a5b4c3d2e1f0", "cookie_pasted"),
        ("fbclid", "fb.1.1795435200000.AbC-1_x", "cookie_pasted"),
        ("gclid", "GCL.1795435200.CjwKCAiA", "cookie_pasted"),
        ("gbraid", "2.1.k0AAAAADcdDU8$i1795435200", "cookie_pasted"),
    ] {
        assert_eq!(code(name, value), expected, "{name} {value}");
    }
}

#[test]
fn err_what_happened_to_an_id_on_its_way() {
    let with = |id: &str, more: &str| format!("{id}{more}");
    let (day_dashed, moment_dashed) = (DAY.replace('_', ""), MOMENT.replace('-', " "));
    let doubled = with(MOMENT, MOMENT);
    let table: Vec<(&str, String, &str)> = vec![
        ("gclid", DAY.to_lowercase(), "case_folded"),
        ("gclid", DAY.to_uppercase(), "case_folded"),
        ("gclid", MOMENT.to_lowercase(), "case_folded"),
        ("gclid", OF_2012.to_lowercase(), "case_folded"),
        ("wbraid", WBRAID.to_uppercase(), "case_folded"),
        ("gbraid", GBRAID.to_lowercase(), "case_folded"),
        ("fbclid", FBCLID.to_lowercase(), "case_folded"),
        ("gclid", with(DAY, " "), "blank_inside"),
        ("gclid", format!(" {DAY}"), "blank_inside"),
        ("gclid", with(DAY, "\n"), "blank_inside"),
        ("gclid", with(DAY, "+"), "blank_inside"),
        ("gclid", moment_dashed, "blank_inside"),
        ("gclid", with(DAY, "%20"), "encoded_twice"),
        ("gclid", with(DAY, "&gclsrc=aw.ds"), "address_tail"),
        ("gclid", with(DAY, "#top"), "address_tail"),
        ("ttclid", "E.C.P.x&utm_source=tiktok".to_owned(), "address_tail"),
        ("gclid", with(DAY, "…"), "character_foreign"),
        ("gclid", with(DAY, ":G:s"), "character_foreign"),
        (
            "msclkid",
            "0f1e2d3c4b5a69788796a5b4c3d2e1fz".to_owned(),
            "character_foreign",
        ),
        ("gad_source", "one".to_owned(), "character_foreign"),
        ("gclid", day_dashed, "altered"),
        ("gclid", DAY[1..].to_owned(), "shape_unknown"),
        ("gclid", doubled, "doubled"),
        ("gclid", "AbCdEfGhIjKlMnOpQrStUvWx".to_owned(), "shape_unknown"),
        ("wbraid", DAY.to_owned(), "other_kind"),
        ("wbraid", MOMENT.to_owned(), "other_kind"),
        ("gclid", GBRAID.to_owned(), "other_kind"),
        ("gclid", FBCLID.to_owned(), "other_kind"),
        ("gclid", MSCLKID.to_owned(), "other_kind"),
        ("gbraid", DAY.to_owned(), "other_kind"),
        ("fbclid", DAY.to_owned(), "other_kind"),
        (
            "gbraid",
            "1AAAAADcdDU8NxuHbP0cnjgnaxxW8mVMPq".to_owned(),
            "shape_unknown",
        ),
        ("gbraid", GBRAID[..20].to_owned(), "cut"),
        ("msclkid", MSCLKID[..20].to_owned(), "cut"),
        ("msclkid", UUID.to_owned(), "shape_unknown"),
        ("li_fat_id", UUID[..20].to_owned(), "cut"),
        ("ScCid", MSCLKID.to_owned(), "shape_unknown"),
        ("gclid", WBRAID.to_owned(), "cut"),
    ];
    for (name, value, expected) in table {
        assert_eq!(code(name, &value), expected, "{name} {value:?}");
    }
}

#[test]
fn an_id_that_was_cut_anywhere_is_noticed_and_its_length_told() {
    for (name, id) in [
        ("gclid", DAY),
        ("gclid", MOMENT),
        ("gclid", OF_2012),
        ("wbraid", WBRAID),
    ] {
        for bytes in 1..id.len() {
            let warning = check(named(name), &id[..bytes], None, at("2026-11-20T12:00:00Z"));
            match warning {
                Some(ClickIdWarning::Cut { bytes: told }) => assert_eq!(told, bytes, "{name}"),
                // So short that it could be anything.
                other => assert!(other.is_some() && bytes <= 12, "{name} cut to {bytes}: {other:?}"),
            }
        }
    }
    let advice = ClickIdWarning::Cut { bytes: 50 }.advice();
    assert!(
        advice.contains("after 50 characters") && advice.contains("takes no more"),
        "{advice}"
    );
    assert!(
        ClickIdWarning::Cut { bytes: 47 }
            .advice()
            .contains("after 47 characters")
    );
}

#[test]
fn the_date_inside_is_read() {
    let moment =
        |name, value| click_moment(named(name), value).map(|click| (click.at().to_rfc3339(), click.is_day()));
    for (name, value, expected, is_day) in [
        ("gclid", OF_2012, "2012-04-29T16:09:18.027Z", false),
        ("gclid", DAY, "2026-11-10T08:00:00.000Z", true),
        ("gclid", MOMENT, "2026-11-12T09:30:15.000Z", false),
        ("wbraid", WBRAID, "2026-11-11T08:00:00.000Z", true),
    ] {
        assert_eq!(
            moment(name, value),
            Some((expected.to_owned(), is_day)),
            "{value}"
        );
    }
    assert_eq!(moment("gbraid", GBRAID), None);
    assert_eq!(moment("fbclid", DAY), None);
}

#[test]
fn the_date_inside_is_held_against_the_visit_and_today() {
    let table = [
        // Value, visit, now.
        (DAY, "2026-11-10T20:00:00Z", "2026-11-20T12:00:00Z", ""),
        // One day of tolerance to either side, and not a millisecond more.
        (DAY, "2026-11-09T08:00:00Z", "2026-11-20T12:00:00Z", ""),
        (
            DAY,
            "2026-11-09T07:59:59.999Z",
            "2026-11-20T12:00:00Z",
            "other_visit",
        ),
        (DAY, "2026-11-12T08:00:00Z", "2026-11-20T12:00:00Z", ""),
        (
            DAY,
            "2026-11-12T08:00:00.001Z",
            "2026-11-20T12:00:00Z",
            "other_visit",
        ),
        (MOMENT, "2026-11-13T09:30:15Z", "2026-11-20T12:00:00Z", ""),
        (
            MOMENT,
            "2026-11-13T09:30:15.001Z",
            "2026-11-20T12:00:00Z",
            "other_visit",
        ),
        (
            DAY,
            "2026-11-10T20:00:00Z",
            "2026-11-09T07:59:59.999Z",
            "in_future",
        ),
        (DAY, "2026-11-10T20:00:00Z", "2026-11-09T08:00:00Z", ""),
        (DAY, "2026-11-10T20:00:00Z", "2027-02-10T08:00:00Z", ""),
        (
            DAY,
            "2026-11-10T20:00:00Z",
            "2027-02-10T08:00:00.001Z",
            "window_closed",
        ),
        (
            OF_2012,
            "2012-04-29T16:10:00Z",
            "2026-11-20T12:00:00Z",
            "window_closed",
        ),
    ];
    for (value, visited_at, now, expected) in table {
        let warning = check(named("gclid"), value, Some(at(visited_at)), at(now));
        assert_eq!(
            warning.map_or("", ClickIdWarning::code),
            expected,
            "{value} {visited_at} {now}"
        );
    }
}

#[test]
fn the_id_in_a_pasted_address_is_found() {
    for (value, expected) in [
        (
            "https://www.example.com/?gclid=CjwK-_1&utm_source=x",
            Some("CjwK-_1"),
        ),
        (
            "https://www.example.com/?xgclid=no&gclid=CjwK-_1#top",
            Some("CjwK-_1"),
        ),
        ("gclid=CjwK-_1", Some("CjwK-_1")),
        ("CjwK-_1&gclsrc=aw.ds", Some("CjwK-_1")),
        ("CjwK-_1", Some("CjwK-_1")),
        ("https://www.example.com/", None),
        ("https://www.example.com/?gclid={gclid}", None),
        ("https://www.example.com/?gclid=", None),
        ("https://www.example.com/?gclid=a%20b", None),
        ("", None),
    ] {
        assert_eq!(extracted(named("gclid"), value), expected, "{value}");
    }
}

#[test]
fn every_warning_is_one_sentence_and_no_value_is_in_it() {
    use ClickIdWarning as W;
    let all = [
        W::Empty,
        W::TemplateUnfilled,
        W::NotAnId,
        W::AddressPasted,
        W::AddressTail,
        W::CookiePasted,
        W::EncodedTwice,
        W::BlankInside,
        W::CharacterForeign,
        W::OtherKind,
        W::Doubled,
        W::CaseFolded,
        W::Cut { bytes: 50 },
        W::Cut { bytes: 51 },
        W::Altered,
        W::ShapeUnknown,
        W::InFuture,
        W::WindowClosed,
        W::OtherVisit,
    ];
    for warning in all {
        let advice = warning.advice();
        assert!(advice.ends_with('.') && !advice.contains(". "), "{advice}");
        let code = warning.code();
        assert!(
            code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "{code}"
        );
    }
}

#[test]
fn nothing_that_anybody_writes_is_a_panic() {
    let mut texts: Vec<String> = (0..=255_u8)
        .map(|byte| char::from(byte).to_string().repeat(5))
        .collect();
    texts.extend((0..DAY.len()).map(|place| {
        let mut changed: Vec<char> = DAY.chars().collect();
        changed[place] = '\u{1F600}';
        changed.into_iter().collect()
    }));
    texts.push("_".repeat(2_000));
    for parameter in ClickIdParameter::all() {
        for text in &texts {
            let _ = check(parameter, text, None, Timestamp::EPOCH);
            let _ = extracted(parameter, text);
        }
    }
}
