use super::*;

const NOW: Timestamp = Timestamp::EPOCH;

fn storage(word: &str) -> Answers {
    Answers {
        ad_storage: Answer::named(word),
        ..Answers::default()
    }
}

fn update(word: &str) -> Signal {
    Signal::ConsentModeUpdate(storage(word))
}

fn default_command(word: &str) -> Signal {
    Signal::ConsentModeDefault(storage(word))
}

fn site(word: &str) -> Signal {
    Signal::Site(storage(word))
}

fn state_after(mode: ConsentMode, signals: &[Signal]) -> &'static str {
    let mut listener = ConsentListener::new(mode, NOW);
    for signal in signals {
        listener.hear(*signal, NOW);
    }
    listener.state().name()
}

#[test]
fn every_way_to_a_state() {
    use ConsentMode::{Auto, Manual, NotRequired};
    let table: &[(ConsentMode, &[Signal], &str)] = &[
        (Auto, &[], "pending"),
        (Auto, &[default_command("granted")], "pending"),
        (Auto, &[default_command("denied")], "pending"),
        (Auto, &[default_command("denied"), update("granted")], "granted"),
        (Auto, &[update("granted"), default_command("denied")], "granted"),
        (Auto, &[update("denied")], "denied"),
        (Auto, &[update("granted"), update("denied")], "denied"),
        (Auto, &[update("denied"), update("granted")], "granted"),
        (Auto, &[update("maybe")], "pending"),
        (Auto, &[site("granted")], "granted"),
        (Auto, &[site("granted"), update("denied")], "denied"),
        (Auto, &[site("denied"), update("granted")], "denied"),
        (Manual, &[update("granted")], "pending"),
        (Manual, &[site("granted")], "granted"),
        (Manual, &[site("granted"), site("denied")], "denied"),
        (NotRequired, &[], "granted"),
        (NotRequired, &[site("denied")], "denied"),
        (NotRequired, &[update("denied")], "granted"),
    ];
    for (mode, signals, expected) in table {
        assert_eq!(state_after(*mode, signals), *expected, "{mode:?} {signals:?}");
    }
}

#[test]
fn a_partial_update_keeps_the_other_answers() {
    let mut listener = ConsentListener::new(ConsentMode::Auto, NOW);
    listener.hear(update("granted"), NOW);
    let user_data = Answers {
        ad_user_data: Some(Answer::Denied),
        ..Answers::default()
    };
    assert!(listener.hear(Signal::ConsentModeUpdate(user_data), NOW));
    let Consent::Granted(snapshot) = listener.state() else {
        panic!("still granted")
    };
    assert_eq!(snapshot.answers.ad_user_data, Some(Answer::Denied));
    assert_eq!(snapshot.answers.ad_personalization, None);
}

#[test]
fn a_repeated_grant_changes_nothing() {
    let mut listener = ConsentListener::new(ConsentMode::Auto, NOW);
    assert!(listener.hear(update("granted"), NOW));
    assert!(!listener.hear(update("granted"), NOW.plus_ms(5)));
}

#[test]
fn not_required_invents_no_answer_about_user_data() {
    let listener = ConsentListener::new(ConsentMode::NotRequired, NOW);
    let Consent::Granted(snapshot) = listener.state() else {
        panic!("granted")
    };
    assert_eq!(snapshot.basis, "not_required");
    assert_eq!(snapshot.answers.ad_user_data, None);
}

#[test]
fn the_gate_opens_for_a_grant_only() {
    for (signals, opens) in [
        (vec![], false),
        (vec![update("denied")], false),
        (vec![update("granted")], true),
    ] {
        let mut listener = ConsentListener::new(ConsentMode::Auto, NOW);
        for signal in signals {
            listener.hear(signal, NOW);
        }
        assert_eq!(gate((), listener.state()).is_some(), opens);
    }
}

#[test]
fn a_command_names_its_teller_and_what_was_answered() {
    let (yes, no) = (Some(Answer::Granted), Some(Answer::Denied));
    let answers = |ad_storage, ad_user_data, ad_personalization| Answers {
        ad_storage,
        ad_user_data,
        ad_personalization,
    };
    let table = [
        ("site,granted,granted,denied", Signal::Site(answers(yes, yes, no))),
        (
            "update,,denied,",
            Signal::ConsentModeUpdate(answers(None, no, None)),
        ),
        (
            "default,granted",
            Signal::ConsentModeDefault(answers(yes, None, None)),
        ),
        // Neither a stranger nor a strange word can grant anything.
        (
            "other,granted,granted,granted",
            Signal::ConsentModeDefault(answers(yes, yes, yes)),
        ),
        ("site,true,GRANTED,1", Signal::Site(Answers::default())),
        ("", Signal::ConsentModeDefault(Answers::default())),
    ];
    for (command, signal) in table {
        assert_eq!(Signal::parse(command), signal, "{command}");
    }
}
