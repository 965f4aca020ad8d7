//! The file of leads that a person opens in a spreadsheet: one row for each lead, every cell defused.

use attribution::campaign::utm_parameters;
use attribution::click_id::ClickIdParameter;
use attribution::consent::Answer;
use attribution::spreadsheet::defused;
use attribution::stored_lead::StoredLead;
use attribution::timestamp::Timestamp;
use csv::{QuoteStyle, Writer, WriterBuilder};

use crate::store::stories::LeadRow;

/// The columns before those of the click ids and the campaign.
const COLUMNS: [&str; 14] = [
    "lead_id",
    "received_at",
    "submitted_at",
    "page",
    "form_id",
    "form_name",
    "channel",
    "first_channel",
    "suspicion",
    "landing_page",
    "referrer",
    "ad_storage",
    "ad_user_data",
    "ad_personalization",
];

/// A file that grows row by row.
pub struct LeadFile {
    writer: Writer<Vec<u8>>,
    names: Vec<&'static str>,
    rows: usize,
}

impl LeadFile {
    /// A file with its header.
    ///
    /// # Errors
    /// Never in memory; the library cannot promise it.
    pub fn new() -> csv::Result<Self> {
        let ids = ClickIdParameter::all().map(ClickIdParameter::name);
        let names: Vec<&str> = ids.chain(utm_parameters()).collect();
        let mut writer = WriterBuilder::new()
            .quote_style(QuoteStyle::Always)
            .from_writer(Vec::new());
        writer.write_record(COLUMNS.iter().chain(&names))?;
        Ok(Self {
            writer,
            names,
            rows: 0,
        })
    }

    /// Writes one lead. Of several touches each column shows the newest that has it. A lead that this version cannot
    /// read has its row all the same, with what stands beside its JSON.
    ///
    /// # Errors
    /// Never in memory; the library cannot promise it.
    pub fn add(&mut self, row: &LeadRow) -> csv::Result<()> {
        let lead = row.stored();
        for cell in cells(row, lead.as_ref()) {
            self.writer.write_field(defused(&cell).as_bytes())?;
        }
        for name in &self.names {
            let mut touches = lead.iter().flat_map(|lead| lead.touches().rev());
            let value = touches.find_map(|(_, touch)| touch.landing.value(name));
            self.writer
                .write_field(defused(value.unwrap_or_default()).as_bytes())?;
        }
        self.writer.write_record(None::<&[u8]>)?;
        self.rows += 1;
        Ok(())
    }

    /// Leads written so far.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Bytes written so far, give or take what the library still holds back.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.writer.get_ref().len()
    }

    /// The file.
    ///
    /// # Errors
    /// Never in memory; the library cannot promise it.
    pub fn finish(self) -> csv::Result<Vec<u8>> {
        self.writer
            .into_inner()
            .map_err(|error| error.into_error().into())
    }
}

fn cells(row: &LeadRow, lead: Option<&StoredLead>) -> [String; COLUMNS.len()] {
    let submission = lead.map(|lead| &lead.lead().value().submission);
    let touch = lead
        .and_then(|lead| lead.touches().next_back())
        .map(|(_, touch)| touch);
    let answers = lead.map(|lead| lead.lead().consent().answers);
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let answer = |answer: Option<Option<Answer>>| text(answer.flatten().map(Answer::name));
    [
        row.lead_id.clone(),
        Timestamp::from_ms(row.received_at_ms).to_rfc3339(),
        submission
            .map(|it| it.submitted_at.to_rfc3339())
            .unwrap_or_default(),
        text(
            submission
                .and_then(|it| it.page.as_ref())
                .map(|page| page.as_str()),
        ),
        text(submission.map(|it| it.form.id.as_str())),
        text(submission.map(|it| it.form.name.as_str())),
        text(row.channel.as_deref()),
        text(row.first_channel.as_deref()),
        text(row.suspicion.as_deref()),
        text(
            touch
                .and_then(|touch| touch.landing_page.as_ref())
                .map(|page| page.as_str()),
        ),
        text(
            touch
                .and_then(|touch| touch.referrer.as_ref())
                .map(|page| page.as_str()),
        ),
        answer(answers.map(|answers| answers.ad_storage)),
        answer(answers.map(|answers| answers.ad_user_data)),
        answer(answers.map(|answers| answers.ad_personalization)),
    ]
}
