//! One page view: what it saw, where consent stands, and what follows for storage, fields and leads.
//!
//! The browser shell tells a [`Visit`] what happens and does what it answers; it decides nothing itself.

use crate::consent::{Consent, ConsentListener, Permitted, Signal, gate};
use crate::form_fields::Match;
use crate::lead_id::LeadId;
use crate::tag_settings::{Forms, TagSettings};
use crate::timestamp::Timestamp;
use crate::touch::Touch;
use crate::visit_record::VisitRecord;

/// What a browser sends along without showing it.
const HIDDEN_INPUTS: &str = "input[type=hidden i]:not([disabled])";

/// A page view from its first moment on.
#[derive(Debug)]
pub struct Visit {
    settings: TagSettings,
    landed_at: Timestamp,
    /// This page's own touch. Lives in memory only, until consent decides.
    touch: Option<Touch>,
    listener: ConsentListener,
    /// Present exactly while consent is granted.
    record: Option<Permitted<VisitRecord>>,
}

/// What the shell has to do after a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing changed.
    None,
    /// Consent was given: read what is kept on the device and call [`Visit::remember`].
    Remember,
    /// Consent still stands, some answers changed.
    Tell,
    /// Consent was refused or taken back: delete everything of ours at once, unread.
    Forget,
}

/// When a field is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// While the page lives.
    Passing,
    /// The form is being sent: the last chance.
    Submitting,
}

impl Visit {
    /// A page view that began at `landed_at` with this address and referrer.
    #[must_use]
    pub fn begin(settings: TagSettings, href: &str, referrer: &str, landed_at: Timestamp) -> Self {
        let touch = Touch::of_page(href, referrer, &settings.params, landed_at);
        let listener = ConsentListener::new(settings.consent, landed_at);
        Self {
            settings,
            landed_at,
            touch,
            listener,
            record: None,
        }
    }

    /// What to do first: a site that needs no consent remembers at once.
    #[must_use]
    pub fn first_step(&self) -> Step {
        if matches!(self.consent(), Consent::Granted(_)) {
            Step::Remember
        } else {
            Step::None
        }
    }

    /// Hears about consent.
    #[must_use]
    pub fn hear(&mut self, signal: Signal, now: Timestamp) -> Step {
        if !self.listener.hear(signal, now) {
            return Step::None;
        }
        let record = self.record.take();
        match (self.listener.state(), record) {
            (Consent::Granted(_), None) => Step::Remember,
            (Consent::Granted(_), Some(record)) => {
                self.record = record.renew(self.listener.state());
                Step::Tell
            }
            (Consent::Denied, _) => {
                self.touch = None;
                Step::Forget
            }
            (Consent::Pending, _) => Step::None,
        }
    }

    /// Joins what was kept on the device with what this page saw. `href` is the page's present address, read
    /// again because a refusal made us forget it. Answers the text to keep, if there is anything to keep.
    pub fn remember(&mut self, kept: &[String], href: &str, now: Timestamp) -> Option<String> {
        let newest = |record: &VisitRecord| record.last().map(|touch| touch.at);
        let mut record = VisitRecord::default();
        for copy in kept.iter().filter_map(|text| VisitRecord::decode(text)) {
            if newest(&copy) >= newest(&record) {
                record = copy;
            }
        }
        let touch = self.touch.take();
        let touch = touch.or_else(|| Touch::of_page(href, "", &self.settings.params, self.landed_at));
        if let Some(touch) = touch {
            record.add(touch);
        }
        record.expire(self.settings.keep_days, now);
        self.record = gate(record, self.consent());
        let record = self.record.as_ref()?;
        (!record.value().touches().is_empty()).then(|| record.encode())
    }

    /// Drops what is remembered, as the visitor or the site asked. Consent stays as it is.
    pub fn forget(&mut self) {
        self.touch = None;
        self.record = gate(VisitRecord::default(), self.consent());
    }

    /// The CSS selector of the inputs that may be written at this moment; `None` saves a look at the page.
    #[must_use]
    pub fn fields(&self, moment: Moment) -> Option<String> {
        if self.record.is_none() && moment == Moment::Passing {
            return None;
        }
        match &self.settings.forms {
            Forms::Auto => Some(HIDDEN_INPUTS.to_owned()),
            Forms::Off => None,
            Forms::Matching(selector) => Some([":is(", selector, ") ", HIDDEN_INPUTS].concat()),
        }
    }

    /// What a recognised field should hold now; `None` where it is to be left alone. Before consent a field is
    /// never filled, but a token that nobody replaced is blanked as the form leaves.
    #[must_use]
    pub fn field_value(&self, found: &Match, lead_id: Option<&LeadId>, moment: Moment) -> Option<String> {
        match &self.record {
            Some(record) => Some(record.field_value(&found.key, lead_id)),
            None => (found.holds_token && moment == Moment::Submitting).then(String::new),
        }
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

    /// Plain sentences for the site owner: what was seen, what was kept, and why a field is empty.
    #[must_use]
    pub fn explain(&self) -> Vec<String> {
        let Some(record) = self.record.as_ref().map(Permitted::value) else {
            let why = if *self.consent() == Consent::Denied {
                "The visitor refused"
            } else {
                "Nobody has answered about consent yet"
            };
            return vec![[why, ": nothing is kept, no field is filled, nothing is sent."].concat()];
        };
        let Some(last) = record.last() else {
            return vec![
                "The visitor came directly: there is no click id or campaign to fill in.".to_owned(),
            ];
        };
        let mut sentences = vec!["The visitor agreed. Kept of the newest visit:".to_owned()];
        for (name, value) in last.landing.pairs() {
            sentences.push([name, " = ", value].concat());
        }
        for (platform, click) in record.clicks() {
            if !std::ptr::eq(click, last) {
                let mut sentence = ["From an earlier visit by an ad of ", platform, ":"].concat();
                for id in click.landing.ids() {
                    sentence.push(' ');
                    sentence.push_str(id.parameter().name());
                }
                sentences.push(sentence);
            }
        }
        sentences
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::{Answer, Answers};
    use crate::form_fields::Field;

    const NOW: Timestamp = Timestamp::EPOCH;
    const LANDING: &str = "https://a.example/?gclid=1";

    fn site(answer: Answer) -> Signal {
        Signal::Site(Answers {
            ad_storage: Some(answer),
            ..Answers::default()
        })
    }

    fn visit(consent: &str, href: &str) -> Visit {
        let settings = TagSettings::read(|name| (name == "consent").then(|| consent.to_owned()));
        Visit::begin(settings, href, "", NOW)
    }

    fn value(visit: &Visit, name: &str, value: &str, moment: Moment) -> Option<String> {
        let field = Field {
            input_type: "hidden",
            name,
            value,
            ..Field::default()
        };
        visit.field_value(
            &field.recognise(visit.settings())?,
            Some(&LeadId::from_random([0; 10])),
            moment,
        )
    }

    #[test]
    fn before_consent_nothing_is_remembered_filled_or_kept() {
        let visit = visit("manual", LANDING);
        assert_eq!(visit.first_step(), Step::None);
        assert!(visit.record().is_none());
        assert_eq!(value(&visit, "gclid", "", Moment::Passing), None);
        assert_eq!(value(&visit, "gclid", "", Moment::Submitting), None);
        assert_eq!(value(&visit, "x", "[gclid]", Moment::Passing), None);
        assert_eq!(
            value(&visit, "x", "[gclid]", Moment::Submitting).as_deref(),
            Some("")
        );
    }

    #[test]
    fn only_fields_that_may_be_written_are_looked_for() {
        let table = [
            ("manual", "", Moment::Passing, None),
            ("manual", "", Moment::Submitting, Some(HIDDEN_INPUTS.to_owned())),
            (
                "not-required",
                "",
                Moment::Passing,
                Some(HIDDEN_INPUTS.to_owned()),
            ),
            ("not-required", "off", Moment::Submitting, None),
            (
                "not-required",
                "#a, .b",
                Moment::Passing,
                Some(format!(":is(#a, .b) {HIDDEN_INPUTS}")),
            ),
        ];
        for (consent, forms, moment, expected) in table {
            let settings = TagSettings::read(|name| match name {
                "consent" => Some(consent.to_owned()),
                "forms" => Some(forms.to_owned()),
                _ => None,
            });
            let mut visit = Visit::begin(settings, LANDING, "", NOW);
            let _ = visit.remember(&[], LANDING, NOW);
            assert_eq!(visit.fields(moment), expected, "{consent} {forms}");
        }
    }

    #[test]
    fn remember_without_consent_keeps_nothing() {
        let mut visit = visit("manual", LANDING);
        assert_eq!(
            visit.remember(&["1|0!!!gclid=forged".to_owned()], LANDING, NOW),
            None
        );
        assert!(visit.record().is_none());
    }

    #[test]
    fn a_grant_remembers_and_a_withdrawal_forgets_at_once() {
        let mut visit = visit("manual", LANDING);
        assert_eq!(visit.hear(site(Answer::Granted), NOW), Step::Remember);
        assert!(
            visit
                .remember(&[], LANDING, NOW)
                .is_some_and(|text| text.contains("gclid=1"))
        );
        assert_eq!(value(&visit, "gclid", "", Moment::Passing).as_deref(), Some("1"));
        assert_eq!(visit.hear(site(Answer::Granted), NOW), Step::None);
        assert_eq!(visit.hear(site(Answer::Denied), NOW), Step::Forget);
        assert!(visit.record().is_none());
        assert_eq!(value(&visit, "gclid", "", Moment::Submitting), None);
    }

    #[test]
    fn a_grant_after_a_refusal_reads_the_address_again() {
        let mut visit = visit("manual", LANDING);
        assert_eq!(visit.hear(site(Answer::Denied), NOW), Step::Forget);
        assert_eq!(visit.hear(site(Answer::Granted), NOW), Step::Remember);
        assert!(visit.remember(&[], LANDING, NOW).is_some());
        assert_eq!(value(&visit, "gclid", "", Moment::Passing).as_deref(), Some("1"));
    }

    #[test]
    fn a_refusal_empties_the_memory_too() {
        let mut visit = visit("manual", LANDING);
        assert_eq!(visit.hear(site(Answer::Denied), NOW), Step::Forget);
        assert_eq!(visit.hear(site(Answer::Granted), NOW), Step::Remember);
        assert_eq!(visit.remember(&[], "https://a.example/next", NOW), None);
        assert_eq!(value(&visit, "gclid", "", Moment::Passing).as_deref(), Some(""));
    }

    #[test]
    fn the_copy_with_the_newer_touch_repairs_the_other() {
        let mut visit = visit("not-required", "https://a.example/");
        assert_eq!(visit.first_step(), Step::Remember);
        let kept = [
            "1|0!!!gclid=old",
            "garbage",
            "1|5!!!gclid=new",
            "1|3!!!gclid=middle",
        ]
        .map(str::to_owned);
        assert_eq!(
            visit
                .remember(&kept, "https://a.example/", NOW.plus_ms(9))
                .as_deref(),
            Some("1|5!!!gclid=new")
        );
    }

    #[test]
    fn a_direct_visit_is_a_lead_without_touches_and_keeps_nothing() {
        let mut visit = visit("not-required", "https://a.example/");
        assert_eq!(visit.remember(&[], "https://a.example/", NOW), None);
        assert!(visit.record().is_some());
        assert_eq!(
            value(&visit, "lead_id", "", Moment::Passing).as_deref(),
            Some("00000000000000000")
        );
        assert_eq!(
            value(&visit, "x", "[gclid]", Moment::Passing).as_deref(),
            Some("")
        );
    }

    #[test]
    fn forgetting_leaves_consent_and_nothing_else() {
        let mut visit = visit("not-required", LANDING);
        assert!(visit.remember(&[], LANDING, NOW).is_some());
        visit.forget();
        assert_eq!(visit.consent().name(), "granted");
        assert_eq!(value(&visit, "gclid", "", Moment::Passing).as_deref(), Some(""));
    }
}
