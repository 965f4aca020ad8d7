//! The one visit of this page and what happens around it: signals, new fields, submissions.
//!
//! The page's own code runs inside the events that a written field fires, and may call us back, so the state is
//! never borrowed while a field is written: first everything is decided, then it is done.

use std::cell::RefCell;
use std::mem::ManuallyDrop;

use attribution::consent::Signal;
use attribution::lead::{FormName, Submission};
use attribution::lead_id::LeadId;
use attribution::page_address::PageAddress;
use attribution::tag_settings::TagSettings;
use attribution::visit::{Moment, Step, Visit};
use js_sys::JSON;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlInputElement};

use crate::hidden_inputs::{self, Written};
use crate::{browser_storage, page};

thread_local! {
    // Lives as long as the page; without a destructor the thread-local costs no bookkeeping.
    static SESSION: RefCell<ManuallyDrop<Option<Session>>> = const { RefCell::new(ManuallyDrop::new(None)) };
}

struct Session {
    visit: Visit,
    written: Written,
    forms: Vec<FormLead>,
}

/// The lead_id of a form. A form that is sent again is another submission, with another id.
struct FormLead {
    /// `None` stands for the fields outside of every form.
    form: Option<Element>,
    lead_id: LeadId,
    is_sent: bool,
}

/// Runs with the session, or not at all: before the start, or where the page called us from inside our own work.
fn with<R>(work: impl FnOnce(&mut Session) -> R) -> Option<R> {
    SESSION.with(|session| Some(work(session.try_borrow_mut().ok()?.as_mut()?)))
}

pub(crate) fn start(tag: &Element, href: &str, referrer: &str, landed_at_ms: f64) -> Option<String> {
    let settings = TagSettings::read(|name| tag.get_attribute(&["data-", name].concat()));
    let visit = Visit::begin(settings, href, referrer, page::moment(landed_at_ms));
    let first_step = visit.first_step();
    let session = Session {
        visit,
        written: Written::new(),
        forms: Vec::new(),
    };
    SESSION.with(|cell| {
        cell.try_borrow_mut()
            .ok()
            .map(|mut empty| **empty = Some(session))
    })?;
    take(first_step)
}

pub(crate) fn hear(signal: Signal) -> Option<String> {
    take(with(|session| session.visit.hear(signal, page::now()))?)
}

fn take(step: Step) -> Option<String> {
    match step {
        Step::None => return None,
        Step::Tell => {}
        Step::Remember => remember(),
        Step::Forget => delete_everything(),
    }
    with(|session| session.visit.consent().name().to_owned())
}

fn remember() {
    let kept = browser_storage::read();
    with(|session| {
        let keep_days = session.visit.settings().keep_days;
        if let Some(text) = session.visit.remember(&kept, &page::href(), page::now()) {
            browser_storage::write(&text, keep_days);
        }
    });
    fill(None);
}

pub(crate) fn forget() {
    with(|session| session.visit.forget());
    delete_everything();
}

/// The order of a withdrawal: memory is already gone, then the device, then the fields.
fn delete_everything() {
    browser_storage::delete();
    let filled = with(|session| {
        session.forms.clear();
        session.written.take_unchanged()
    });
    for input in filled.unwrap_or_default() {
        hidden_inputs::write(&input, "");
    }
}

pub(crate) fn fill(root: Option<&Element>) {
    write_due(root, Moment::Passing);
}

fn write_due(root: Option<&Element>, moment: Moment) {
    let due = with(|session| session.due_writes(root, moment)).unwrap_or_default();
    for (input, value) in due {
        hidden_inputs::write(&input, &value);
    }
}

pub(crate) fn submitting(form: &Element) -> Option<String> {
    with(|session| {
        session
            .forms
            .retain(|known| !known.is_sent || known.form.as_ref() != Some(form))
    });
    write_due(Some(form), Moment::Submitting);
    with(|session| {
        if session.is_to_report(form) {
            session.lead(Some(form))
        } else {
            None
        }
    })?
}

pub(crate) fn lead(form: Option<&Element>) -> Option<String> {
    with(|session| session.lead(form))?
}

pub(crate) fn views() -> JsValue {
    let views = with(|session| {
        session
            .visit
            .record()?
            .serialize(&Serializer::json_compatible())
            .ok()
    });
    views.flatten().unwrap_or(JsValue::NULL)
}

pub(crate) fn explain() -> String {
    with(|session| session.visit.explain().join("\n")).unwrap_or_default()
}

impl Session {
    /// What has to be written where, noted as written.
    fn due_writes(&mut self, root: Option<&Element>, moment: Moment) -> Vec<(HtmlInputElement, String)> {
        let mut due = Vec::new();
        if !self.visit.may_write(moment) {
            return due;
        }
        self.written.drop_removed();
        self.forms
            .retain(|known| known.form.as_ref().is_none_or(|form| form.is_connected()));
        for input in hidden_inputs::find(root, &self.visit.settings().forms) {
            let written = self.written.value(&input);
            let settings = self.visit.settings();
            let Some(found) = hidden_inputs::recognise(&input, written, settings) else {
                continue;
            };
            let lead_id = if found.key.is_lead_id() {
                self.lead_id(form_of(&input))
            } else {
                None
            };
            let Some(value) = self.visit.field_value(&found, lead_id.as_ref(), moment) else {
                continue;
            };
            if input.value() != value {
                self.written.note(&input, &value);
                due.push((input, value));
            }
        }
        due
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

    /// A form is reported when we filled it, or when the site marked it.
    fn is_to_report(&self, form: &Element) -> bool {
        let settings = self.visit.settings();
        let is_filled =
            |input: &HtmlInputElement| self.written.value(input).is_some_and(|value| !value.is_empty());
        settings.reports_leads
            && (form.has_attribute("data-throughline-lead")
                || hidden_inputs::find(Some(form), &settings.forms)
                    .iter()
                    .any(is_filled))
    }

    /// The lead as JSON, noted as sent.
    fn lead(&mut self, form: Option<&Element>) -> Option<String> {
        let lead_id = self.lead_id(form.cloned())?;
        let lead = self.visit.record()?.lead(Submission {
            site: self.visit.settings().site.clone(),
            lead_id,
            submitted_at: page::now(),
            page: PageAddress::of(&page::href()),
            form: form.map(form_name).unwrap_or_default(),
            script: env!("CARGO_PKG_VERSION").to_owned(),
        });
        let value = lead.serialize(&Serializer::json_compatible()).ok()?;
        for known in self.forms.iter_mut().filter(|known| known.form.as_ref() == form) {
            known.is_sent = true;
        }
        JSON::stringify(&value).ok()?.as_string()
    }
}

/// The form's attributes; its properties may be shadowed by inputs of the same name (DOM clobbering).
fn form_name(form: &Element) -> FormName {
    let attribute = |name: &str| form.get_attribute(name).unwrap_or_default();
    let mut action = attribute("action");
    action.truncate(action.find(['?', '#']).unwrap_or(action.len()));
    FormName {
        id: attribute("id"),
        name: attribute("name"),
        action,
    }
}

fn form_of(input: &HtmlInputElement) -> Option<Element> {
    input.form().map(Into::into)
}
