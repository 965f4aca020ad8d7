//! What is wrong with a file or a cell before any rule of a platform is asked, each with its name for machines and its
//! advice for people.

/// Writes each fault once: its meaning, its name for machines, and what a person can do.
macro_rules! faults {
    ($($(#[doc = $meaning:literal])+ $name:ident, $code:literal, $advice:literal;)+) => {
        /// What is wrong with the way in which something is written.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Fault {
            $($(#[doc = $meaning])+ $name,)+
        }

        impl Fault {
            /// Every fault.
            #[cfg(test)]
            pub(crate) const ALL: &'static [Self] = &[$(Self::$name,)+];

            pub(crate) fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            pub(crate) fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice,)+ }
            }
        }
    };
}

faults! {
    /// A file in another encoding than the platforms read.
    NotUtf8, "not_utf8",
    "The file is not in UTF-8, so letters beyond plain English may arrive as others. Save it as CSV UTF-8.";

    /// A file whose columns are parted otherwise than in the templates.
    OtherDelimiter, "other_delimiter",
    "The columns are parted by something else than commas. Save the file as comma-separated values.";

    /// The line of parameters names no zone that anybody knows.
    ZoneUnknown, "zone_unknown",
    "TimeZone= in the first line takes an offset such as +0100, or a name such as Europe/Berlin. What stands there is neither.";

    /// More rows than the platform takes.
    TooManyRows, "too_many_rows",
    "Microsoft takes at most 100,000 rows in one file. Split it.";

    /// A column that the platform needs.
    ColumnMissing, "column_missing",
    "The platform needs this column, under this very name. Start from its own template.";

    /// A column that is not in the platform's template.
    ColumnUnknown, "column_unknown",
    "This column is not in the platform's template. Take it out, personal data most of all.";

    /// Two columns of one name.
    ColumnRepeated, "column_repeated",
    "Two columns say the same, and nobody knows which one counts. Take one out.";

    /// Names that people give to columns, and that the templates do not.
    ColumnRenamed, "column_renamed",
    "Under Goals > Uploads the columns must have the very names of Google's template. A Data Manager source takes any names, because you say in Google Ads which column is what.";

    /// A line with more or fewer cells than the header has names.
    ColumnsMismatch, "columns_mismatch",
    "The line has more or fewer cells than the first line has names. Put a value that holds a comma or a line break between quotation marks, and double those inside it.";

    /// Nothing says whose conversion it is.
    IdentifierMissing, "identifier_missing",
    "Nothing in this line names the click or the person. Write the click id, or what else the template has for it.";

    /// More than one click id in one line.
    SeveralIds, "several_ids",
    "The line names the click more than once. Whether Google takes that is not published: keep the gclid, or else the gbraid, or else the wbraid.";

    /// A change that names its conversion in two ways.
    ConversionNamedTwice, "conversion_named_twice",
    "The line names its conversion by the order id and by the click id. Use the order id alone.";

    /// No conversion action.
    NameMissing, "name_missing",
    "Write the conversion action's name, exactly as it is at the platform.";

    /// A line break inside of a name.
    NameBroken, "name_broken",
    "A line break stands inside of the name, so it is not the name of any conversion action.";

    /// No hash.
    HashInvalid, "hash_invalid",
    "This is no hash. Write the SHA-256 of the normalised address or number in 64 hexadecimal digits, and never a plain one: files are kept and passed on.";

    /// The hash of an empty text.
    HashOfNothing, "hash_of_nothing",
    "This is the hash of an empty text, and names nobody. Leave the cell empty.";

    /// A hash in capital letters.
    HashInCapitals, "hash_in_capitals",
    "The platform's own example has small letters in the hash. Write it so.";

    /// No time.
    TimeMissing, "time_missing",
    "Write the time, such as 2026-11-20 14:05:00+0100.";

    /// A time that does not say where its clock hangs.
    TimeWithoutOffset, "time_without_offset",
    "Nothing says where the clock hangs. Add the offset, as in 2026-11-20 14:05:00+0100, or a first line Parameters:TimeZone=Europe/Berlin.";

    /// The same in a file that has no line of parameters.
    TimeWithoutFallback, "time_without_fallback",
    "Nothing says where the clock hangs. Add the offset, as in 2026-11-20T14:05:00+01:00, or set the source's time zone in Google Ads; without either the row is left out.";

    /// An offset with a colon in a file that takes none.
    OffsetWithColon, "offset_with_colon",
    "Under Goals > Uploads an offset has no colon: +0100, not +01:00. Only a Data Manager source takes the colon.";

    /// A zone by a name that is not of Microsoft's own list.
    ZoneNotMicrosofts, "zone_not_microsofts",
    "Microsoft has a list of its own for names of zones. Write an offset such as +0100 instead.";

    /// A time that we can read, in no form that the platform lists.
    TimeFormUnlisted, "time_form_unlisted",
    "The platform does not list this form of a time. Write it as 2026-11-20 14:05:00+0100.";

    /// Not a time.
    TimeInvalid, "time_invalid",
    "This is not a time that the platform reads. Write 2026-11-20 14:05:00+0100, with seconds; in a spreadsheet make the column text, or it writes times in its country's way.";

    /// A value that is no plain decimal.
    ValueInvalid, "value_invalid",
    "Write digits with at most one period, as in 1250.00: no commas, no currency sign, no blanks.";

    /// A value below zero.
    ValueNegative, "value_negative",
    "A value is zero or more. To take a conversion back, upload an adjustment.";

    /// A new value without the value.
    ValueNeeded, "restate_without_value",
    "A restatement needs the new value. To take the conversion back, write RETRACT.";

    /// A value where there must be none.
    ValueNotExpected, "retract_with_value",
    "What is taken back has no value. Leave the cell empty.";

    /// Not a currency of ISO 4217.
    CurrencyUnknown, "currency_unknown",
    "Write the three capital letters of ISO 4217, as in EUR.";

    /// A word of the API.
    WordOfTheApi, "word_of_the_api",
    "That is the API's word. In a file it is RESTATE or RETRACT.";

    /// No kind of change.
    ChangeUnknown, "change_unknown",
    "A change is RESTATE, with the new value, or RETRACT.";

    /// A word that is no answer.
    ConsentUnknown, "consent_unknown",
    "Write Granted or Denied, or leave the cell empty where nobody was asked.";

    /// An answer in other letters than the platform writes.
    ConsentSpelled, "consent_spelled",
    "The platform writes Granted and Denied, with a capital letter. Write them so.";

    /// The conversion stands in an earlier line.
    RowRepeated, "row_repeated",
    "The same conversion stands in an earlier line, and the platform counts it once.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judgement::Reason;

    #[test]
    fn every_fault_has_a_name_of_its_own_and_advice_in_sentences() {
        let mut codes: Vec<&str> = Fault::ALL.iter().map(|fault| fault.code()).collect();
        codes.extend(Reason::ALL.iter().map(|reason| reason.code()));
        codes.sort_unstable();
        let all = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), all);
        for fault in Fault::ALL {
            let advice = fault.advice();
            assert!(advice.ends_with('.') && advice.len() > 30, "{advice}");
        }
    }
}
