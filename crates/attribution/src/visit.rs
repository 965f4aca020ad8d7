//! One page view: what it saw, where consent stands, and what follows for storage, fields and leads.
//!
//! The browser shell tells a [`Visit`] what happens and does what it answers; it decides nothing itself.

use std::sync::Arc;

use crate::campaign::UTM_NAMES;
use crate::click_id::ClickIdParameter;
use crate::consent::{Answer, Consent, ConsentListener, Permitted, Statement, gate};
use crate::digits::push_number;
use crate::form_fields::{FieldValue, Match, Moment};
use crate::pieces::pieces;
use crate::tag_settings::{Forms, TagSettings};
use crate::timestamp::{DAY_MS, Timestamp};
use crate::touch::Touch;
use crate::visit_record::VisitRecord;

/// What a page may hide and a browser sends along. Whether it is hidden, a stylesheet may decide.
const FIELDS: &str = ":is(input[type=hidden i],input[type=text i],input:not([type]),textarea):not(:disabled)";

/// A page view from its first moment on.
#[derive(Debug)]
pub struct Visit {
    settings: TagSettings,
    landed_at: Timestamp,
    /// The touches that this page made. They live in memory only, until consent decides.
    seen: VisitRecord,
    /// Addresses of this site that the visitor saw before this page, newest first, one a line.
    earlier: String,
    listener: ConsentListener,
    /// Present exactly while consent is granted.
    record: Option<Permitted<VisitRecord>>,
    /// The channels of the record's first and newest touch, and its `fbc`, each a line, once a field has asked for one.
    rare_values: Option<String>,
}

/// What the shell has to do after something was said or seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing changed.
    None,
    /// Consent stands: read what is kept on the device and call [`Visit::remember`].
    Remember,
    /// Consent still stands, some answers changed.
    Tell,
    /// Consent is lost, and nobody refused: stop filling, take back what was filled, leave the device alone.
    Pause,
    /// Consent was refused or taken back: delete everything of ours at once, unread.
    Forget,
}

impl Step {
    /// The step by the name that the page script knows; none for [`Step::None`].
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Remember => Some("remember"),
            Self::Tell => Some("tell"),
            Self::Pause => Some("pause"),
            Self::Forget => Some("forget"),
        }
    }
}

impl Visit {
    /// A page view that began at `landed_at`. `addresses` are where the page is and where it was loaded from, `earlier`
    /// the addresses of this site that led here, newest first; each one a line.
    #[must_use]
    pub fn begin(
        settings: TagSettings,
        addresses: &str,
        earlier: &str,
        referrer: &str,
        landed_at: Timestamp,
    ) -> Self {
        let listener = ConsentListener::new(settings.consent.clone(), landed_at);
        let mut visit = Self {
            settings,
            landed_at,
            seen: VisitRecord::default(),
            earlier: earlier.to_owned(),
            listener,
            record: None,
            rare_values: None,
        };
        if let Some(touch) = visit.landing_of(addresses, referrer) {
            visit.seen.add_shared(touch);
        }
        visit
    }

    /// The touch of the first address that names a click or a campaign, else of the page itself.
    fn landing_of(&self, addresses: &str, referrer: &str) -> Option<Arc<Touch>> {
        let mut plain = None;
        for href in pieces(addresses, b'\n') {
            if let Some(touch) = Touch::of_page(href, referrer, &self.settings.params, self.landed_at) {
                let touch = Arc::new(touch);
                if !touch.landing.is_empty() {
                    return Some(touch);
                }
                plain.get_or_insert(touch);
            }
        }
        plain
    }

    /// What to do first: a site that needs no consent remembers at once.
    #[must_use]
    pub fn first_step(&self) -> Step {
        match (self.consent(), &self.record) {
            (Consent::Granted(_), None) => Step::Remember,
            _ => Step::None,
        }
    }

    /// Hears about consent.
    #[must_use]
    pub fn hear(&mut self, statement: Statement, now: Timestamp) -> Step {
        if !self.listener.hear(statement, now) {
            return Step::None;
        }
        let record = self.record.take();
        match (self.listener.state(), record) {
            (Consent::Granted(_), None) => Step::Remember,
            (Consent::Granted(_), Some(record)) => {
                self.record = record.renew(self.listener.state());
                Step::Tell
            }
            (Consent::Denied(_), _) => {
                self.drop_memory();
                Step::Forget
            }
            (Consent::Pending, None) => Step::Tell,
            (Consent::Pending, Some(_)) => Step::Pause,
        }
    }

    /// Takes in that the page's address has changed without a new page, as routers do it.
    #[must_use]
    pub fn moved(&mut self, href: &str, at: Timestamp) -> Step {
        if matches!(self.consent(), Consent::Denied(_)) {
            return Step::None;
        }
        // Where the visitor came from was told by the page's first address.
        let Some(touch) = Touch::of_page(href, "", &self.settings.params, at) else {
            return Step::None;
        };
        self.seen.add(touch);
        match self.record {
            Some(_) => Step::Remember,
            None => Step::None,
        }
    }

    /// Compares what the device keeps now, each copy a line, with what it has kept for us before. Another tab, or a page that was shown in between, may have
    /// withdrawn or may have seen a new click. Where our text is gone, whatever the page's consent tool said is stale:
    /// it has to say it again.
    #[must_use]
    pub fn reread(&mut self, kept: &str, now: Timestamp) -> Step {
        let Some(record) = &self.record else {
            return Step::None;
        };
        if kept.is_empty() {
            self.listener.start_again(now);
            self.record = gate(VisitRecord::default(), self.listener.state());
            return Step::Pause;
        }
        let text = record.encode();
        if pieces(kept, b'\n').all(|copy| copy == text) {
            Step::None
        } else {
            Step::Remember
        }
    }

    /// Joins what was kept on the device, each copy a line, with what this page saw. `addresses` are read again because a
    /// refusal made us forget them. Answers what is to be kept, if anything is: for how many seconds, for how many days
    /// the site keeps a visit, and the text, with blanks between.
    pub fn remember(&mut self, kept: &str, addresses: &str, now: Timestamp) -> Option<String> {
        let newest = |record: &VisitRecord| record.last().map_or(Timestamp::EPOCH, |touch| touch.at);
        // What the device gives may be nothing, or an older cookie that a late answer of the collector has brought.
        let mut record = match &self.record {
            Some(known) => known.value().clone(),
            None => VisitRecord::default(),
        };
        for copy in pieces(kept, b'\n').filter_map(VisitRecord::decode) {
            if newest(&copy) >= newest(&record) {
                record = copy;
            }
        }
        let mut seen = std::mem::take(&mut self.seen);
        if self.record.is_none() {
            if seen.touches().is_empty()
                && let Some(touch) = self.landing_of(addresses, "")
            {
                seen.add_shared(touch);
            }
            if seen.touches().iter().all(|touch| touch.landing.is_empty()) {
                self.add_earlier(&mut record);
            }
        }
        for touch in seen.touches() {
            record.add_shared(Arc::clone(touch));
        }
        record.expire(self.settings.keep_days, now);
        self.rare_values = None;
        self.record = gate(record, self.listener.state());
        let record = self.record.as_ref()?;
        let age_ms = now.ms_since(record.value().last()?.at);
        let left_ms = i64::from(self.settings.keep_days) * DAY_MS - age_ms;
        let mut answer = String::new();
        push_number(&mut answer, left_ms.max(0).unsigned_abs() / 1_000, 10, 1);
        answer.push(' ');
        push_number(&mut answer, u64::from(self.settings.keep_days), 10, 1);
        answer.push(' ');
        answer.push_str(&record.encode());
        Some(answer)
    }

    /// The landing that the visitor made on an earlier page of this site, before consent was given on this one. A
    /// campaign without a click may have been followed by a visit that the record knows, so it only begins a record.
    fn add_earlier(&mut self, record: &mut VisitRecord) {
        let earlier = std::mem::take(&mut self.earlier);
        let landing = self.landing_of(&earlier, "");
        let tells = |touch: &Arc<Touch>| {
            !touch.landing.ids().is_empty() || (!touch.landing.is_empty() && record.touches().is_empty())
        };
        if let Some(touch) = landing.filter(tells) {
            record.add_shared(touch);
        }
    }

    /// Takes the touches of another record of the same visitor, as the text of one: what a platform's cookie told, or
    /// what a site of the same owner handed over. Without consent it is not even read.
    #[must_use]
    pub fn join(&mut self, text: &str) -> Step {
        match (&self.record, VisitRecord::decode(text)) {
            // What this page saw is in the record already.
            (Some(_), Some(other)) => {
                self.seen = other;
                Step::Remember
            }
            _ => Step::None,
        }
    }

    /// Where this page view stands, for the page script and for the parts of the script that load when they are needed:
    /// `<consent>\x01<source>\x01<why>\x01<record>`. `<why>` is the basis of a grant, or `opt_out`; the record is whole,
    /// however long. Behind a grant follow what the page script makes `throughline.get()` and a lead of: when it was
    /// first seen, in milliseconds, the answers to the two other questions, the places of the newest visit and of each
    /// platform's newest click in the list of touches, and the names of click ids and of `utm_` values.
    #[must_use]
    pub fn state(&self) -> String {
        let mut text = String::from(self.consent().name());
        let mut put = |part: &str| {
            text.push('\x01');
            text.push_str(part);
        };
        match self.consent() {
            Consent::Pending => {}
            Consent::Denied(denial) => {
                put(&denial.source);
                put(if denial.is_opt_out { "opt_out" } else { "" });
            }
            Consent::Granted(snapshot) => {
                put(&snapshot.source);
                put(&snapshot.basis);
                if let Some(record) = &self.record {
                    put(&record.encode_within(usize::MAX));
                    let name = |answer: Option<Answer>| answer.map_or("", Answer::name);
                    put(name(snapshot.answers.ad_user_data));
                    put(name(snapshot.answers.ad_personalization));
                    let mut places = String::new();
                    push_number(&mut places, snapshot.observed_at.ms().unsigned_abs(), 10, 1);
                    record.value().push_places(&mut places);
                    put(&places);
                    put(ClickIdParameter::NAMES);
                    put(UTM_NAMES);
                }
            }
        }
        text
    }

    /// Drops what is remembered, as the visitor or the site asked. Consent stays as it is.
    pub fn forget(&mut self) {
        self.drop_memory();
        self.record = gate(VisitRecord::default(), self.listener.state());
    }

    fn drop_memory(&mut self) {
        self.seen = VisitRecord::default();
        self.earlier.clear();
    }

    /// The CSS selector of the inputs that may be written at this moment; `None` saves a look at the page.
    #[must_use]
    pub fn fields(&self, moment: Moment) -> Option<String> {
        if self.record.is_none() && moment == Moment::Passing {
            return None;
        }
        match &self.settings.forms {
            Forms::Auto => Some(FIELDS.to_owned()),
            Forms::Off => None,
            Forms::Matching(selector) => {
                let mut fields = String::from(":is(");
                for part in [selector, ") ", FIELDS] {
                    fields.push_str(part);
                }
                Some(fields)
            }
        }
    }

    /// What a recognised field should hold now; `None` where it is to be left alone. Before consent a field is never
    /// filled, but a token that nobody replaced is blanked as the form leaves, and what the browser put back at once.
    #[must_use]
    pub fn field_value(&self, found: &Match<'_>, lead_id: &str, moment: Moment) -> Option<FieldValue> {
        if let (Some(present), Some(record)) = (found.occupied_by, &self.record) {
            // What another page of this visitor was given, the browser may have put back.
            let mut touches = record.value().touches().iter();
            if !touches.any(|touch| found.key.text_in(touch) == present) {
                return None;
            }
        }
        let is_blanked = match moment {
            Moment::Passing => false,
            Moment::Submitting => found.holds_token,
            Moment::Restored => !found.holds_token,
        };
        let is_blanked = is_blanked && found.occupied_by.is_none();
        match (&self.record, &self.rare_values) {
            (Some(_), Some(told)) if found.key.is_rare() => Some(found.key.rare_value_in(told)),
            (Some(record), _) if !found.key.is_rare() => Some(record.field_value(found.key, lead_id)),
            _ => is_blanked.then(|| FieldValue::Text(String::new())),
        }
    }

    /// Whether the record's channels and its `fbc` are not told yet.
    #[must_use]
    pub fn lacks_rare_values(&self) -> bool {
        self.record.is_some() && self.rare_values.is_none()
    }

    /// Takes in the channels of the first and of the newest touch and `fbc`, each a line, until the record changes.
    pub fn know_rare_values(&mut self, told: &str) {
        self.rare_values = Some(told.to_owned());
    }

    /// Whether a form that is being sent is reported as a lead: when we filled it, or when the site marked it.
    #[must_use]
    pub fn reports_lead(&self, is_filled: bool, is_marked: bool) -> bool {
        self.settings.reports_leads && (is_filled || is_marked)
    }

    /// The settings of the tag.
    #[must_use]
    pub fn settings(&self) -> &TagSettings {
        &self.settings
    }

    /// Where consent stands.
    #[must_use]
    pub fn consent(&self) -> &Consent {
        self.listener.state()
    }

    /// The visitor's record, while consent is granted.
    #[must_use]
    pub fn record(&self) -> Option<&Permitted<VisitRecord>> {
        self.record.as_ref()
    }
}

#[cfg(test)]
mod tests;
