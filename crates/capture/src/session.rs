//! The one visit of this page and what happens around it: signals, new fields, submissions.
//!
//! The page's own code runs inside our events and may call us back, so the state is never borrowed while an
//! event is dispatched: first everything is decided, then it is done.

use std::cell::RefCell;

use attribution::consent::Signal;
use attribution::lead::{FormName, Submission};
use attribution::lead_id::LeadId;
use attribution::page_address::PageAddress;
use attribution::tag_settings::TagSettings;
use attribution::visit::{Moment, Step, Visit};
use js_sys::{JSON, Map, Promise};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlInputElement, MutationObserver, MutationObserverInit};

use crate::hidden_inputs::{self, Written};
use crate::send::{self, Answer};
use crate::{browser_storage, page};

thread_local! {
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

struct Session {
    visit: Visit,
    /// The folder of the collector, such as `https://www.example.com/throughline/`.
    collector: String,
    written: Written,
    /// The lead_id of each form that has one, until the form is sent again.
    lead_ids: Map,
    /// Forms whose lead_id was sent.
    sent_forms: Map,
    is_pass_due: bool,
}

/// Runs with the session, or not at all: before the start, or where the page called us from inside our own work.
fn with<R>(work: impl FnOnce(&mut Session) -> R) -> Option<R> {
    SESSION.with(|session| Some(work(session.try_borrow_mut().ok()?.as_mut()?)))
}

pub(crate) fn start(tag: &Element, folder: String, href: &str, referrer: &str, landed_at_ms: f64) {
    let settings = TagSettings::read(|name| tag.get_attribute(&["data-", name].concat()));
    let collector = tag
        .get_attribute("data-collector")
        .filter(|url| !url.is_empty())
        .unwrap_or(folder);
    let collector = if collector.ends_with('/') {
        collector
    } else {
        collector + "/"
    };
    let visit = Visit::begin(settings, href, referrer, page::moment(landed_at_ms));
    let first_step = visit.first_step();
    let session = Session {
        visit,
        collector,
        written: Written::new(),
        lead_ids: Map::new(),
        sent_forms: Map::new(),
        is_pass_due: false,
    };
    SESSION.with(|cell| cell.replace(Some(session)));
    page::listen("submit", submitting);
    page::listen("pageshow", |_| fill(None));
    watch_for_new_fields();
    take(first_step);
}

pub(crate) fn hear(signal: Signal) {
    if let Some(step) = with(|session| session.visit.hear(signal, page::now())) {
        take(step);
    }
}

fn take(step: Step) {
    match step {
        Step::None => return,
        Step::Tell => {}
        Step::Remember => remember(),
        Step::Forget => delete_everything(),
    }
    if let Some(consent) = with(|session| session.visit.consent().name()) {
        page::tell("change", &[("consent", consent)]);
    }
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

/// The order of a withdrawal: memory is already gone, then fields, then the device.
fn delete_everything() {
    let filled = with(|session| {
        session.lead_ids.clear();
        session.written.take_unchanged()
    });
    browser_storage::delete();
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

/// A form is being sent: the last chance to fill it, and the moment to report the lead.
fn submitting(event: Event) {
    let Some(form) = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
    else {
        return;
    };
    with(|session| session.renew_lead_id(&form));
    write_due(Some(&form), Moment::Submitting);
    if with(|session| session.is_to_report(&form)) == Some(true) {
        report(Some(&form), |_| {});
    }
}

/// Reports a lead whose form the page sends in a way of its own.
pub(crate) fn lead(form: Option<&Element>) -> Promise {
    let form = form.cloned();
    Promise::new(&mut |resolve, reject| {
        let on_answer = {
            let (resolve, reject) = (resolve.clone(), reject.clone());
            move |answer: Result<String, Answer>| {
                let _ = match answer {
                    Ok(lead_id) => resolve.call1(&JsValue::NULL, &lead_id.into()),
                    Err(answer) => reject.call1(&JsValue::NULL, &js_sys::Error::new(answer.name())),
                };
            }
        };
        if !report(form.as_ref(), on_answer) {
            let _ = reject.call1(&JsValue::NULL, &js_sys::Error::new("no consent"));
        }
    })
}

/// Sends the lead of a form; `false` where nothing may be sent.
fn report(form: Option<&Element>, hear: impl FnOnce(Result<String, Answer>) + Clone + 'static) -> bool {
    let Some((collector, lead_id, body)) = with(|session| session.lead(form)).flatten() else {
        return false;
    };
    send::send(&collector, &body, move |answer| {
        let code = if let Answer::Refused(code) = &answer {
            code.as_str()
        } else {
            ""
        };
        page::tell(
            "lead",
            &[("lead_id", &lead_id), ("state", answer.name()), ("code", code)],
        );
        hear(match answer {
            Answer::Stored | Answer::Repeated => Ok(lead_id),
            Answer::Refused(_) | Answer::Unreachable => Err(answer),
        });
    });
    true
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

pub(crate) fn explain() -> Vec<String> {
    with(|session| session.visit.explain()).unwrap_or_default()
}

impl Session {
    /// What has to be written where, noted as written.
    fn due_writes(&mut self, root: Option<&Element>, moment: Moment) -> Vec<(HtmlInputElement, String)> {
        self.is_pass_due = false;
        if self.visit.record().is_none() && moment == Moment::Passing {
            return Vec::new();
        }
        self.written.drop_removed();
        let mut due = Vec::new();
        for input in hidden_inputs::find(root, &self.visit.settings().forms) {
            let written = self.written.value(&input);
            let settings = self.visit.settings();
            let Some(found) = hidden_inputs::recognise(&input, written.as_deref(), settings) else {
                continue;
            };
            let lead_id = found
                .key
                .is_lead_id()
                .then(|| self.lead_id(form_of(&input).as_ref()))
                .flatten();
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
    fn lead_id(&self, form: Option<&Element>) -> Option<LeadId> {
        self.visit.record()?;
        let key = form.map_or(JsValue::NULL, JsValue::from);
        let made_before = self.lead_ids.get(&key).as_string();
        if let Some(lead_id) = made_before.and_then(|text| LeadId::parse(&text).ok()) {
            return Some(lead_id);
        }
        let lead_id = LeadId::from_random(page::random_bytes()?);
        self.lead_ids.set(&key, &lead_id.as_str().into());
        Some(lead_id)
    }

    /// A form that is sent a second time is a second submission and gets an id of its own.
    fn renew_lead_id(&self, form: &Element) {
        if self.sent_forms.delete(form) {
            self.lead_ids.delete(form);
        }
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

    /// Where to send the lead, its id, and its JSON.
    fn lead(&mut self, form: Option<&Element>) -> Option<(String, String, String)> {
        let lead_id = self.lead_id(form)?;
        let lead = self.visit.record()?.lead(Submission {
            site: self.visit.settings().site.clone(),
            lead_id: lead_id.clone(),
            submitted_at: page::now(),
            page: PageAddress::of(&page::href()),
            form: form.map(form_name).unwrap_or_default(),
            script: env!("CARGO_PKG_VERSION").to_owned(),
        });
        let value = lead.serialize(&Serializer::json_compatible()).ok()?;
        let body = JSON::stringify(&value).ok()?.into();
        self.sent_forms
            .set(&form.map_or(JsValue::NULL, JsValue::from), &JsValue::TRUE);
        Some((self.collector.clone(), lead_id.as_str().to_owned(), body))
    }
}

/// The form's attributes; its properties may be shadowed by inputs of the same name (DOM clobbering).
fn form_name(form: &Element) -> FormName {
    let attribute = |name: &str| form.get_attribute(name).unwrap_or_default();
    let action = attribute("action");
    let action = action.split(['?', '#']).next().unwrap_or_default().to_owned();
    FormName {
        id: attribute("id"),
        name: attribute("name"),
        action,
    }
}

fn form_of(input: &HtmlInputElement) -> Option<Element> {
    input.form().map(Into::into)
}

/// Fields may come late. One pass per frame is enough, however often the page changes. The observer stands on the
/// document, because some routers replace the body.
fn watch_for_new_fields() {
    // Both closures live as long as the page, so each is made once.
    let pass = Closure::<dyn FnMut()>::new(|| fill(None)).into_js_value();
    let changed = Closure::<dyn FnMut()>::new(move || {
        let is_first = with(|session| !std::mem::replace(&mut session.is_pass_due, true));
        if let (Some(true), Some(window)) = (is_first, page::window()) {
            let _ = window.request_animation_frame(pass.unchecked_ref());
        }
    });
    let observer = MutationObserver::new(changed.into_js_value().unchecked_ref());
    if let (Ok(observer), Some(document)) = (observer, page::document()) {
        let init = MutationObserverInit::new();
        init.set_child_list(true);
        init.set_subtree(true);
        let _ = observer.observe_with_options(&document, &init);
    }
}
