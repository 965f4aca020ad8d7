//! The one visit of this page and what happens around it: statements, fields, submissions.

use attribution::consent::Statement;
use attribution::form_fields::{Field, FieldValue, Moment};
use attribution::lead_id::LeadId;
use attribution::page_address::PageAddress;
use attribution::pieces::first_pieces;
use attribution::tag_settings::TagSettings;
use attribution::timestamp::Timestamp;
use attribution::visit::Visit;

use crate::page;
use crate::question::{Question, SEPARATOR};

/// A page view.
pub(crate) struct Session {
    visit: Visit,
    is_rare_wanted: bool,
}

impl Session {
    pub(crate) fn start(text: &str, landed_at: Timestamp) -> Self {
        let [attributes, addresses, earlier, referrer] = first_pieces(text, SEPARATOR);
        let settings = TagSettings::of_attributes(attributes);
        Self {
            visit: Visit::begin(settings, addresses, earlier, referrer, landed_at),
            is_rare_wanted: false,
        }
    }

    pub(crate) fn answer(&mut self, question: Question, text: &str, number: f64, now: Timestamp) {
        let step = match question {
            Question::Begin => self.visit.first_step(),
            Question::Hear => match Statement::parse(text) {
                Some(statement) => self.visit.hear(statement, now),
                None => return,
            },
            Question::Moved => self.visit.moved(text, page::moment(number)),
            Question::Reread => self.visit.reread(text, now),
            Question::Join => self.visit.join(text),
            Question::Value => return self.answer_value(text, Moment::numbered(number as u32)),
            _ => {
                if let Some(answer) = self.tell(question, text, number as u32, now) {
                    page::answer(&answer);
                }
                return;
            }
        };
        if let Some(name) = step.name() {
            page::answer(name);
        }
    }

    fn tell(&mut self, question: Question, text: &str, number: u32, now: Timestamp) -> Option<String> {
        match question {
            Question::Remember => {
                let [addresses, kept] = first_pieces(text, SEPARATOR);
                return self.visit.remember(kept, addresses, now);
            }
            Question::Fields => return self.visit.fields(Moment::numbered(number)),
            Question::Reports => {
                let is_reported = self.visit.reports_lead(number & 1 > 0, number & 2 > 0);
                return is_reported.then(String::new);
            }
            Question::LeadId => return self.lead_id(text),
            Question::Forget => self.visit.forget(),
            Question::Rare if !text.is_empty() => self.visit.know_rare_values(text),
            Question::Rare => {
                let is_wanted = std::mem::take(&mut self.is_rare_wanted) && self.visit.lacks_rare_values();
                if is_wanted {
                    return Some(String::new());
                }
            }
            Question::State => {
                let mut state = self.visit.state();
                let page = PageAddress::of(text);
                let page = page.as_ref().map_or("", PageAddress::as_str);
                state.push_str(concat!("\x01", env!("CARGO_PKG_VERSION"), "\x01"));
                state.push_str(page);
                return Some(state);
            }
            _ => {}
        }
        None
    }

    /// Tells what a field should hold, where it is one of ours.
    fn answer_value(&mut self, text: &str, moment: Moment) {
        let [hints, lead_id, value] = first_pieces(text, SEPARATOR);
        let Some(found) = Field::of_hints(hints, value, moment).recognise(self.visit.settings()) else {
            return;
        };
        self.is_rare_wanted |= found.key.is_rare();
        match self.visit.field_value(&found, lead_id, moment) {
            Some(FieldValue::Text(text)) => page::answer(&text),
            Some(FieldValue::Moment(moment)) => page::answer_moment(moment.ms() as f64),
            None => {}
        }
    }

    /// A lead_id that nobody can guess. Nothing is made before consent.
    fn lead_id(&self, random: &str) -> Option<String> {
        self.visit.record()?;
        let id = LeadId::from_random_bytes(random.as_bytes())?;
        Some(id.as_str().to_owned())
    }
}
