use super::*;

#[test]
fn ids_and_names_of_click_conversions() {
    let row = |id: &str, name: &str| format!("{id},{name},{TIME},,,,");
    let cut = &GCLID[..50];
    let lower = GCLID.to_lowercase();
    let table = [
        (row(GCLID, "Sale"), ""),
        (row(GCLID, "\"Sale, \"\"big\"\"\""), ""),
        (row("", "Sale"), "Google Click ID: refused identifier_missing"),
        (
            row("{gclid}", "Sale"),
            "Google Click ID: refused template_unfilled",
        ),
        (
            row("https://www.example.com/?gclid=x", "Sale"),
            "Google Click ID: refused address_pasted",
        ),
        (row("1.23457E+15", "Sale"), "Google Click ID: refused not_an_id"),
        (row(cut, "Sale"), "Google Click ID: doubtful cut"),
        (row(&lower, "Sale"), "Google Click ID: doubtful case_folded"),
        (
            row("CMrlnPq42q8CFQdb3wodOkkGBg", "Sale"),
            "Google Click ID: doubtful window_closed",
        ),
        (row(GCLID, ""), "Conversion Name: refused name_missing"),
        (
            row(GCLID, "\"Sale\nbig\""),
            "Conversion Name: doubtful name_broken",
        ),
    ];
    let table: Vec<(&str, &str)> = table
        .iter()
        .map(|(row, expected)| (row.as_str(), *expected))
        .collect();
    check(CLICKS, &table);
}

#[test]
fn times_of_click_conversions() {
    let row = |time: &str| format!("{GCLID},Sale,{time},,,,");
    let table = [
        (TIME, ""),
        ("2026-11-20T14:05:00 Europe/Berlin", ""),
        (
            "2026-11-20T14:05:00Z",
            "Conversion Time: doubtful time_form_unlisted",
        ),
        (
            "2026-11-20 14:05:00.250+0100",
            "Conversion Time: doubtful time_form_unlisted",
        ),
        (
            "2026-11-20 14:05:00+01:00",
            "Conversion Time: refused offset_with_colon",
        ),
        (
            "2026-11-20 14:05:00",
            "Conversion Time: refused time_without_offset",
        ),
        (
            "11/20/2026 2:05:00 PM",
            "Conversion Time: refused time_without_offset",
        ),
        ("20.11.2026 14:05", "Conversion Time: refused time_invalid"),
        ("46346.58", "Conversion Time: refused time_invalid"),
        ("", "Conversion Time: refused time_missing"),
        (
            "2026-11-24 14:05:00+0100",
            "Conversion Time: refused conversion_in_future",
        ),
        // The id tells of a click on 12 November, 09:30.
        ("2026-11-12 05:30:15+0000", ""),
        (
            "2026-11-10 14:05:00+0100",
            "Conversion Time: doubtful conversion_before_click",
        ),
        (
            "2026-08-25 12:00:01+0000",
            "Conversion Time: doubtful conversion_before_click",
        ),
        (
            "2026-08-25 12:00:00+0000",
            "Conversion Time: refused click_window_closed",
        ),
    ];
    let table: Vec<(String, &str)> = table
        .iter()
        .map(|(time, expected)| (row(time), *expected))
        .collect();
    let table: Vec<(&str, &str)> = table
        .iter()
        .map(|(row, expected)| (row.as_str(), *expected))
        .collect();
    check(CLICKS, &table);
}

#[test]
fn a_click_that_google_does_not_know_yet_is_taken_later() {
    let file = format!("{CLICKS}\n{GCLID},Sale,2026-11-12 10:00:00+0000,,,,\n");
    let at = |now: &str| {
        let now = Timestamp::from_rfc3339(now).expect("a moment");
        let report = check_file(file.as_bytes(), now, 100).expect("a report");
        (
            report.fine,
            report.later,
            report.counts.first().map(|count| count.code),
        )
    };
    // Of a class that tells the day alone nobody knows how fresh it is.
    let of_today =
        "CjwKCAiAnsvXBhAfEiwAozRy1_vhegEpOJMy5gX7oGvLgLK2wCeuLZWT6kieDLy67NguzP872fvLhBoC1_UQAvD_BwE";
    let file_of_today = format!("{CLICKS}\n{of_today},Sale,2026-11-10 09:00:00+0000,,,,\n");
    let now = Timestamp::from_rfc3339("2026-11-10T10:00:00Z").expect("a moment");
    assert_eq!(
        check_file(file_of_today.as_bytes(), now, 100).map(|report| report.fine),
        Ok(1)
    );
    assert_eq!(at("2026-11-12T15:30:14Z"), (0, 1, Some("click_too_recent")));
    assert_eq!(at("2026-11-12T15:30:15Z"), (1, 0, None));
}

#[test]
fn values_currencies_consent_and_order_ids() {
    let row = |value: &str, currency: &str, order_id: &str, consent: &str| {
        format!("{GCLID},Sale,{TIME},{value},{currency},{order_id},{consent}")
    };
    let table = [
        (row("1250.00", "EUR", "deal-1", "Granted"), ""),
        (row("", "", "", ""), ""),
        (row("5", "", "", ""), ""),
        (
            row("\"1,250.00\"", "EUR", "", ""),
            "Conversion Value: refused value_invalid",
        ),
        (
            row("1.250.00", "EUR", "", ""),
            "Conversion Value: refused value_invalid",
        ),
        (
            row("€5", "EUR", "", ""),
            "Conversion Value: refused value_invalid",
        ),
        (
            row("-5", "EUR", "", ""),
            "Conversion Value: refused value_negative",
        ),
        (
            row("5", "Euro", "", ""),
            "Conversion Currency: refused currency_unknown",
        ),
        (
            row("", "eur", "", ""),
            "Conversion Currency: refused currency_unknown",
        ),
        (
            row("", "", "ann@example.com", ""),
            "Order ID: refused order_id_names_person",
        ),
        (
            row("", "", "", "Denied"),
            "Ad User Data: refused ad_user_data_denied",
        ),
        (
            row("", "", "", "granted"),
            "Ad User Data: doubtful consent_spelled",
        ),
        (row("", "", "", "yes"), "Ad User Data: refused consent_unknown"),
        (row("", "", "", "Granted,more"), ": refused columns_mismatch"),
        (format!("{GCLID},Sale,{TIME}"), ": doubtful columns_mismatch"),
        (row("", "", "", ",,,"), ""),
    ];
    let table: Vec<(&str, &str)> = table
        .iter()
        .map(|(row, expected)| (row.as_str(), *expected))
        .collect();
    check(CLICKS, &table);
}

#[test]
fn hashed_contact_data_alone_counts_for_63_days() {
    let header = "Email,Phone Number,Conversion Name,Conversion Time,Google Click ID";
    let capitals = HASH.to_uppercase();
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let row = |email: &str, time: &str, gclid: &str| format!("{email},,Sale,{time},{gclid}");
    let table = [
        (row(HASH, TIME, ""), ""),
        (row("", TIME, GCLID), ""),
        (row("", TIME, ""), "Email: refused identifier_missing"),
        (row("ann@example.com", TIME, ""), "Email: doubtful hash_invalid"),
        (row(&capitals, TIME, ""), "Email: doubtful hash_in_capitals"),
        (row(nothing, TIME, ""), "Email: doubtful hash_of_nothing"),
        (row(HASH, "2026-09-21 12:00:00+0000", ""), ""),
        (
            row(HASH, "2026-09-21 11:59:59+0000", ""),
            "Conversion Time: refused user_data_window_closed",
        ),
    ];
    let table: Vec<(&str, &str)> = table
        .iter()
        .map(|(row, expected)| (row.as_str(), *expected))
        .collect();
    check(header, &table);
}

#[test]
fn a_data_manager_file_has_names_of_its_own_and_iso_offsets() {
    let header = "Google Click ID,GBRAID,WBRAID,Conversion Time";
    let wbraid = "CkAKCAiAwdDXBhBgEjAA8H7CNH8GbtCPXcdRJEfjQEMAAmtuVFWUoGVoXWTEmAu41FRKhyGpmgGtIZ61nPYaAqFe";
    let row = |gclid: &str, wbraid: &str, time: &str| format!("{gclid},,{wbraid},{time}");
    let table = [
        (row(GCLID, "", "2026-11-20T14:05:00+01:00"), ""),
        (row("", wbraid, "2026-11-20T14:05:00Z"), ""),
        (
            row("", GCLID, "2026-11-20T14:05:00Z"),
            "WBRAID: doubtful other_kind",
        ),
        (
            row(GCLID, wbraid, "2026-11-20T14:05:00Z"),
            ": doubtful several_ids",
        ),
        (
            row("", "", "2026-11-20T14:05:00Z"),
            "Google Click ID: refused identifier_missing",
        ),
        (
            row(GCLID, "", "2026-11-20 14:05:00"),
            "Conversion Time: doubtful time_without_fallback",
        ),
    ];
    let table: Vec<(&str, &str)> = table
        .iter()
        .map(|(row, expected)| (row.as_str(), *expected))
        .collect();
    check(header, &table);
    assert_eq!(
        findings(&format!(
            "gclid\tconversion_name\tconversion_time\n{GCLID}\tSale\t2026-11-20T14:05:00Z\n"
        )),
        [
            "0 gclid: doubtful column_renamed",
            "0 conversion_name: doubtful column_renamed",
            "0 conversion_time: doubtful column_renamed",
        ]
    );
}

#[test]
fn adjustments_say_their_words_and_keep_their_window() {
    let header =
        "Order ID,Conversion Name,Adjustment Time,Adjustment Type,Adjusted Value,Adjusted Value Currency";
    check(
        header,
        &[
            ("a,Sale,2026-11-22 10:00:00+0000,RESTATE,900.00,EUR", ""),
            ("a,Sale,2026-11-22 10:00:00+0000,RETRACT,,", ""),
            (
                "a,Sale,2026-11-22 10:00:00+0000,RETRACT,5,EUR",
                "Adjusted Value: doubtful retract_with_value",
            ),
            (
                "a,Sale,2026-11-22 10:00:00+0000,RESTATE,,",
                "Adjusted Value: refused restate_without_value",
            ),
            (
                "a,Sale,2026-11-22 10:00:00+0000,RETRACTION,,",
                "Adjustment Type: refused word_of_the_api",
            ),
            (
                "a,Sale,2026-11-22 10:00:00+0000,,,",
                "Adjustment Type: refused change_unknown",
            ),
            (
                ",Sale,2026-11-22 10:00:00+0000,RETRACT,,",
                "Order ID: refused identifier_missing",
            ),
            (
                "a,Sale,2026-11-24 10:00:00+0000,RETRACT,,",
                "Adjustment Time: refused conversion_in_future",
            ),
            (
                "a,Sale,2026-09-30 11:59:59+0000,RETRACT,,",
                "Adjustment Time: refused adjust_window_closed",
            ),
        ],
    );
    let header = "Microsoft Click ID,Conversion Name,Conversion Time,Adjustment Value,Adjustment Currency,Adjustment Type,Adjustment Time";
    let row = |converted: &str, changed: &str| format!("{MSCLKID},Sale,{converted},,,Retract,{changed}");
    let table = [
        (row("2026-11-20 10:00:00+0000", "2026-11-20 10:00:00+0000"), ""),
        (
            row("2026-11-20 10:00:00+0000", "2026-11-20 09:59:59+0000"),
            "Adjustment Time: refused adjustment_before_conversion",
        ),
        (
            row("2026-08-25 11:59:59+0000", "2026-11-20 10:00:00+0000"),
            "Adjustment Time: refused adjust_window_closed",
        ),
    ];
    let table: Vec<(&str, &str)> = table
        .iter()
        .map(|(row, expected)| (row.as_str(), *expected))
        .collect();
    check(header, &table);
}

#[test]
fn microsoft_has_ids_hashes_and_values_of_its_own() {
    let header = "Microsoft Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,Hashed Email Address";
    let row = |id: &str, time: &str, value: &str, email: &str| format!("{id},Sale,{time},{value},,{email}");
    let table = [
        (row(MSCLKID, TIME, "1.125", ""), ""),
        (row("", TIME, "", HASH), ""),
        (
            row("", TIME, "", ""),
            "Microsoft Click ID: refused identifier_missing",
        ),
        (
            row(&MSCLKID[..31], TIME, "", ""),
            "Microsoft Click ID: refused cut",
        ),
        (
            row(GCLID, TIME, "", ""),
            "Microsoft Click ID: refused character_foreign",
        ),
        (
            row("", TIME, "", "ann@example.com"),
            "Hashed Email Address: refused hash_invalid",
        ),
        (
            row(MSCLKID, TIME, "1.1255", ""),
            "Conversion Value: refused value_out_of_range",
        ),
        (
            row(MSCLKID, TIME, "1000000000000", ""),
            "Conversion Value: refused value_out_of_range",
        ),
        (row(MSCLKID, "2026-08-25 12:00:00+0000", "", ""), ""),
        (
            row(MSCLKID, "2026-08-25 11:59:59+0000", "", ""),
            "Conversion Time: refused conversion_too_old",
        ),
        (
            row(MSCLKID, "2026-11-20T14:05:00 EasternTimeUSCanada", "", ""),
            "",
        ),
        (
            row(MSCLKID, "2026-11-20T14:05:00 Europe/Berlin", "", ""),
            "Conversion Time: doubtful zone_not_microsofts",
        ),
    ];
    let table: Vec<(&str, &str)> = table
        .iter()
        .map(|(row, expected)| (row.as_str(), *expected))
        .collect();
    check(header, &table);
}

#[test]
fn rows_that_say_the_same_are_told_by_what_the_platform_tells_them_by() {
    for (header, rows, expected) in [
        // Two amounts of one order, and two orders of one click.
        (
            "Google Click ID,Conversion Name,Conversion Time,Conversion Value,Order ID",
            format!("{GCLID},Sale,{TIME},1,a\n{GCLID},Sale,{TIME},2,a\n{GCLID},Sale,{TIME},1,b\n"),
            vec!["3 : refused row_repeated"],
        ),
        // Microsoft knows no order ids.
        (
            "Microsoft Click ID,Conversion Name,Conversion Time,Order ID",
            format!(
                "{MSCLKID},Sale,{TIME},a\n{},Sale,{TIME},a\n{MSCLKID},Sale,{TIME},b\n",
                MSCLKID.replace('0', "1")
            ),
            vec!["4 : refused row_repeated"],
        ),
        // At the Data Manager a second row may be a change of the first.
        (
            "Google Click ID,GBRAID,Conversion Time,Order ID",
            format!("{GCLID},,2026-11-20T14:05:00Z,a\n{GCLID},,2026-11-20T14:05:00Z,a\n"),
            vec!["3 : doubtful row_repeated"],
        ),
        // Two changes of one order at two moments.
        (
            "Order ID,Conversion Name,Adjustment Time,Adjustment Type",
            "a,Sale,2026-11-22 10:00:00+0000,RETRACT\na,Sale,2026-11-22 11:00:00+0000,RETRACT\n".to_owned(),
            vec![],
        ),
    ] {
        assert_eq!(findings(&format!("{header}\n{rows}")), expected, "{header}");
    }
}

#[test]
fn what_stands_beside_a_fault_is_not_one_more() {
    // No cell of a line that is too long stands under its name.
    assert_eq!(
        findings(&format!("{CLICKS}\n,,yesterday,-5,Euro,,yes,more\n")),
        ["2 : refused columns_mismatch"]
    );
    // A click in the future makes the conversion no earlier than it is.
    let file = format!("{CLICKS}\n{GCLID},Sale,2026-10-20 10:00:00+0000,,,,\n");
    let now = Timestamp::from_rfc3339("2026-11-01T00:00:00Z").expect("a moment");
    let report = check_file(file.as_bytes(), now, 100).expect("a report");
    let codes: Vec<&str> = report.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["in_future"]);
    // Two columns that nobody looks at are no two of one name.
    assert_eq!(
        findings("Email,First Name,Last Name,Conversion Name,Conversion Time\n"),
        Vec::<String>::new()
    );
    // An order id or a click id names what is changed, not both.
    assert_eq!(
        findings(&format!(
            "Order ID,Google Click ID,Conversion Name,Adjustment Time,Adjustment Type\na,{GCLID},Sale,2026-11-22 10:00:00+0000,RETRACT\n"
        )),
        ["2 : doubtful conversion_named_twice"]
    );
    assert_eq!(
        findings(&format!(
            "Microsoft Click ID,Conversion Name,Conversion Time,Order ID\n{MSCLKID},Sale,{TIME},ann@example.com\n"
        )),
        ["2 Order ID: doubtful order_id_names_person"]
    );
    assert_eq!(
        findings(&format!(
            "Email,Conversion Name,Conversion Time\n{HASH}0,Sale,{TIME}\n"
        )),
        ["2 Email: doubtful hash_invalid"]
    );
}
