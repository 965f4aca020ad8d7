use super::*;
use crate::consent::gate;

mod choices; // who is heard, and whose answer counts
mod without_choice; // defaults and assumptions, asking, silence and opt-outs

const NOW: Timestamp = Timestamp::EPOCH;

/// The policy of a tag: mode, pinned source, region; each may be empty.
fn policy(text: &str) -> ConsentPolicy {
    let mut words = text.split(' ');
    let mode = match words.next() {
        Some("manual") => ConsentMode::Manual,
        Some("not-required") => ConsentMode::NotRequired,
        _ => ConsentMode::Auto,
    };
    let mut policy = ConsentPolicy {
        mode,
        ..ConsentPolicy::default()
    };
    for word in words {
        match word.split_once('=') {
            Some(("source", name)) => policy.pinned_source = name.to_owned(),
            Some(("region", name)) => policy.region = name.to_owned(),
            _ => panic!("{word}"),
        }
    }
    policy
}

/// A listener of this policy that has heard these statements, which stand apart by blanks.
fn heard(policy_text: &str, statements: &str) -> ConsentListener {
    let mut listener = ConsentListener::new(policy(policy_text), NOW);
    for text in statements.split_whitespace() {
        listener.hear(Statement::parse(text).expect("a statement"), NOW);
    }
    listener
}

/// The state in words: `granted site explicit +-?` (the three answers), `denied site`, `opted_out gpc`, `pending`.
fn told(listener: &ConsentListener) -> String {
    let sign = |answer: Option<Answer>| match answer {
        Some(Answer::Granted) => '+',
        Some(Answer::Denied) => '-',
        None => '?',
    };
    match listener.state() {
        Consent::Pending => "pending".to_owned(),
        Consent::Granted(snapshot) => {
            let answers: String = snapshot
                .answers
                .named()
                .into_iter()
                .map(|(_, answer)| sign(answer))
                .collect();
            format!("granted {} {} {answers}", snapshot.source, snapshot.basis)
        }
        Consent::Denied(denial) if denial.is_opt_out => format!("opted_out {}", denial.source),
        Consent::Denied(denial) => format!("denied {}", denial.source),
    }
}

/// Each row: the policy, what was said, where consent stands then.
fn check(table: &[(&str, &str, &str)]) {
    for (policy_text, statements, expected) in table {
        assert_eq!(
            told(&heard(policy_text, statements)),
            *expected,
            "{policy_text}: {statements}"
        );
    }
}

#[test]
fn hear_tells_of_news_only() {
    let table = [
        ("klaro,asking", false),
        ("klaro,explicit,granted", true),
        ("klaro,explicit,granted", false),
        ("klaro,asking", false),
        ("klaro,explicit,,denied", true),
        ("tcf,explicit,granted", false),
        ("klaro,silent", true), // the grant now stands on another's word
        ("tcf,silent", true),
        ("tcf,silent", false),
        ("tcf,explicit,denied", true),
        ("gpc,opt_out", false), // still denied
    ];
    let mut listener = ConsentListener::new(ConsentPolicy::default(), NOW);
    for (text, is_news) in table {
        let statement = Statement::parse(text).expect("a statement");
        assert_eq!(listener.hear(statement, NOW), is_news, "{text}");
    }
    assert_eq!(told(&listener), "opted_out gpc");
}

#[test]
fn a_repeated_grant_keeps_the_moment_of_the_first() {
    let mut listener = heard("auto", "klaro,explicit,granted");
    let again = Statement::parse("klaro,explicit,granted").expect("a statement");
    assert!(!listener.hear(again, NOW.plus_ms(5)));
    assert!(matches!(listener.state(), Consent::Granted(snapshot) if snapshot.observed_at == NOW));
}

#[test]
fn where_too_many_sources_speak_nothing_is_granted() {
    let mut listener = heard("auto", "klaro,explicit,granted");
    for number in 1..CONSENT_SOURCES_MAX {
        let text = format!("tool{number},explicit,granted");
        listener.hear(Statement::parse(&text).expect("a statement"), NOW);
    }
    assert_eq!(told(&listener), "granted klaro explicit +??");
    for number in [CONSENT_SOURCES_MAX, CONSENT_SOURCES_MAX + 1] {
        let text = format!("tool{number},explicit,granted");
        listener.hear(Statement::parse(&text).expect("a statement"), NOW);
        assert_eq!(told(&listener), "pending");
    }
    let refusal = Statement::parse("klaro,explicit,denied").expect("a statement");
    listener.hear(refusal, NOW);
    assert_eq!(told(&listener), "denied klaro");
}

#[test]
fn sources_that_say_nothing_are_no_sources() {
    let mut listener = heard("auto", "");
    for number in 0..=CONSENT_SOURCES_MAX + 1 {
        let silent = Statement::parse(&format!("tool{number},silent")).expect("a statement");
        assert!(!listener.hear(silent, NOW));
    }
    let grant = Statement::parse("klaro,explicit,granted").expect("a statement");
    assert!(listener.hear(grant, NOW), "none of them takes a place");
    assert_eq!(told(&listener), "granted klaro explicit +??");
}

#[test]
fn the_gate_opens_for_a_grant_only() {
    for (statements, opens) in [
        ("", false),
        ("tcf,explicit,denied", false),
        ("tcf,explicit,granted", true),
        ("tcf,explicit,granted gpc,opt_out", false),
    ] {
        assert_eq!(
            gate((), heard("auto", statements).state()).is_some(),
            opens,
            "{statements}"
        );
    }
}
