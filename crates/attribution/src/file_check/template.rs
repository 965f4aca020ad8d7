//! Which template a header belongs to, and where its columns stand.

use csv::StringRecord;

use crate::limits::CHECKED_COLUMNS_MAX;

/// A column of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Gclid,
    Gbraid,
    Wbraid,
    Msclkid,
    Email,
    Phone,
    ConversionName,
    ConversionTime,
    AdjustmentTime,
    AdjustmentType,
    Value,
    Currency,
    OrderId,
    AdUserData,
    AdPersonalization,
    /// In a template, and not looked at.
    Other,
}

/// Every name in the templates of Google (<https://support.google.com/google-ads/answer/7014069>,
/// <https://support.google.com/google-ads/answer/7686280>) and Microsoft
/// (<https://help.ads.microsoft.com/apex/index/3/en/56852>); for each column the first one is Google's.
const NAMES: [(&str, Column); 26] = [
    ("Google Click ID", Column::Gclid),
    ("GBRAID", Column::Gbraid),
    ("WBRAID", Column::Wbraid),
    ("Microsoft Click ID", Column::Msclkid),
    ("Email", Column::Email),
    ("Hashed Email Address", Column::Email),
    ("Phone Number", Column::Phone),
    ("Hashed Phone Number", Column::Phone),
    ("Conversion Name", Column::ConversionName),
    ("Conversion Time", Column::ConversionTime),
    ("Adjustment Time", Column::AdjustmentTime),
    ("Adjustment Type", Column::AdjustmentType),
    ("Conversion Value", Column::Value),
    ("Adjusted Value", Column::Value),
    ("Adjustment Value", Column::Value),
    ("Conversion Currency", Column::Currency),
    ("Adjusted Value Currency", Column::Currency),
    ("Adjustment Currency", Column::Currency),
    ("Order ID", Column::OrderId),
    ("Ad User Data", Column::AdUserData),
    ("Ad Personalization", Column::AdPersonalization),
    ("Attributed Credit", Column::Other),
    ("First Name", Column::Other),
    ("Last Name", Column::Other),
    ("External Attribution Credit", Column::Other),
    ("External Attribution Model", Column::Other),
];

/// What people call the columns instead, with nothing but small letters.
const ALIASES: [(&str, Column); 18] = [
    ("gclid", Column::Gclid),
    ("clickid", Column::Gclid),
    ("msclkid", Column::Msclkid),
    ("emailaddress", Column::Email),
    ("hashedemail", Column::Email),
    ("phone", Column::Phone),
    ("hashedphone", Column::Phone),
    ("conversionaction", Column::ConversionName),
    ("conversiondatetime", Column::ConversionTime),
    ("conversiondate", Column::ConversionTime),
    ("eventtime", Column::ConversionTime),
    ("eventtimestamp", Column::ConversionTime),
    ("value", Column::Value),
    ("currency", Column::Currency),
    ("currencycode", Column::Currency),
    ("conversioncurrencycode", Column::Currency),
    ("transactionid", Column::OrderId),
    ("orderno", Column::OrderId),
];

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Google's template of click conversions, under Goals > Conversions > Uploads.
    GoogleClicks,
    /// The same with hashed contact data.
    GoogleLeads,
    /// Google's template of changes.
    GoogleAdjustments,
    /// A file that Google's Data Manager fetches.
    GoogleDataManager,
    /// Microsoft's template of offline conversions.
    MicrosoftConversions,
    /// Microsoft's template of changes.
    MicrosoftAdjustments,
}

impl FileKind {
    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GoogleClicks => "Google Ads, click conversions",
            Self::GoogleLeads => "Google Ads, enhanced conversions for leads",
            Self::GoogleAdjustments => "Google Ads, adjustments",
            Self::GoogleDataManager => "Google Data Manager, conversions",
            Self::MicrosoftConversions => "Microsoft Advertising, offline conversions",
            Self::MicrosoftAdjustments => "Microsoft Advertising, adjustments",
        }
    }

    pub(super) fn is_adjustments(self) -> bool {
        matches!(self, Self::GoogleAdjustments | Self::MicrosoftAdjustments)
    }

    pub(super) fn is_microsofts(self) -> bool {
        matches!(self, Self::MicrosoftConversions | Self::MicrosoftAdjustments)
    }
}

/// How sure a header is of its column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelled {
    AsInTemplate,
    Otherwise,
}

/// A header that was understood.
pub(super) struct Layout {
    kind: FileKind,
    columns: Vec<(String, Option<(Column, Spelled)>)>,
}

impl Layout {
    /// `None` where nothing says that this is a conversion file.
    pub(super) fn of(header: &StringRecord, has_parameters: bool) -> Option<Self> {
        if header.len() > CHECKED_COLUMNS_MAX {
            return None;
        }
        let columns: Vec<(String, Option<(Column, Spelled)>)> = header
            .iter()
            .map(|name| (name.trim().to_owned(), named(name)))
            .collect();
        let mut layout = Self {
            kind: FileKind::GoogleClicks,
            columns,
        };
        let names_somebody = [
            Column::Gclid,
            Column::Gbraid,
            Column::Wbraid,
            Column::Msclkid,
            Column::Email,
            Column::Phone,
            Column::OrderId,
        ];
        let tells_more = [
            Column::ConversionName,
            Column::ConversionTime,
            Column::AdjustmentTime,
        ];
        let has_one_of = |columns: &[Column]| columns.iter().any(|column| layout.has(*column));
        if !has_one_of(&names_somebody) || !has_one_of(&tells_more) {
            return None;
        }
        layout.kind = layout.guess(has_parameters);
        Some(layout)
    }

    /// How many columns were understood.
    pub(super) fn known(&self) -> usize {
        self.columns.iter().filter(|(_, known)| known.is_some()).count()
    }

    /// Names of one's own are for the Data Manager alone, and so is a file that has a gbraid but no line of parameters.
    fn guess(&self, has_parameters: bool) -> FileKind {
        let is_microsofts = self.has(Column::Msclkid)
            || self
                .columns
                .iter()
                .any(|(name, _)| name.to_ascii_lowercase().starts_with("hashed "));
        let is_adjustments = self.has(Column::AdjustmentTime) || self.has(Column::AdjustmentType);
        let has_free_names = self
            .columns
            .iter()
            .any(|(_, known)| matches!(known, Some((_, Spelled::Otherwise))));
        let has_braids = self.has(Column::Gbraid) || self.has(Column::Wbraid);
        match (is_microsofts, is_adjustments) {
            (true, true) => FileKind::MicrosoftAdjustments,
            (true, false) => FileKind::MicrosoftConversions,
            (false, true) => FileKind::GoogleAdjustments,
            _ if !has_parameters && (has_free_names || has_braids) => FileKind::GoogleDataManager,
            _ if self.has(Column::Email) || self.has(Column::Phone) => FileKind::GoogleLeads,
            _ => FileKind::GoogleClicks,
        }
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.place(column).is_some()
    }

    fn place(&self, column: Column) -> Option<usize> {
        let is_it = |known: &Option<(Column, Spelled)>| known.is_some_and(|(known, _)| known == column);
        self.columns.iter().position(|(_, known)| is_it(known))
    }

    pub(super) fn kind(&self) -> FileKind {
        self.kind
    }

    pub(super) fn count(&self) -> usize {
        self.columns.len()
    }

    /// The name of a column as the file has it, or the template where the file has none.
    pub(super) fn name(&self, column: Column) -> &str {
        let place = self.place(column);
        let own = place.and_then(|place| self.columns.get(place));
        own.map_or_else(
            || {
                let mut names = NAMES.iter().filter(|(_, known)| *known == column);
                names.next().map_or("", |(name, _)| *name)
            },
            |(name, _)| name,
        )
    }

    /// The column in which the moment stands that the file is about.
    pub(super) fn time(&self) -> Column {
        if self.kind.is_adjustments() {
            Column::AdjustmentTime
        } else {
            Column::ConversionTime
        }
    }

    /// Columns that the platform needs and the file has not. In Google Ads somebody says which column of a Data Manager file
    /// is what, and the action can be chosen there.
    pub(super) fn missing(&self) -> Vec<Column> {
        let needed: &[Column] = match self.kind {
            FileKind::GoogleClicks => &[Column::Gclid, Column::ConversionName, Column::ConversionTime],
            FileKind::GoogleLeads => &[Column::ConversionName, Column::ConversionTime],
            FileKind::GoogleDataManager => &[Column::ConversionTime],
            FileKind::MicrosoftConversions => &[Column::ConversionName, Column::ConversionTime],
            FileKind::GoogleAdjustments | FileKind::MicrosoftAdjustments => &[
                Column::ConversionName,
                Column::AdjustmentTime,
                Column::AdjustmentType,
            ],
        };
        let missing = needed.iter().copied().filter(|column| !self.has(*column));
        missing.collect()
    }

    /// Columns with a name that no template has. One without a name comes of a comma at the line's end.
    pub(super) fn unknown(&self) -> impl Iterator<Item = &str> {
        let unknown =
            |(name, known): &&(String, Option<(Column, Spelled)>)| known.is_none() && !name.is_empty();
        self.columns.iter().filter(unknown).map(|(name, _)| name.as_str())
    }

    /// Columns that have another name than in the template.
    pub(super) fn renamed(&self) -> impl Iterator<Item = &str> {
        let renamed = |(_, known): &&(String, Option<(Column, Spelled)>)| {
            matches!(known, Some((_, Spelled::Otherwise)))
        };
        self.columns.iter().filter(renamed).map(|(name, _)| name.as_str())
    }

    /// Columns that say what an earlier one says.
    pub(super) fn repeated(&self) -> impl Iterator<Item = &str> {
        self.columns
            .iter()
            .enumerate()
            .filter_map(|(place, (name, known))| {
                let (column, _) = (*known)?;
                let is_first = column == Column::Other || self.place(column) == Some(place);
                (!is_first).then_some(name.as_str())
            })
    }

    /// What stands in a column; empty where the file has none.
    pub(super) fn cell<'a>(&self, record: &'a StringRecord, column: Column) -> &'a str {
        let place = self.place(column);
        place
            .and_then(|place| record.get(place))
            .unwrap_or_default()
            .trim()
    }
}

fn named(name: &str) -> Option<(Column, Spelled)> {
    let name = name.trim();
    if let Some((_, column)) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        return Some((*column, Spelled::AsInTemplate));
    }
    let letters = |name: &str| -> String {
        let letters = name.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let folded = letters(name);
    let of_template = NAMES.iter().find(|(known, _)| letters(known) == folded);
    let found = of_template.or_else(|| ALIASES.iter().find(|(alias, _)| *alias == folded));
    found.map(|(_, column)| (*column, Spelled::Otherwise))
}
