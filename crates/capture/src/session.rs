//! The one visit of this page and what happens around it: signals, fields, submissions.

use attribution::consent::Signal;
use attribution::form_fields::Field;
use attribution::lead::{FormName, Submission};
use attribution::lead_id::LeadId;
use attribution::page_address::PageAddress;
use attribution::tag_settings::TagSettings;
use attribution::visit::{Moment, Step, Visit};
use web_sys::{Element, HtmlDocument};

use crate::{browser_storage, page};

/// A page view, and the forms that have been given a lead_id.
pub(crate) struct Session {
    document: HtmlDocument,
    pub(crate) visit: Visit,
    forms: Vec<FormLead>,
}

/// The lead_id of a form. A form that is sent again is another submission, with another id.
struct FormLead {
    /// `None` stands for the fields outside of every form.
    form: Option<Element>,
    lead_id: LeadId,
    is_sent: bool,
}

impl Session {
    pub(crate) fn new(
        document: HtmlDocument,
        tag: &Element,
        href: &str,
        referrer: &str,
        landed_at_ms: f64,
    ) -> Self {
        let settings = TagSettings::read(|name| tag.get_attribute(&["data-", name].concat()));
        Self {
            document,
            visit: Visit::begin(settings, href, referrer, page::moment(landed_at_ms)),
            forms: Vec::new(),
        }
    }

    /// Takes the first step of the visit; answers where consent stands, if anybody decided.
    pub(crate) fn start(&mut self) -> Option<String> {
        self.take(self.visit.first_step())
    }

    /// Hears about consent; answers where it stands, if that changed.
    pub(crate) fn hear(&mut self, signal: Signal) -> Option<String> {
        let step = self.visit.hear(signal, page::now());
        self.take(step)
    }

    fn take(&mut self, step: Step) -> Option<String> {
        match step {
            Step::None => return None,
            Step::Tell => {}
            Step::Remember => self.remember(),
            Step::Forget => self.delete(),
        }
        Some(self.visit.consent().name().to_owned())
    }

    fn remember(&mut self) {
        let kept = browser_storage::read(&self.document);
        if let Some(text) = self.visit.remember(&kept, &self.href(), page::now()) {
            browser_storage::write(&self.document, &text, self.visit.settings().keep_days);
        }
    }

    /// Memory first, then the device; the tag takes back what it wrote into fields.
    pub(crate) fn forget(&mut self) {
        self.visit.forget();
        self.delete();
    }

    fn delete(&mut self) {
        self.forms.clear();
        browser_storage::delete(&self.document);
    }

    /// What a hidden field should hold, where that is something else than it holds now.
    pub(crate) fn value_for(
        &mut self,
        input: &Element,
        form: Option<Element>,
        value: &str,
        is_ours: bool,
        moment: Moment,
    ) -> Option<String> {
        let attribute = |name: &str| input.get_attribute(name).unwrap_or_default();
        let found = Field {
            // The selector of `Visit::fields` lets no other type in.
            input_type: "hidden",
            name: &attribute("name"),
            id: &attribute("id"),
            own_attribute: &attribute("data-throughline-field"),
            value,
            written: is_ours.then_some(value),
        }
        .recognise(self.visit.settings())?;
        let lead_id = if found.key.is_lead_id() {
            self.lead_id(form)
        } else {
            None
        };
        let due = self.visit.field_value(&found, lead_id.as_ref(), moment)?;
        Some(due)
    }

    /// The lead_id of a form, made when it is first asked for. Nothing is made before consent.
    fn lead_id(&mut self, form: Option<Element>) -> Option<LeadId> {
        self.visit.record()?;
        if let Some(known) = self.forms.iter().find(|known| known.form == form) {
            return Some(known.lead_id.clone());
        }
        let lead_id = LeadId::from_random(page::random_bytes()?);
        self.forms.push(FormLead {
            form,
            lead_id: lead_id.clone(),
            is_sent: false,
        });
        Some(lead_id)
    }

    /// A form is about to be sent. If it was sent before, this is another submission.
    pub(crate) fn submitting(&mut self, form: Option<&Element>) {
        self.forms
            .retain(|known| !known.is_sent || known.form.as_ref() != form);
    }

    /// The lead of a form that is being sent: when we filled it, or when the site marked it.
    pub(crate) fn submitted(&mut self, form: Element, is_filled: bool) -> Option<String> {
        let is_marked = form.has_attribute("data-throughline-lead");
        let is_reported = self.visit.settings().reports_leads && (is_filled || is_marked);
        if is_reported { self.lead(Some(form)) } else { None }
    }

    /// The lead as JSON, noted as sent.
    pub(crate) fn lead(&mut self, form: Option<Element>) -> Option<String> {
        let lead_id = self.lead_id(form.clone())?;
        let lead = self.visit.record()?.lead(Submission {
            site: self.visit.settings().site.clone(),
            lead_id,
            submitted_at: page::now(),
            page: PageAddress::of(&self.href()),
            form: form.as_ref().map(form_name).unwrap_or_default(),
            script: env!("CARGO_PKG_VERSION").to_owned(),
        });
        for known in self.forms.iter_mut().filter(|known| known.form == form) {
            known.is_sent = true;
        }
        Some(lead.to_json())
    }

    /// The page's address as it stands now.
    fn href(&self) -> String {
        self.document.url().unwrap_or_default()
    }
}

/// The form's attributes; its properties may be shadowed by inputs of the same name (DOM clobbering).
fn form_name(form: &Element) -> FormName {
    let attribute = |name: &str| form.get_attribute(name).unwrap_or_default();
    FormName::new(attribute("id"), attribute("name"), &attribute("action"))
}
