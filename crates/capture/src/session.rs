//! The one visit of this page and what happens around it: statements, fields, submissions.

use attribution::consent::Statement;
use attribution::form_fields::Field;
use attribution::lead_id::LeadId;
use attribution::page_address::PageAddress;
use attribution::pieces::pieces;
use attribution::tag_settings::TagSettings;
use attribution::timestamp::Timestamp;
use attribution::visit::{Moment, Step, Visit};

use crate::page;
use crate::question::{Question, SEPARATOR};

/// A page view, and the forms that have been given a lead_id.
pub(crate) struct Session {
    visit: Visit,
    forms: Vec<FormLead>,
    is_channel_wanted: bool,
}

/// The lead_id of a form. A form that is sent again is another submission, with another id.
struct FormLead {
    /// 0 stands for the fields outside of every form.
    form: u32,
    lead_id: LeadId,
    is_sent: bool,
}

impl Session {
    pub(crate) fn start(text: &str, landed_at: Timestamp) -> Self {
        let [attributes, addresses, earlier, referrer] = parts(text);
        let settings = TagSettings::of_attributes(attributes);
        Self {
            visit: Visit::begin(settings, addresses, earlier, referrer, landed_at),
            forms: Vec::new(),
            is_channel_wanted: false,
        }
    }

    pub(crate) fn answer(&mut self, question: Question, text: &str, number: f64) -> Option<String> {
        let now = page::now();
        let step = match question {
            Question::Begin => self.visit.first_step(),
            Question::Hear => self.visit.hear(Statement::parse(text)?, now),
            Question::Moved => self.visit.moved(text, page::moment(number)),
            Question::Reread => self.visit.reread(text, now),
            Question::Join => self.visit.join(text),
            _ => return self.tell(question, text, number as u32, now),
        };
        if matches!(step, Step::Pause | Step::Forget) {
            // What was begun under a consent that is gone is not finished under another.
            self.forms.clear();
        }
        step.name().map(str::to_owned)
    }

    fn tell(&mut self, question: Question, text: &str, form: u32, now: Timestamp) -> Option<String> {
        match question {
            Question::Remember => {
                let [addresses, kept, ..] = parts(text);
                return self.visit.remember(kept, addresses, now);
            }
            Question::Fields => return self.visit.fields(Moment::numbered(form)),
            Question::Value => return self.value(text, form),
            Question::Submitting => self.forms.retain(|known| !known.is_sent || known.form != form),
            Question::Submitted => {
                let [is_filled, is_marked, ..] = parts(text);
                let is_reported = self
                    .visit
                    .reports_lead(!is_filled.is_empty(), !is_marked.is_empty());
                return if is_reported {
                    self.sent_lead_id(form)
                } else {
                    None
                };
            }
            Question::Lead => return self.sent_lead_id(form),
            Question::Forget => {
                self.forms.clear();
                self.visit.forget();
            }
            Question::Channels if !text.is_empty() => self.visit.know_channels(text),
            Question::Channels if std::mem::take(&mut self.is_channel_wanted) => {
                return self.visit.channels_wanted();
            }
            Question::State => return Some(self.visit.state()),
            Question::Record => {
                let page = PageAddress::of(text);
                return Some(
                    self.visit
                        .record()?
                        .to_json(page.as_ref(), env!("CARGO_PKG_VERSION")),
                );
            }
            _ => {}
        }
        None
    }

    /// What a hidden field should hold, where it is one of ours.
    fn value(&mut self, text: &str, form: u32) -> Option<String> {
        let [hints, moment, value, _] = parts(text);
        let moment = Moment::numbered(u32::from(moment.bytes().next()?.wrapping_sub(b'0')));
        let found = Field::of_hints(hints, value, moment).recognise(self.visit.settings())?;
        self.is_channel_wanted |= found.key.is_channel();
        let lead_id = if found.key.is_lead_id() {
            self.lead_id(form)
        } else {
            None
        };
        self.visit.field_value(&found, lead_id.as_ref(), moment)
    }

    /// The lead_id of a form, made when it is first asked for. Nothing is made before consent.
    fn lead_id(&mut self, form: u32) -> Option<LeadId> {
        self.visit.record()?;
        if let Some(known) = self.forms.iter().find(|known| known.form == form) {
            return Some(known.lead_id.clone());
        }
        let lead_id = LeadId::from_random(page::random_bits()?);
        self.forms.push(FormLead {
            form,
            lead_id: lead_id.clone(),
            is_sent: false,
        });
        Some(lead_id)
    }

    /// The lead_id of a form that is being sent, noted as sent.
    fn sent_lead_id(&mut self, form: u32) -> Option<String> {
        let lead_id = self.lead_id(form)?;
        for known in self.forms.iter_mut().filter(|known| known.form == form) {
            known.is_sent = true;
        }
        Some(lead_id.as_str().to_owned())
    }
}

/// The parts of a question's text; what is missing is empty. No question has more than four.
fn parts(text: &str) -> [&str; 4] {
    let mut all = [""; 4];
    for (part, piece) in all.iter_mut().zip(pieces(text, SEPARATOR)) {
        *part = piece;
    }
    all
}
