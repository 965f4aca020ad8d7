use super::*;
use crate::consent::gate;

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
            Some(("source", name)) => policy.pinned_source = Some(name.to_owned()),
            Some(("region", name)) => policy.region = Some(name.to_owned()),
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
fn every_mode_hears_whom_it_should() {
    check(&[
        ("auto", "", "pending"),
        (
            "auto",
            "consent_mode,explicit,granted",
            "granted consent_mode explicit +??",
        ),
        ("auto", "site,explicit,granted", "granted site explicit +??"),
        ("auto", "gpc,explicit,granted", "pending"),
        ("manual", "klaro,explicit,granted", "pending"),
        (
            "manual",
            "site,explicit,granted klaro,explicit,denied",
            "granted site explicit +??",
        ),
        (
            "manual",
            "site,explicit,granted site,explicit,denied",
            "denied site",
        ),
        ("manual", "site,explicit,granted gpc,opt_out", "opted_out gpc"),
        ("not-required", "", "granted not_required not_required +??"),
        (
            "not-required",
            "klaro,explicit,denied",
            "granted not_required not_required +??",
        ),
        ("not-required", "site,explicit,denied", "denied site"),
        (
            "not-required",
            "site,explicit,granted,denied",
            "granted site explicit +-?",
        ),
        (
            "not-required",
            "site,explicit,,granted,denied",
            "granted not_required not_required ++-",
        ),
        ("not-required", "gpc,opt_out", "opted_out gpc"),
    ]);
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
