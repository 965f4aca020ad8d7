use encoding_rs::{WINDOWS_1251, WINDOWS_1252};

use super::*;
use crate::outcome::{Outcome, Told};

const HEADER: &str = "outcome_id,lead_id,kind,occurred_at,value,currency";
const ROW: &str = "deal-1001,7K3M9QXA2F4HJK5NR,won,2026-11-20T14:05:00+01:00,1250.00,EUR";

fn read(body: &[u8], charset: Option<&str>) -> Result<Vec<ReceivedRow>, BatchRefusal> {
    let text = CsvText::decode(body, charset)?;
    let mut rows = text.rows()?;
    Ok(rows.next_rows(usize::MAX, None))
}

fn outcomes(body: &[u8], charset: Option<&str>) -> Vec<Outcome> {
    let rows = read(body, charset).unwrap();
    rows.into_iter()
        .map(|row| match row.told {
            Ok(Told::Outcome(outcome)) => outcome,
            other => panic!("line {:?}: {other:?}", row.line),
        })
        .collect()
}

#[test]
fn ok_every_delimiter_line_end_and_order_of_columns() {
    let expected = outcomes(format!("{HEADER}\n{ROW}\n").as_bytes(), None);
    assert_eq!(expected.len(), 1);
    let tables = [
        format!("{HEADER}\r\n{ROW}\r\n"),
        format!("{HEADER}\r{ROW}\r"),
        format!("{HEADER}\n{ROW}"),
        format!("\u{feff}{HEADER}\n{ROW}\n"),
        format!("{HEADER}\n\n{ROW}\n,,,,,\n\n"),
        format!("{HEADER}\n{ROW}\n").replace(',', ";"),
        format!("{HEADER}\n{ROW}\n").replace(',', "\t"),
        format!("{HEADER}\n{ROW}\n").replace(',', "|"),
        format!("sep=;\r\n{}", format!("{HEADER}\n{ROW}\n").replace(',', ";")),
        format!("sep=^\n{}", format!("{HEADER}\n{ROW}\n").replace(',', "^")),
        // Names of Excel's German, HubSpot's and Salesforce's making, with columns that are nobody's business.
        "Currency;Amount;Owner;Close Date;Deal Stage;Lead_ID__c;Record ID\n\
         EUR;1.250,00;J. Doe;2026-11-20 14:05:00+01:00;won;7k3m-9qxa-2f4h-jk5n-r;deal-1001\n"
            .to_owned(),
        "\"OUTCOME-ID\",\"Lead Id\",KIND,Occurred At,Value,Currency\n\
         deal-1001 , 7K3M9QXA2F4HJK5NR,won,2026-11-20T14:05:00+01:00,\"1,250.00\",eur\n"
            .to_owned(),
        // A name of ours goes before another word for it.
        format!("id,{HEADER},amount,deal value\n17,{ROW},1,2\n"),
    ];
    for table in tables {
        assert_eq!(outcomes(table.as_bytes(), None), expected, "{table}");
    }
}

#[test]
fn ok_every_encoding_that_spreadsheets_write() {
    let table = "outcome_id;gclid;kind;occurred_at\nd1;Cj0K-_;gewonnen – für Köln;2026-11-20T14:05:00Z\n";
    let russian = "outcome_id;gclid;kind;occurred_at\nd1;Cj0K-_;сделка выиграна;2026-11-20T14:05:00Z\n";
    let utf_16 = |little: bool| -> Vec<u8> {
        let units = "\u{feff}".encode_utf16().chain(table.encode_utf16());
        units
            .flat_map(|unit| {
                if little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect()
    };
    let cases: [(Vec<u8>, Option<&str>, &str); 8] = [
        (table.as_bytes().to_vec(), None, table),
        (table.as_bytes().to_vec(), Some("windows-1252"), table),
        (utf_16(true), None, table),
        (utf_16(false), Some("utf-8"), table),
        (WINDOWS_1252.encode(table).0.into_owned(), None, table),
        (WINDOWS_1252.encode(table).0.into_owned(), Some("UTF-8"), table),
        (
            WINDOWS_1251.encode(russian).0.into_owned(),
            Some("windows-1251"),
            russian,
        ),
        (WINDOWS_1251.encode(russian).0.into_owned(), None, russian),
    ];
    for (body, charset, table) in cases {
        let kind = table.lines().nth(1).and_then(|line| line.split(';').nth(2));
        let outcome = outcomes(&body, charset).remove(0);
        assert_eq!(Some(outcome.kind.as_str()), kind, "{charset:?}");
    }
}

#[test]
fn ok_values_with_delimiters_quotation_marks_and_line_breaks() {
    let table = format!(
        "note,{HEADER}\n\"first line\nsecond, \"\"quoted\"\" line\r\n\",{ROW}\n\"\",d2,7K3M9QXA2F4HJK5NR,\"won, at last\",2026-11-20T14:05:00Z,,\n"
    );
    let rows = read(table.as_bytes(), None).unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.line, row.outcome_id.as_deref()))
        .collect();
    assert_eq!(told, [(Some(2), Some("deal-1001")), (Some(5), Some("d2"))]);
    assert!(rows.iter().all(|row| row.told.is_ok()), "{rows:?}");
}

#[test]
fn err_a_bad_line_spoils_no_other_and_is_told_by_its_number() {
    let table = format!(
        "{HEADER}\n{ROW}\nd2,7K3M9QXA2F4HJK5NR,won\nd3,7K3M9QXA2F4HJK5NR,won,2026-11-20T14:05:00Z,1,250.00,EUR\n\
         d4,7K3M9QXA2F4HJK5NS,won,2026-11-20T14:05:00Z,,\nd5,7K3M9QXA2F4HJK5NR,won,20.11.2026 14:05,,\n\
         d6,7K3M9QXA2F4HJK5NR,won,2026-11-20T14:05:00Z,1.250,EUR\n=1+1,7K3M9QXA2F4HJK5NR,won,2026-11-20T14:05:00Z,,\n\
         d8,7K3M9QXA2F4HJK5NR,won,2026-11-20T14:05:00Z,5,EUR\n"
    );
    let rows = read(table.as_bytes(), None).unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.line.unwrap_or_default(),
                row.told.as_ref().map_or_else(|refusal| refusal.code(), |_| ""),
            )
        })
        .collect();
    let expected = [
        (2, ""),
        (3, "columns_mismatch"),
        (4, "columns_mismatch"),
        (5, "lead_id_check_failed"),
        (6, "time_invalid"),
        (7, "value_ambiguous"),
        (8, "outcome_id_invalid"),
        (9, ""),
    ];
    assert_eq!(told, expected);
}

#[test]
fn err_tables_that_cannot_be_read_at_all() {
    let table: [(&[u8], BatchRefusal); 8] = [
        (b"", BatchRefusal::CsvHeaderUnknown),
        (b"\n\n", BatchRefusal::CsvHeaderUnknown),
        (ROW.as_bytes(), BatchRefusal::CsvHeaderUnknown),
        (b"lead_id,kind\nx,won\n", BatchRefusal::CsvHeaderUnknown),
        (b"{\"outcome_id\":1}", BatchRefusal::CsvHeaderUnknown),
        (
            b"outcome_id,amount,deal value\n1,2,3\n",
            BatchRefusal::CsvHeaderAmbiguous,
        ),
        (b"outcome_id,Outcome ID\n1,2\n", BatchRefusal::CsvHeaderAmbiguous),
        (b"o\0u\0t\0c\0o\0m\0e\0_\0i\0d\0\n\0", BatchRefusal::CsvEncoding),
    ];
    for (body, refusal) in table {
        assert_eq!(
            read(body, None),
            Err(refusal),
            "{}",
            String::from_utf8_lossy(body)
        );
    }
    // Half a character at the end of a text in UTF-16.
    let mut bytes = b"\xff\xfe".to_vec();
    bytes.extend("outcome_id\n1\n".encode_utf16().flat_map(u16::to_le_bytes));
    bytes.push(0);
    assert_eq!(read(&bytes, None), Err(BatchRefusal::CsvEncoding));
}

#[test]
fn so_many_rows_and_not_one_more() {
    let table = |rows: usize| format!("{HEADER}\n{}", format!("{ROW}\n").repeat(rows));
    assert_eq!(
        read(table(OUTCOMES_PER_CSV_MAX).as_bytes(), None).map(|rows| rows.len()),
        Ok(OUTCOMES_PER_CSV_MAX)
    );
    let refusal = BatchRefusal::TooManyRows {
        rows_max: OUTCOMES_PER_CSV_MAX,
    };
    assert_eq!(
        read(table(OUTCOMES_PER_CSV_MAX + 1).as_bytes(), None),
        Err(refusal)
    );
}

#[test]
fn rows_come_in_parts_and_each_once() {
    let text = format!(
        "{HEADER}\n{}",
        (0..25)
            .map(|number| ROW.replace("1001", &format!("{number}\u{a}")).replace('\n', "") + "\n")
            .collect::<String>()
    );
    let text = CsvText::decode(text.as_bytes(), None).unwrap();
    let mut rows = text.rows().unwrap();
    assert_eq!(rows.columns().get("lead_id"), Some(&2));
    let mut ids = Vec::new();
    loop {
        let part = rows.next_rows(10, None);
        if part.is_empty() {
            break;
        }
        assert!(part.len() <= 10);
        ids.extend(part.into_iter().filter_map(|row| row.outcome_id));
    }
    assert_eq!(
        ids,
        (0..25).map(|number| format!("deal-{number}")).collect::<Vec<_>>()
    );
}

#[test]
fn lines_are_counted_as_people_count_them() {
    for (first, end) in [("", "\n"), ("", "\r\n"), ("", "\r"), ("sep=,\r\n", "\r\n")] {
        let rows = ["d1,\"a\r\nb\"", "d2,", "", ",", "d3,x"].join(end);
        let table = format!("{first}outcome_id,note{end}{rows}{end}");
        let offset = u64::from(!first.is_empty());
        let lines: Vec<_> = read(table.as_bytes(), None)
            .unwrap()
            .into_iter()
            .map(|row| row.line.unwrap_or_default() - offset)
            .collect();
        assert_eq!(lines, [2, 4, 7], "{end:?}");
    }
}

#[test]
fn no_more_columns_are_looked_at_than_a_sheet_has() {
    for (blanks, expected) in [(16_382, Some(&16_384)), (16_383, None)] {
        let table = format!("outcome_id{},kind\n", ",".repeat(blanks));
        let text = CsvText::decode(table.as_bytes(), None).unwrap();
        assert_eq!(text.rows().unwrap().columns().get("kind"), expected, "{blanks}");
    }
}
