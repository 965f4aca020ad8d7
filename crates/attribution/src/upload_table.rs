//! A file of comma-separated rows for an ad platform, and what is not in it.

use std::collections::BTreeMap;

use crate::judgement::{Judgement, Reason};

/// A file that is being written.
#[derive(Debug)]
pub struct UploadTable {
    writer: csv::Writer<Vec<u8>>,
    rows: usize,
    left_out: BTreeMap<Reason, usize>,
}

/// The file, and what is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadFile {
    /// The bytes that the platform fetches. The header stands there even when nothing follows.
    pub csv: Vec<u8>,
    /// Rows below the header.
    pub rows: usize,
    /// How many outcomes are left out, by reason.
    pub left_out: BTreeMap<Reason, usize>,
}

/// The writer failed, which writing to memory never does; the caller must answer without a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotWritten;

impl UploadTable {
    /// A file with its header below the preamble, which is empty or ends its line.
    ///
    /// # Errors
    /// Only when the writer itself fails.
    pub fn new(preamble: &str, header: &[&str]) -> Result<Self, NotWritten> {
        let mut writer = csv::Writer::from_writer(preamble.as_bytes().to_vec());
        writer.write_record(header).map_err(|_| NotWritten)?;
        Ok(Self {
            writer,
            rows: 0,
            left_out: BTreeMap::new(),
        })
    }

    /// Writes the row where there is one, counts the reason where there is none.
    ///
    /// # Errors
    /// Only when the writer itself fails.
    pub fn add(&mut self, row: &Judgement<Vec<String>>) -> Result<(), NotWritten> {
        match row {
            Judgement::Deliverable(row) => {
                self.rows += 1;
                self.writer.write_record(row).map_err(|_| NotWritten)
            }
            Judgement::Wait { reason, .. } | Judgement::Hold(reason) | Judgement::Refuse(reason) => {
                self.leave_out(*reason, 1);
                Ok(())
            }
        }
    }

    /// Counts outcomes that are left out for one reason.
    pub fn leave_out(&mut self, reason: Reason, count: usize) {
        if count > 0 {
            *self.left_out.entry(reason).or_default() += count;
        }
    }

    /// The finished file.
    ///
    /// # Errors
    /// Only when the writer itself fails.
    pub fn finish(self) -> Result<UploadFile, NotWritten> {
        let csv = self.writer.into_inner().map_err(|_| NotWritten)?;
        Ok(UploadFile {
            csv,
            rows: self.rows,
            left_out: self.left_out,
        })
    }
}
