//! The examples that Google, Microsoft and Meta publish, each with the hash that they print or that their own helpers
//! give, and the traps around them.

use super::{Country, Email, EmailError, Phone, PhoneError, PlatformHashes, UserHash};

/// What stands in a hash's place where a platform takes none.
const NONE: &str = "";

fn texts(hashes: &PlatformHashes) -> [String; 3] {
    [&hashes.google, &hashes.microsoft, &hashes.meta].map(|hash| {
        hash.as_ref()
            .map_or(String::new(), |hash| hash.as_str().to_owned())
    })
}

#[test]
fn the_e_mail_addresses_that_google_publishes() {
    let table = [
        (
            "QuinnY@EXAMPLE.com",
            "d00d0a7c6d491b3782fd78b410748048859e16467faa0651f060978d4bb343cc",
        ),
        (
            " alexz@example.com ",
            "509e933019bb285a134a9334b8bb679dff79d0ce023d529af4bd744d47b4fd8a",
        ),
        (
            "Jefferson.Loves.hiking@gmail.com",
            "515d2f967f73864e76937ab2b897210a86fd286016903b1b08c3da07c75f513e",
        ),
        (
            "Cloudy.SanFrancisco+shopping@gmail.com",
            "223ebda6f6889b1494551ba902d9d381daf2f642bae055888e96343d53e9f9c4",
        ),
        (
            "Cloudy.SanFrancisco+shopping@googlemail.com",
            "332ed5427d17deb381928a719533e85046d68d7e45553abb805852b7d631fcb7",
        ),
        (
            "user.name+NYC@Example.com",
            "f109a2a632fbcea5fc82049f50beed3d8621bf9034399f437fb622222acccdac",
        ),
        ("...@gmail.com", NONE),
    ];
    for (text, hash) in table {
        let email = Email::parse(text).expect(text);
        assert_eq!(texts(&email.hashes())[0], hash, "{text}");
    }
}

#[test]
fn the_e_mail_addresses_that_microsoft_publishes() {
    let table = [
        (
            "john@contoso.com",
            "ec81f3ac7b2b19675bab9d54cf416f9f18cff87c97da5cca82c0f0891bc40602",
        ),
        (
            "name+withplus@outlook.com",
            "62de920b6b0a90e990ad75450ee49bd908958c81185bf57489a090179dadedec",
        ),
        (
            "ex.ample@outlook.com",
            "e2e7dbfa5e7b07f94e15295f700a2a9b486799848797cf3e0ddeae7425862f93",
        ),
        (
            " Jéan.Dupont+x@Gmail.com ",
            "a58df53d782ec0e3ed0e64226ae34b2519457e405954edc29c8cfa515de1eb02",
        ),
        // The accent may come as a mark of its own.
        (
            "Je\u{301}andupont@gmail.com",
            "a58df53d782ec0e3ed0e64226ae34b2519457e405954edc29c8cfa515de1eb02",
        ),
        ("+tag@example.com", NONE),
    ];
    for (text, hash) in table {
        let email = Email::parse(text).expect(text);
        assert_eq!(texts(&email.hashes())[1], hash, "{text}");
    }
}

#[test]
fn the_e_mail_addresses_that_meta_publishes() {
    let table = [
        (
            " John_Smith@gmail.com ",
            "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f",
        ),
        (
            "user.name+tag@domain.co.uk",
            "1d3bd71df1147a514334111e1a37145ec4f5a0ad34eec1c15cbad15547e8844a",
        ),
    ];
    for (text, hash) in table {
        let email = Email::parse(text).expect(text);
        assert_eq!(texts(&email.hashes())[2], hash, "{text}");
    }
}

#[test]
fn one_address_has_three_different_hashes() {
    let email = Email::parse("Ada.Lovelace+Ads@Example.com").expect("an address");
    assert_eq!(email.google().as_deref(), Some("ada.lovelace+ads@example.com"));
    assert_eq!(email.microsoft().as_deref(), Some("adalovelace@example.com"));
    assert_eq!(email.meta(), "ada.lovelace+ads@example.com");
    let email = Email::parse("Ada.Lovelace+Ads@gmail.com").expect("an address");
    assert_eq!(email.google().as_deref(), Some("adalovelace@gmail.com"));
    assert_eq!(email.meta(), "ada.lovelace+ads@gmail.com");
}

#[test]
fn err_what_is_no_e_mail_address() {
    let table = [
        ("", EmailError::Empty),
        (" \t", EmailError::Empty),
        ("quinn", EmailError::NotAnAddress),
        ("@example.com", EmailError::NotAnAddress),
        ("quinn@", EmailError::NotAnAddress),
        ("quinn@example", EmailError::NotAnAddress),
        ("quinn@.com", EmailError::NotAnAddress),
        ("quinn@example.", EmailError::NotAnAddress),
        ("quinn@example.com.", EmailError::NotAnAddress),
        ("quinn@a@example.com", EmailError::NotAnAddress),
        ("quinn\u{0}@example.com", EmailError::NotAnAddress),
        ("a b@example.com", EmailError::Blank),
        ("quinn@example.com, alex@example.com", EmailError::Blank),
        ("<quinn@example.com>", EmailError::NotAnAddress),
        ("quinn@example.com;", EmailError::NotAnAddress),
        ("quinn@example.com,alex.example.com", EmailError::NotAnAddress),
        ("mailto:quinn@example.com", EmailError::NotAnAddress),
    ];
    for (text, error) in table {
        assert_eq!(Email::parse(text), Err(error), "{text:?}");
    }
    let long = format!("{}@example.com", "x".repeat(250));
    assert_eq!(Email::parse(&long), Err(EmailError::TooLong));
}

#[test]
fn the_phone_numbers_that_the_platforms_publish() {
    const GOOGLE_US: &str = "fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30";
    const GOOGLE_UK: &str = "0fac52d27ec377f8ad2f9de75d1f9bace693237e31868ae6f4616b8bbd0e94fb";
    const META_UK: &str = "0d0bdab1b69302da54eab62fafae55faadba503c4a51b870a57a34959d645be9";
    let table = [
        (0, "+1 800-555-0100", GOOGLE_US),
        (0, "+44-113-496-0987", GOOGLE_UK),
        (0, "0044 113 496 0987", GOOGLE_UK),
        (
            1,
            "+1 425 555 1234",
            "c59475d96e9f01d7d18d06cfad84dd02333207f02c0c2c5663ef2782cda0390e",
        ),
        (
            2,
            "+1 (650) 555-1212",
            "e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176",
        ),
        (2, "0044 113 496 0987", META_UK),
    ];
    for (platform, text, hash) in table {
        let phone = Phone::parse(text, None).expect(text);
        assert_eq!(texts(&phone.hashes())[platform], hash, "{text}");
    }
}

#[test]
fn ok_one_number_however_it_is_written() {
    let table = [
        ("+44 113 496 0987", None),
        ("+44 (0)113 496 0987", None),
        ("+44 0113 496 0987", None),
        ("00441134960987", None),
        ("\u{202A}+44\u{A0}113\u{2011}496\u{2011}0987\u{202C}", None),
        ("＋441134960987", None),
        ("0113 496 0987", Some("GB")),
        ("(0113) 496-0987", Some("gb")),
        // A number with its country belongs there, whatever the site says.
        ("+44 113 496 0987", Some("US")),
        ("00 44 113 496 0987", Some("DE")),
    ];
    for (text, country) in table {
        let phone = Phone::parse(text, country.and_then(Country::named)).expect(text);
        assert_eq!(phone.e164(), "+441134960987", "{text:?}");
        assert_eq!(phone.meta(), "441134960987", "{text:?}");
    }
}

#[test]
fn ok_numbers_as_they_are_written_at_home() {
    let table = [
        ("US", "(650) 555-1212", "+16505551212"),
        ("US", "1 650 555 1212", "+16505551212"),
        ("FR", "06 12 34 56 78", "+33612345678"),
        ("FR", "6 12 34 56 78", "+33612345678"),
        ("DE", "0170 1234567", "+491701234567"),
        ("ES", "612 34 56 78", "+34612345678"),
        ("HU", "06 20 123 4567", "+36201234567"),
        ("RU", "8 (912) 345-67-89", "+79123456789"),
        ("RU", "912 345-67-89", "+79123456789"),
        // In Italy the zero is part of the number, at home and abroad.
        ("IT", "06 1234 5678", "+390612345678"),
        ("IT", "+39 (0)6 1234 5678", "+390612345678"),
    ];
    for (country, text, e164) in table {
        let phone = Phone::parse(text, Country::named(country)).expect(text);
        assert_eq!(phone.e164(), e164, "{text}");
    }
}

#[test]
fn err_what_is_no_whole_phone_number() {
    let table = [
        ("", None, PhoneError::Empty),
        (" ", None, PhoneError::Empty),
        ("+", None, PhoneError::Character),
        ("call me", None, PhoneError::Character),
        ("+1 (800) 555-0100 ext 5", None, PhoneError::Character),
        ("+1 800 555 0100 x5", None, PhoneError::Character),
        ("+1 800 555 0100 / +1 800 555 0101", None, PhoneError::Character),
        // Google's own helper makes `+8005550100` of it.
        ("8005550100", None, PhoneError::CountryMissing),
        ("(800) 555-0100", None, PhoneError::CountryMissing),
        ("+1 555", None, PhoneError::Length),
        ("+0113 496 0987", None, PhoneError::Length),
        ("+44 113 496 0987 1234 5678", None, PhoneError::Length),
        // Without its area, and with a calling code but no plus.
        ("555-0100", Some("US"), PhoneError::Length),
        ("1234567", Some("DE"), PhoneError::Length),
        ("441134960987", Some("GB"), PhoneError::Length),
        ("33612345678", Some("FR"), PhoneError::Length),
        // An Argentine mobile number at home is written otherwise than abroad.
        ("0 11 15 1234 5678", Some("AR"), PhoneError::Length),
    ];
    for (text, country, error) in table {
        assert_eq!(
            Phone::parse(text, country.and_then(Country::named)),
            Err(error),
            "{text:?}"
        );
    }
    assert_eq!(Country::named("XX"), None);
    assert_eq!(Country::named("GBR"), None);
    assert_eq!(Country::named(""), None);
}

#[test]
fn a_hash_is_64_digits_in_lower_case() {
    let hash = "d00d0a7c6d491b3782fd78b410748048859e16467faa0651f060978d4bb343cc";
    assert_eq!(UserHash::parse(hash).as_ref().map(UserHash::as_str), Some(hash));
    assert_eq!(
        UserHash::parse(&hash.to_uppercase())
            .as_ref()
            .map(UserHash::as_str),
        Some(hash)
    );
    for text in [
        "",
        "quinny@example.com",
        &hash[1..],
        &format!("{hash}0"),
        &hash.replace('d', "g"),
    ] {
        assert_eq!(UserHash::parse(text), None, "{text}");
    }
}

#[test]
fn no_address_stands_in_a_log_line() {
    let email = Email::parse("quinny@example.com").expect("an address");
    let phone = Phone::parse("+16505551212", None).expect("a number");
    assert_eq!(format!("{email:?} {phone:?}"), "Email(…) Phone(…)");
}
