//! What `throughline.explain()` says to the site owner: plain sentences about what was seen, what is kept and where,
//! and why a field is empty. Nothing is decided here: the sentences tell what the page view says of itself.

use crate::click_id::ClickIdParameter;
use crate::consent::{Consent, ConsentMode, ConsentSnapshot, Denial};
use crate::digits::push_number;
use crate::form_fields::{Field, FieldValue, Moment};
use crate::landing::Landing;
use crate::page_state::PageState;
use crate::personal_data::{EMAIL_REMOVED, PHONE_REMOVED};
use crate::pieces::{cut, pieces};
use crate::tag_settings::TagSettings;
use crate::touch::Touch;
use crate::urlencoded;
use crate::visit_record::VisitRecord;

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What the page view says of itself.
    pub state: &'a PageState,
    /// What the site owner wrote on the tag.
    pub settings: &'a TagSettings,
    /// Where the page is and where it was loaded from, each a line.
    pub addresses: &'a str,
    /// The consent tools that were found on the page, with commas between.
    pub tools: &'a str,
    /// The cookie, as it is kept now.
    pub cookie: &'a Place,
    /// The entry in localStorage, as it is kept now.
    pub local_storage: &'a Place,
    /// The hidden inputs of the page: name, id and own attribute joined by NUL, and the value.
    pub inputs: &'a [(String, String)],
    /// How many leads wait in localStorage until the collector has answered.
    pub leads_waiting: usize,
    /// What became of a visit that a link handed over.
    pub handed_over: Option<&'a str>,
}

/// A place on the device where a record may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The browser lets nobody look.
    Blocked,
    /// The texts that stand there under our name, perhaps none.
    Holds(Vec<String>),
}

impl Place {
    fn holds(&self, text: &str) -> bool {
        matches!(self, Self::Holds(texts) if texts.iter().any(|kept| kept == text))
    }

    fn holds_foreign_text(&self) -> bool {
        matches!(self, Self::Holds(texts) if texts.iter().any(|kept| !kept.is_empty() && VisitRecord::decode(kept).is_none()))
    }
}

/// The sentences, the most important one first.
#[must_use]
pub fn explain(facts: &Facts<'_>) -> Vec<String> {
    let mut sentences = vec![who_decided(facts)];
    if facts.state.record().is_none() {
        sentences.push("Nothing is kept, no field is filled, nothing is sent.".to_owned());
    }
    sentences.extend(address(facts));
    sentences.extend(device(facts));
    sentences.extend(kept(facts));
    sentences.extend(empty_fields(facts));
    sentences.extend(leads(facts.leads_waiting));
    sentences.extend(facts.handed_over.map(str::to_owned));
    sentences
}

fn leads(waiting: usize) -> Option<String> {
    let mut sentence = match waiting {
        0 => return None,
        1 => String::from("1 lead waits"),
        _ => {
            let mut count = String::new();
            push_number(&mut count, waiting as u64, 10, 1);
            count.push_str(" leads wait");
            count
        }
    };
    sentence.push_str(" in this browser until the collector has answered.");
    Some(sentence)
}

fn who_decided(facts: &Facts<'_>) -> String {
    match facts.state.consent() {
        Consent::Granted(snapshot) => granted(snapshot),
        Consent::Denied(denial) => denied(denial),
        Consent::Pending => undecided(facts),
    }
}

fn granted(snapshot: &ConsentSnapshot) -> String {
    let source = snapshot.source.as_str();
    match snapshot.basis.as_str() {
        "not_required" if source == "not_required" => {
            "Consent is not required here, says the tag: data-consent=\"not-required\".".to_owned()
        }
        "not_required" => ["Consent is not required here, says ", source, "."].concat(),
        "implied" => [
            "Consent is granted without a choice of the visitor, says ",
            source,
            ".",
        ]
        .concat(),
        "policy_default" => ["Consent is granted until the visitor chooses, says ", source, "."].concat(),
        _ => ["The visitor gave consent, says ", source, "."].concat(),
    }
}

fn denied(denial: &Denial) -> String {
    match (denial.source.as_str(), denial.is_opt_out) {
        ("gpc", _) => {
            "The visitor opts out by Global Privacy Control, which outweighs every consent.".to_owned()
        }
        (source, true) => [
            "The visitor opts out, which outweighs every consent, says ",
            source,
            ".",
        ]
        .concat(),
        (source, false) => ["The visitor refused consent or took it back, says ", source, "."].concat(),
    }
}

fn undecided(facts: &Facts<'_>) -> String {
    let policy = &facts.settings.consent;
    let whom = match (policy.pinned_source.as_str(), policy.mode, facts.tools) {
        (_, ConsentMode::Manual, _) => {
            "the site itself has to tell it, by throughline.consent({ ad_storage: \"granted\" })".to_owned()
        }
        ("", _, "") => "no consent tool has been found on this page".to_owned(),
        ("", _, tools) => ["found on this page: ", tools].concat(),
        (pinned, ..) => ["data-consent-source lets only ", pinned, " give it"].concat(),
    };
    ["Nobody has answered about consent yet; ", &whom, "."].concat()
}

/// What the address says that is not kept, and before consent what would be.
fn address(facts: &Facts<'_>) -> Vec<String> {
    let mut sentences = Vec::new();
    let params = facts.settings.params.as_slice();
    let mut refused: Vec<&str> = Vec::new();
    let mut named: Vec<String> = Vec::new();
    for href in pieces(facts.addresses, b'\n') {
        let landing = Landing::from_href(href, params);
        for (name, _) in landing.pairs() {
            if !named.iter().any(|known| known == name) {
                named.push(name.to_owned());
            }
        }
        for parameter in not_taken(href, &landing) {
            if !refused.contains(&parameter) {
                refused.push(parameter);
            }
        }
    }
    if matches!(facts.state.consent(), Consent::Pending) {
        sentences.push(if named.is_empty() {
            "The page's address names no click and no campaign.".to_owned()
        } else {
            [
                "The page's address names ",
                &named.join(", "),
                ", known in memory only, until somebody answers.",
            ]
            .concat()
        });
    }
    for parameter in refused {
        sentences.push(
            [
                parameter,
                " in the page's address is not taken: what stands there is no click id, but nothing, a placeholder that \
                 the ad platform did not replace, or a damaged text.",
            ]
            .concat(),
        );
    }
    sentences
}

/// The click ids that an address names and that a landing does not take.
fn not_taken(href: &str, landing: &Landing) -> Vec<&'static str> {
    let mut names = Vec::new();
    let (before_hash, hash) = cut(href, b'#');
    for part in [before_hash, hash.unwrap_or_default()] {
        let query = cut(part, b'?').1.unwrap_or_default();
        for (name, _) in urlencoded::parse(query) {
            let known = ClickIdParameter::named(&name).filter(|known| !known.is_companion());
            names.extend(
                known
                    .map(ClickIdParameter::name)
                    .filter(|name| landing.value(name).is_none()),
            );
        }
    }
    names
}

fn device(facts: &Facts<'_>) -> Vec<String> {
    let mut sentences = Vec::new();
    for (place, name) in [(facts.cookie, "cookie"), (facts.local_storage, "localStorage")] {
        if place.holds_foreign_text() {
            let start = ["What stands in the ", name, " of the name throughline "].concat();
            sentences.push(
                [
                    &start,
                    "was not written by this script, or was damaged. It is not read.",
                ]
                .concat(),
            );
        }
    }
    let Some(record) = facts
        .state
        .record()
        .filter(|record| record.value().last().is_some())
    else {
        return sentences;
    };
    let text = record.encode();
    sentences.push(
        match (facts.cookie.holds(&text), facts.local_storage.holds(&text)) {
            (true, true) => "The visit is kept in the cookie throughline and in localStorage.",
            (true, false) => {
                "The visit is kept in the cookie throughline; the browser lets nothing stand in localStorage."
            }
            (false, true) => "The visit is kept in localStorage; the browser takes no cookie.",
            (false, false) => {
                "The visit is known in memory only, on this page: the browser keeps nothing for this site."
            }
        }
        .to_owned(),
    );
    sentences
}

fn kept(facts: &Facts<'_>) -> Vec<String> {
    let mut sentences = Vec::new();
    let Some(record) = facts.state.record() else {
        return sentences;
    };
    let record = record.value();
    let Some(last) = record.last() else {
        return vec![
            "The visitor came directly: there is no click id, no campaign and no referrer to keep."
                .to_owned(),
        ];
    };
    sentences.push([told_by("The newest visit", last), values(last)].concat());
    for (name, value) in last.landing.pairs() {
        let what = match value {
            EMAIL_REMOVED => "an e-mail address",
            PHONE_REMOVED => "a phone number",
            _ => continue,
        };
        sentences.push([name, " held ", what, ", which is never kept."].concat());
    }
    for (platform, click) in record.clicks() {
        if !std::ptr::eq(click, last) {
            let start = ["The newest click at ", platform].concat();
            sentences.push([told_by(&start, click), values(click)].concat());
        }
    }
    sentences
}

fn told_by(what: &str, touch: &Touch) -> String {
    match &touch.cookie {
        Some(cookie) => [what, ", told by the platform's own cookie ", cookie].concat(),
        None => [what, ", of ", &touch.at.to_rfc3339()].concat(),
    }
}

fn values(touch: &Touch) -> String {
    let mut text = String::new();
    let mut before = ": ";
    for (name, value) in touch.landing.pairs() {
        text.push_str(&[before, name, " = ", value].concat());
        before = ", ";
    }
    if let (true, Some(referrer)) = (text.is_empty(), &touch.referrer) {
        text.push_str(&[": no click and no campaign, from ", referrer.as_str()].concat());
    }
    text.push('.');
    text
}

/// Fields of ours that hold nothing although consent stands, each once.
fn empty_fields(facts: &Facts<'_>) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    let Some(record) = facts.state.record() else {
        return sentences;
    };
    for (hints, value) in facts.inputs {
        let field = Field::of_hints(hints, value, Moment::Passing);
        let Some(found) = field.recognise(facts.settings) else {
            continue;
        };
        // A form that stands gets a lead_id whatever is kept.
        if found.occupied_by.is_some()
            || record.field_value(found.key, "any") != FieldValue::Text(String::new())
        {
            continue;
        }
        let mut names = [field.name, field.id, field.own_attribute].into_iter();
        let name = names.find(|name| !name.is_empty()).unwrap_or_default();
        let sentence = [
            "The field ",
            name,
            " is empty: no visit that is kept says what belongs there.",
        ]
        .concat();
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    sentences
}

#[cfg(test)]
mod tests;
