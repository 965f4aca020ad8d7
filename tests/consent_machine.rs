//! The states of consent as one page view walks through them: from which state, on which event, to which state, and
//! what the page and the device have to do then. And laws about any page's sources, in any order.

#![allow(clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

use attribution::consent::{Answer, Consent, ConsentListener, ConsentPolicy, Statement};
use attribution::tag_settings::TagSettings;
use attribution::timestamp::Timestamp;
use attribution::visit::{Step, Visit};
use proptest::prelude::*;

const LANDING: &str = "https://a.example/lp?gclid=1";
const NOW: Timestamp = Timestamp::EPOCH;

/// The page, and the device with one cookie of ours on it or none.
struct Page {
    visit: Visit,
    device: String,
}

impl Page {
    /// A page whose tag has these attributes: `consent=manual region=US`.
    fn open(attributes: &str, address: &str, device: &str) -> Self {
        let settings = TagSettings::read(|name| {
            let mut pairs = attributes.split(' ').filter_map(|pair| pair.split_once('='));
            pairs.find(|(other, _)| *other == name).map(|(_, value)| value)
        });
        let mut page = Self {
            visit: Visit::begin(settings, address, "", "", NOW),
            device: device.to_owned(),
        };
        page.take(page.visit.first_step());
        page
    }

    fn hear(&mut self, text: &str) -> Step {
        let step = self.visit.hear(Statement::parse(text).expect("a statement"), NOW);
        self.take(step);
        step
    }

    /// Does on the device what the browser shell does.
    fn take(&mut self, step: Step) {
        match step {
            Step::Remember => {
                if let Some(answer) = self.visit.remember(&self.device, LANDING, NOW) {
                    let text = answer
                        .splitn(3, ' ')
                        .last()
                        .expect("seconds, days, then the text");
                    self.device = text.to_owned();
                }
            }
            Step::Forget => self.device.clear(),
            Step::None | Step::Tell | Step::Pause => {}
        }
    }

    /// `pending`, `granted`, `granted_no_upload`, `not_required`, `denied`, `opted_out`.
    fn state(&self) -> &'static str {
        match self.visit.consent() {
            Consent::Pending => "pending",
            Consent::Granted(snapshot) if snapshot.basis == "not_required" => "not_required",
            Consent::Granted(snapshot) if snapshot.answers.ad_user_data == Some(Answer::Granted) => "granted",
            Consent::Granted(_) => "granted_no_upload",
            Consent::Denied(denial) if denial.is_opt_out => "opted_out",
            Consent::Denied(_) => "denied",
        }
    }

    /// The rights of the state: memory, fields and leads exist exactly while consent is granted.
    fn assert_rights(&self, row: &str) {
        let is_granted = matches!(self.visit.consent(), Consent::Granted(_));
        assert_eq!(self.visit.record().is_some(), is_granted, "{row}");
        if matches!(self.visit.consent(), Consent::Denied(_)) {
            assert_eq!(self.device, "", "{row}: a refusal leaves nothing on the device");
        }
    }
}

/// One transition: its name, the tag's attributes, what leads to the first state, that state, the event, what is to be
/// done on it, the next state.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Step,
    &'static str,
);

const GRANT: &str = "klaro,explicit,granted,granted,granted";

#[rustfmt::skip]
const TRANSITIONS: &[Row] = &[
    ("pending, final grant", "", "", "pending", GRANT, Step::Remember, "granted"),
    ("pending, grant without user data", "", "", "pending", "klaro,explicit,granted,denied,denied", Step::Remember, "granted_no_upload"),
    ("pending, grant that says nothing of user data", "", "", "pending", "klaro,explicit,granted", Step::Remember, "granted_no_upload"),
    ("pending, final refusal", "", "", "pending", "klaro,explicit,denied,denied,denied", Step::Forget, "denied"),
    ("pending, the tool asks", "", "", "pending", "tcf,asking", Step::None, "pending"),
    ("pending, the tool fails", "", "", "pending", "tcf,silent", Step::None, "pending"),
    ("pending, a default", "", "", "pending", "consent_mode,default,granted,granted,granted", Step::None, "pending"),
    ("pending, a second default", "", "consent_mode,default,denied", "pending", "consent_mode,default,granted", Step::None, "pending"),
    ("pending, an update after a default", "", "consent_mode,default,denied,denied,denied", "pending", "consent_mode,explicit,granted,granted", Step::Remember, "granted"),
    ("pending, an update of user data alone", "", "consent_mode,default,denied,denied,denied", "pending", "consent_mode,explicit,,granted,granted", Step::None, "pending"),
    ("pending, opt-out", "", "", "pending", "gpc,opt_out", Step::Forget, "opted_out"),
    ("pending, the law asks for nothing, region unknown", "", "", "pending", "tcf,not_required", Step::None, "pending"),
    ("pending, the law asks for nothing, region in the EEA", "region=DE", "", "pending", "tcf,not_required", Step::None, "pending"),
    ("pending, the law asks for nothing, region elsewhere", "region=US-CA", "", "pending", "tcf,not_required", Step::Remember, "not_required"),
    ("pending, a default elsewhere", "region=US", "", "pending", "consent_mode,default,granted,granted", Step::Remember, "granted"),
    ("pending, implied elsewhere", "region=US", "", "pending", "onetrust,implied,granted,granted", Step::Remember, "granted"),
    ("pending, implied in the EEA", "region=FR", "", "pending", "onetrust,implied,granted,granted", Step::None, "pending"),
    ("asking, confirmed", "", "tcf,asking", "pending", "tcf,explicit,granted,granted", Step::Remember, "granted"),
    ("asking, a lesser source says yes", "", "tcf,asking", "pending", "consent_mode,explicit,granted", Step::None, "pending"),
    ("asking, the tool fails while a lesser source says yes", "", "tcf,asking consent_mode,explicit,granted,granted", "pending", "tcf,silent", Step::Remember, "granted"),
    ("granted, refusal", "", GRANT, "granted", "klaro,explicit,denied,denied,denied", Step::Forget, "denied"),
    ("granted, refusal of storage alone", "", GRANT, "granted", "klaro,explicit,denied", Step::Forget, "denied"),
    ("granted, refusal by another source", "", GRANT, "granted", "tcf,explicit,denied", Step::Forget, "denied"),
    ("granted, a default denial by another source", "", GRANT, "granted", "consent_mode,default,denied", Step::None, "granted"),
    ("granted, the tool asks again", "", GRANT, "granted", "klaro,asking", Step::None, "granted"),
    ("granted, asked again and confirmed", "", "klaro,explicit,granted,granted,granted klaro,asking", "granted", GRANT, Step::None, "granted"),
    ("granted, asked again and refused", "", "klaro,explicit,granted,granted,granted klaro,asking", "granted", "klaro,explicit,denied", Step::Forget, "denied"),
    ("granted, grant repeated", "", GRANT, "granted", GRANT, Step::None, "granted"),
    ("granted, grant of a lesser source", "", GRANT, "granted", "consent_mode,explicit,granted,granted,granted", Step::None, "granted"),
    ("granted, user data refused", "", GRANT, "granted", "klaro,explicit,,denied", Step::Tell, "granted_no_upload"),
    ("granted without upload, user data allowed", "", "klaro,explicit,granted,denied,denied", "granted_no_upload", "klaro,explicit,,granted", Step::Tell, "granted"),
    ("granted, the tool fails", "", GRANT, "granted", "klaro,silent", Step::Pause, "pending"),
    ("granted, the tool fails while another says yes", "", "klaro,explicit,granted,granted,granted tcf,explicit,granted,granted,granted", "granted", "klaro,silent", Step::Tell, "granted"),
    ("granted, the tool has lost the choice", "", GRANT, "granted", "klaro,default,denied", Step::Pause, "pending"),
    ("granted, opt-out", "", GRANT, "granted", "gpp,opt_out", Step::Forget, "opted_out"),
    ("denied, grant", "", "klaro,explicit,denied,denied,denied", "denied", GRANT, Step::Remember, "granted"),
    ("denied, grant of another source", "", "klaro,explicit,denied", "denied", "tcf,explicit,granted", Step::None, "denied"),
    ("denied, the tool asks again", "", "klaro,explicit,denied", "denied", "klaro,asking", Step::None, "denied"),
    ("denied, the tool fails", "", "klaro,explicit,denied", "denied", "klaro,silent", Step::Tell, "pending"),
    ("denied, opt-out", "", "klaro,explicit,denied", "denied", "gpc,opt_out", Step::None, "opted_out"),
    ("opted out, grant", "", "gpc,opt_out", "opted_out", GRANT, Step::None, "opted_out"),
    ("opted out, the law asks for nothing", "region=US", "gpc,opt_out", "opted_out", "tcf,not_required", Step::None, "opted_out"),
    ("opted out, taken back", "", "gpp,opt_out klaro,explicit,granted,granted", "opted_out", "gpp,silent", Step::Remember, "granted"),
    ("manual, a tool says yes", "consent=manual", "", "pending", GRANT, Step::None, "pending"),
    ("manual, the site says yes", "consent=manual", "", "pending", "site,explicit,granted,granted", Step::Remember, "granted"),
    ("manual, a tool says no", "consent=manual", "site,explicit,granted,granted", "granted", "klaro,explicit,denied", Step::None, "granted"),
    ("manual, opt-out", "consent=manual", "site,explicit,granted,granted", "granted", "gpc,opt_out", Step::Forget, "opted_out"),
    ("not required, the site says no", "consent=not-required", "", "not_required", "site,explicit,denied", Step::Forget, "denied"),
    ("not required, a tool says no", "consent=not-required", "", "not_required", "klaro,explicit,denied", Step::None, "not_required"),
    ("not required, opt-out", "consent=not-required", "", "not_required", "gpc,opt_out", Step::Forget, "opted_out"),
    ("not required, the site tells of a choice", "consent=not-required", "", "not_required", "site,explicit,granted,granted", Step::Tell, "granted"),
    ("pinned, another tool says yes", "consent-source=tcf", "", "pending", GRANT, Step::None, "pending"),
    ("pinned, another tool says no", "consent-source=tcf", "tcf,explicit,granted,granted", "granted", "klaro,explicit,denied", Step::Forget, "denied"),
    ("two tools disagree", "", "klaro,explicit,granted osano,explicit,denied", "denied", "klaro,explicit,granted", Step::None, "denied"),
];

#[test]
fn every_transition_does_what_it_should() {
    for (name, attributes, before, from, event, step, to) in TRANSITIONS {
        let mut page = Page::open(attributes, LANDING, "");
        for text in before.split_whitespace() {
            page.hear(text);
        }
        assert_eq!(page.state(), *from, "{name}");
        page.assert_rights(name);
        assert_eq!(page.hear(event), *step, "{name}");
        assert_eq!(page.state(), *to, "{name}");
        page.assert_rights(name);
    }
}

#[test]
fn what_is_kept_is_neither_read_nor_deleted_before_an_answer() {
    let kept = "1|0!!!gclid=kept";
    for event in ["tcf,asking", "tcf,silent", "consent_mode,default,denied"] {
        let mut page = Page::open("", LANDING, kept);
        assert_eq!(page.hear(event), Step::None, "{event}");
        assert_eq!(page.device, kept, "{event}");
        assert!(page.visit.record().is_none(), "{event}");
    }
}

#[test]
fn a_grant_that_is_lost_without_a_refusal_leaves_the_device_alone() {
    let mut page = Page::open("", LANDING, "");
    page.hear(GRANT);
    let kept = page.device.clone();
    assert!(kept.contains("gclid=1"));
    assert_eq!(page.hear("klaro,silent"), Step::Pause);
    assert_eq!(page.device, kept);
    assert_eq!(page.hear(GRANT), Step::Remember);
    assert_eq!(page.device, kept);
}

#[test]
fn after_a_withdrawal_only_the_address_comes_back() {
    let kept = "1|0!!!gclid=kept";
    let mut page = Page::open("", LANDING, kept);
    page.hear(GRANT);
    assert!(page.device.contains("gclid=kept"));
    assert_eq!(page.hear("klaro,explicit,denied"), Step::Forget);
    assert_eq!(page.hear(GRANT), Step::Remember);
    assert!(page.device.contains("gclid=1") && !page.device.contains("kept"));
}

/// Statements that must never lead to a grant on a page whose tag names no region.
fn harmless() -> impl Strategy<Value = String> {
    let answer = || prop_oneof![Just("granted"), Just("denied"), Just("")];
    let free = (
        source(),
        prop_oneof![
            Just("implied"),
            Just("default"),
            Just("asking"),
            Just("silent"),
            Just("not_required"),
            Just("opt_out"),
        ],
        answer(),
    );
    let choice = (source(), Just("explicit"), prop_oneof![Just("denied"), Just("")]);
    let any_kind = prop_oneof![free, choice,];
    (any_kind, answer(), answer()).prop_map(|((source, kind, storage), user_data, personalization)| {
        format!("{source},{kind},{storage},{user_data},{personalization}")
    })
}

fn source() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("site"),
        Just("gpc"),
        Just("tcf"),
        Just("gpp"),
        Just("consent_mode"),
        Just("wp_consent"),
        Just("klaro"),
        Just("osano"),
    ]
}

/// Any statement at all.
fn statement() -> impl Strategy<Value = String> {
    let grant = source().prop_map(|source| format!("{source},explicit,granted,granted,denied"));
    prop_oneof![1 => grant, 3 => harmless()]
}

fn policy() -> impl Strategy<Value = ConsentPolicy> {
    let text = |words: [&'static str; 3]| proptest::sample::select(words.to_vec()).prop_map(str::to_owned);
    (text(["", "klaro", "tcf"]), text(["", "DE", "US"])).prop_map(|(pinned_source, region)| ConsentPolicy {
        pinned_source,
        region,
        ..ConsentPolicy::default()
    })
}

fn listen(policy: &ConsentPolicy, statements: &[String]) -> Consent {
    let mut listener = ConsentListener::new(policy.clone(), NOW);
    for text in statements {
        listener.hear(Statement::parse(text).expect("a statement"), NOW);
    }
    listener.state().clone()
}

fn source_of(text: &str) -> &str {
    text.split(',').next().unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn without_an_explicit_grant_of_storage_nothing_is_ever_granted(
        statements in proptest::collection::vec(harmless(), 0..20),
    ) {
        let state = listen(&ConsentPolicy::default(), &statements);
        prop_assert!(!matches!(state, Consent::Granted(_)), "{state:?}");
    }

    #[test]
    fn a_denial_as_the_last_word_of_any_source_never_stands_beside_a_grant(
        policy in policy(),
        statements in proptest::collection::vec(statement(), 0..20),
        last in source(),
        word in prop_oneof![Just("explicit,denied"), Just("opt_out")],
        others in proptest::collection::vec(statement(), 0..20),
    ) {
        let mut statements = statements;
        statements.push(format!("{last},{word}"));
        statements.extend(others.into_iter().filter(|text| source_of(text) != last));
        let state = listen(&policy, &statements);
        prop_assert!(matches!(state, Consent::Denied(_)), "{state:?}");
    }

    #[test]
    fn the_order_of_the_sources_does_not_matter(
        policy in policy(),
        statements in proptest::collection::vec(statement(), 0..20),
    ) {
        // Each source keeps its own order; the sources come one after the other.
        let mut sorted = statements.clone();
        sorted.sort_by(|one, other| source_of(one).cmp(source_of(other)));
        let mut reversed = statements.clone();
        reversed.sort_by(|one, other| source_of(other).cmp(source_of(one)));
        let state = listen(&policy, &statements);
        prop_assert_eq!(&state, &listen(&policy, &sorted));
        prop_assert_eq!(&state, &listen(&policy, &reversed));
    }

    #[test]
    fn no_text_breaks_the_listener(texts in proptest::collection::vec(any::<String>(), 0..20)) {
        let mut listener = ConsentListener::new(ConsentPolicy::default(), NOW);
        for text in texts {
            if let Some(statement) = Statement::parse(&text) {
                listener.hear(statement, NOW);
            }
        }
        prop_assert!(!matches!(listener.state(), Consent::Granted(_)));
    }
}
