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
fn a_choice_is_final_until_its_own_source_changes_it() {
    check(&[
        ("auto", "klaro,explicit,granted", "granted klaro explicit +??"),
        (
            "auto",
            "klaro,explicit,granted klaro,explicit,denied",
            "denied klaro",
        ),
        (
            "auto",
            "klaro,explicit,denied klaro,explicit,granted",
            "granted klaro explicit +??",
        ),
        ("auto", "klaro,explicit,granted tcf,explicit,denied", "denied tcf"),
        (
            "auto",
            "klaro,explicit,denied tcf,explicit,granted",
            "denied klaro",
        ),
        (
            "auto",
            "site,explicit,granted consent_mode,explicit,denied",
            "denied consent_mode",
        ),
        // What is no answer changes none.
        (
            "auto",
            "klaro,explicit,granted klaro,explicit,maybe",
            "granted klaro explicit +??",
        ),
        ("auto", "klaro,explicit,denied klaro,explicit", "denied klaro"),
    ]);
}

#[test]
fn partial_updates_change_what_they_name_and_nothing_is_invented() {
    check(&[
        ("auto", "consent_mode,explicit,,granted,granted", "pending"),
        (
            "auto",
            "consent_mode,explicit,granted consent_mode,explicit,,granted,denied",
            "granted consent_mode explicit ++-",
        ),
        (
            "auto",
            "consent_mode,explicit,granted,granted,granted consent_mode,explicit,,denied",
            "granted consent_mode explicit +-+",
        ),
        // Each question is weighed by itself: a refusal of anybody, then the word of the first who gave one.
        (
            "auto",
            "klaro,explicit,granted,granted tcf,explicit,granted,denied,granted",
            "granted klaro explicit +-+",
        ),
        (
            "auto",
            "klaro,explicit,granted,granted,granted site,explicit,,,denied",
            "granted klaro explicit ++-",
        ),
        // A default no is the answer as long as nobody chose.
        (
            "auto",
            "consent_mode,default,denied,denied,denied consent_mode,explicit,granted",
            "granted consent_mode explicit +--",
        ),
    ]);
}

#[test]
fn the_first_in_rank_decides_whoever_came_first() {
    check(&[
        (
            "auto",
            "klaro,explicit,granted site,explicit,granted",
            "granted site explicit +??",
        ),
        (
            "auto",
            "tcf,explicit,granted klaro,explicit,granted",
            "granted klaro explicit +??",
        ),
        (
            "auto",
            "gpp,explicit,granted tcf,explicit,granted",
            "granted tcf explicit +??",
        ),
        (
            "auto",
            "consent_mode,explicit,granted gpp,explicit,granted",
            "granted gpp explicit +??",
        ),
        (
            "auto",
            "wp_consent,explicit,granted consent_mode,explicit,granted",
            "granted consent_mode explicit +??",
        ),
        // A name that nobody knows is a consent tool of the page itself.
        (
            "auto",
            "tcf,explicit,granted own_banner,explicit,granted",
            "granted own_banner explicit +??",
        ),
        (
            "auto",
            "tcf,explicit,granted zaraz,explicit,granted",
            "granted zaraz explicit +??",
        ),
        (
            "auto",
            "osano,explicit,granted klaro,explicit,granted",
            "granted klaro explicit +??",
        ),
    ]);
}

#[test]
fn a_pinned_source_decides_and_others_only_veto() {
    check(&[
        ("auto source=tcf", "klaro,explicit,granted", "pending"),
        (
            "auto source=tcf",
            "klaro,explicit,granted tcf,explicit,granted",
            "granted tcf explicit +??",
        ),
        (
            "auto source=tcf",
            "tcf,explicit,granted klaro,explicit,denied",
            "denied klaro",
        ),
        (
            "auto source=tcf",
            "tcf,explicit,granted klaro,explicit,,granted",
            "granted tcf explicit +??",
        ),
        (
            "auto source=tcf",
            "tcf,explicit,granted,granted klaro,explicit,,denied",
            "granted tcf explicit +-?",
        ),
        (
            "auto source=tcf",
            "site,explicit,granted tcf,asking",
            "granted site explicit +??",
        ),
        ("auto source=nobody", "tcf,explicit,granted", "pending"),
    ]);
}

#[test]
fn what_nobody_chose_counts_only_outside_of_the_opt_in_countries() {
    for (kind, basis) in [
        ("implied", "implied"),
        ("default", "policy_default"),
        ("not_required", "not_required"),
    ] {
        let statement = format!("tcf,{kind},granted");
        let granted = format!("granted tcf {basis} +??");
        for region in ["US", "US-CA", "br", "CA-QC", "us_ca"] {
            check(&[(&format!("auto region={region}"), &statement, &granted)]);
        }
        for region in [
            "DE", "de", "GB", "UK", "CH", "NO", "IS", "LI", "FR-75", "EL", "RE", "XX", "ZZ", "T1", "U",
            "USA", "-US",
        ] {
            check(&[(&format!("auto region={region}"), &statement, "pending")]);
        }
        check(&[
            ("auto", &statement, "pending"),
            ("auto region=", &statement, "pending"),
        ]);
    }
}

#[test]
fn an_assumption_never_outweighs_a_choice() {
    check(&[
        // A default no is no veto, but nobody assumes a yes against it.
        ("auto", "consent_mode,default,denied", "pending"),
        (
            "auto",
            "consent_mode,default,denied klaro,explicit,granted",
            "granted klaro explicit +??",
        ),
        (
            "auto region=US",
            "consent_mode,default,denied klaro,implied,granted",
            "pending",
        ),
        ("auto region=US", "klaro,implied,denied", "pending"),
        (
            "auto region=US",
            "tcf,not_required klaro,explicit,denied",
            "denied klaro",
        ),
        (
            "auto region=US",
            "klaro,implied,granted tcf,explicit,granted",
            "granted tcf explicit +??",
        ),
        (
            "auto region=US",
            "klaro,explicit,denied klaro,implied,granted",
            "denied klaro",
        ),
        (
            "auto region=US",
            "klaro,explicit,denied klaro,not_required",
            "denied klaro",
        ),
        // Consent Mode: a late or second default changes no choice.
        (
            "auto",
            "consent_mode,explicit,granted consent_mode,default,denied",
            "granted consent_mode explicit +??",
        ),
        (
            "auto",
            "consent_mode,default,denied consent_mode,default,granted",
            "pending",
        ),
        // A tool that speaks of defaults again has lost its visitor's yes.
        ("auto", "klaro,explicit,granted klaro,default,denied", "pending"),
        ("auto", "klaro,explicit,granted klaro,implied,granted", "pending"),
    ]);
}

#[test]
fn while_the_visitor_is_asked_nobody_lesser_answers_and_a_given_answer_stands() {
    check(&[
        ("auto", "tcf,asking", "pending"),
        ("auto", "tcf,asking consent_mode,explicit,granted", "pending"),
        ("auto", "consent_mode,explicit,granted tcf,asking", "pending"),
        (
            "auto",
            "klaro,explicit,granted tcf,asking",
            "granted klaro explicit +??",
        ),
        (
            "auto",
            "tcf,explicit,granted tcf,asking",
            "granted tcf explicit +??",
        ),
        ("auto", "tcf,explicit,denied tcf,asking", "denied tcf"),
        // Frozen as it was, whole: another's word on another question stands too.
        (
            "auto",
            "klaro,explicit,granted tcf,explicit,,granted klaro,asking",
            "granted klaro explicit ++?",
        ),
        (
            "auto",
            "tcf,explicit,granted tcf,asking tcf,explicit,denied",
            "denied tcf",
        ),
        (
            "auto",
            "tcf,asking tcf,explicit,granted",
            "granted tcf explicit +??",
        ),
        (
            "auto",
            "tcf,asking tcf,silent consent_mode,explicit,granted",
            "granted consent_mode explicit +??",
        ),
        (
            "auto region=US",
            "klaro,implied,granted klaro,asking",
            "granted klaro implied +??",
        ),
    ]);
}

#[test]
fn a_silent_source_is_as_if_it_had_never_spoken() {
    check(&[
        ("auto", "klaro,silent", "pending"),
        ("auto", "klaro,explicit,granted klaro,silent", "pending"),
        ("auto", "klaro,explicit,denied klaro,silent", "pending"),
        (
            "auto",
            "klaro,explicit,granted tcf,explicit,granted klaro,silent",
            "granted tcf explicit +??",
        ),
        (
            "auto",
            "klaro,explicit,granted tcf,explicit,denied klaro,silent",
            "denied tcf",
        ),
        (
            "not-required",
            "site,explicit,denied site,silent",
            "granted not_required not_required +??",
        ),
    ]);
}

#[test]
fn an_opt_out_outweighs_every_grant_until_its_source_takes_it_back() {
    check(&[
        ("auto", "gpc,opt_out", "opted_out gpc"),
        (
            "auto",
            "gpc,opt_out site,explicit,granted klaro,explicit,granted",
            "opted_out gpc",
        ),
        ("auto region=US", "gpp,opt_out tcf,not_required", "opted_out gpp"),
        ("auto", "klaro,explicit,denied gpp,opt_out", "opted_out gpp"),
        (
            "auto source=klaro",
            "klaro,explicit,granted gpp,opt_out",
            "opted_out gpp",
        ),
        ("auto", "gpp,opt_out gpp,asking", "opted_out gpp"),
        (
            "auto region=US",
            "gpp,opt_out gpp,default,granted",
            "opted_out gpp",
        ),
        (
            "auto region=US",
            "gpp,opt_out gpp,not_required",
            "granted gpp not_required +??",
        ),
        (
            "auto",
            "gpp,opt_out gpp,explicit,granted",
            "granted gpp explicit +??",
        ),
        (
            "manual",
            "site,explicit,granted gpp,opt_out gpp,silent",
            "granted site explicit +??",
        ),
        ("manual", "gpp,opt_out gpp,explicit,granted", "pending"),
    ]);
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
