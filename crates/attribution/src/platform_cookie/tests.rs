use super::*;
use crate::limits::CLICK_ID_BYTES_MAX;
use crate::timestamp::DAY_MS;

/// 2026-11-20T09:00:00.123Z, and the second before it as cookies write it.
const NOW_MS: i64 = 1_795_165_200_123;
const GCLID: &str =
    "Cj0KCQjwnIDUBhDrARIsAJDGwSvKQQIpCx_tdBvxrbvQTp-o-agl2kAGI9TkJNXQ7ddUdwzxsQEMHboaAtggEALw_wcB";

fn now() -> Timestamp {
    Timestamp::from_ms(NOW_MS)
}

/// Each touch in a line: milliseconds, cookie, ids.
fn read_all(cookies: &str, record: &VisitRecord) -> Vec<String> {
    let line = |touch: Touch| {
        let ids: Vec<_> = touch
            .landing
            .pairs()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_eq!((&touch.landing_page, &touch.referrer), (&None, &None));
        format!(
            "{} {} {}",
            touch.at.ms(),
            touch.cookie.as_deref().unwrap_or("none"),
            ids.join(" ")
        )
    };
    touches(cookies, record, now()).into_iter().map(line).collect()
}

fn check(cookies: &str, expected: &[String]) {
    assert_eq!(read_all(cookies, &VisitRecord::default()), expected, "{cookies}");
}

#[test]
fn each_platforms_form_is_read_byte_for_byte() {
    // The forms of Google, Meta and Microsoft stand in public logs of cookies, appendices included.
    let table = [
        (
            format!("_gcl_aw=GCL.1786824812.{GCLID}"),
            format!("1786824812000 _gcl_aw gclid={GCLID}"),
        ),
        (
            "_gcl_aw=GCL.1786824812.EAIaIQobChMI85bgl5r4hgMVAlQPAh2WPAruEAAYASAAEgIeMPD_BwE.label".to_owned(),
            "1786824812000 _gcl_aw gclid=EAIaIQobChMI85bgl5r4hgMVAlQPAh2WPAruEAAYASAAEgIeMPD_BwE".to_owned(),
        ),
        (
            "_gcl_ag=2.1.k0AAAAADixm5AS_XrvJQJZUVZuhLe9mQXzC$i1746060892$buYg0CJ6XtvkBEJC3xsUD".to_owned(),
            "1746060892000 _gcl_ag gbraid=0AAAAADixm5AS_XrvJQJZUVZuhLe9mQXzC".to_owned(),
        ),
        (
            "_gcl_ag=2.1.kProbe_Gbraid-002$i1790219695".to_owned(),
            "1790219695000 _gcl_ag gbraid=Probe_Gbraid-002".to_owned(),
        ),
        (
            "_gcl_gb=GCL.1790219714.Probe_Wbraid-003".to_owned(),
            "1790219714000 _gcl_gb wbraid=Probe_Wbraid-003".to_owned(),
        ),
        (
            "_gcl_dc=GCL.1790219714.CKSmnZ_j0_0CFQ-l".to_owned(),
            "1790219714000 _gcl_dc dclid=CKSmnZ_j0_0CFQ-l".to_owned(),
        ),
        (
            "_fbc=fb.2.1618377853639.IwAR1q0G6LhN2ailaL90IVLF8OmtZExUdDsssVkK3DRBfW_9yJ2mjC6D9fgMY"
                .to_owned(),
            "1618377853639 _fbc fbclid=IwAR1q0G6LhN2ailaL90IVLF8OmtZExUdDsssVkK3DRBfW_9yJ2mjC6D9fgMY"
                .to_owned(),
        ),
        (
            "_fbc=fb.1.1618377853639.AbC-1_x.AQICAQMC".to_owned(),
            "1618377853639 _fbc fbclid=AbC-1_x".to_owned(),
        ),
        (
            "_uetmsclkid=_uetb4458f42c1b214060f81e89d7a9da3bb".to_owned(),
            format!("{NOW_MS} _uetmsclkid msclkid=b4458f42c1b214060f81e89d7a9da3bb"),
        ),
        (
            "ttclid=E.C.P.CsQBQ3fsJHed".to_owned(),
            format!("{NOW_MS} ttclid ttclid=E.C.P.CsQBQ3fsJHed"),
        ),
        (
            "twclid=26l6412g5p4iyj65a2oic2ayg2".to_owned(),
            format!("{NOW_MS} twclid twclid=26l6412g5p4iyj65a2oic2ayg2"),
        ),
        (
            "li_fat_id=85929337-d448-42da-a095-0b3c5500fa50".to_owned(),
            format!("{NOW_MS} li_fat_id li_fat_id=85929337-d448-42da-a095-0b3c5500fa50"),
        ),
        (
            "_epik=dj0yJnU9VE-_x".to_owned(),
            format!("{NOW_MS} _epik epik=dj0yJnU9VE-_x"),
        ),
        (
            "_rdt_cid=4837291".to_owned(),
            format!("{NOW_MS} _rdt_cid rdt_cid=4837291"),
        ),
        (
            "_scclid=2aa4ff53-1bb8-4b34-a8ad-1d7a1e4a3f55".to_owned(),
            format!("{NOW_MS} _scclid ScCid=2aa4ff53-1bb8-4b34-a8ad-1d7a1e4a3f55"),
        ),
        (
            "taboola_cid=GiAx-y_z".to_owned(),
            format!("{NOW_MS} taboola_cid tblci=GiAx-y_z"),
        ),
        (
            "outbrain_cid=v3-x".to_owned(),
            format!("{NOW_MS} outbrain_cid dicbo=v3-x"),
        ),
        (
            "awin_awc=7602_1539767262_dd0e".to_owned(),
            format!("{NOW_MS} awin_awc awc=7602_1539767262_dd0e"),
        ),
    ];
    for (cookie, expected) in table {
        check(&format!("a=1; {cookie} ; throughline=1|x"), &[expected]);
    }
}

#[test]
fn an_encoded_id_is_decoded_once_and_a_plain_one_is_left_alone() {
    for (value, id) in [
        ("a%2Bb%3D%3D", "a+b=="),
        ("a+b==", "a+b=="),
        ("a+b%3D", "a+b%3D"),
        ("a%252Bb", "a%2Bb"),
    ] {
        check(
            &format!("ttclid={value}"),
            &[format!("{NOW_MS} ttclid ttclid={id}")],
        );
    }
}

#[test]
fn err_damaged_and_foreign_values_say_nothing() {
    let long = "x".repeat(CLICK_ID_BYTES_MAX + 1);
    let table = [
        "",
        "_gcl_aw",
        "_gcl_aw=",
        "_gcl_aw=GCL",
        "_gcl_aw=GCL.1786824812",
        "_gcl_aw=GCL.1786824812.",
        "_gcl_aw=GCL.now.Cj0KCQ",
        "_gcl_aw=GCL.-5.Cj0KCQ",
        "_gcl_aw=GCL.17868248120000.Cj0KCQ",
        "_gcl_aw=GCLX.1786824812.Cj0KCQ",
        "_gcl_aw=1.1786824812.Cj0KCQ",
        "_gcl_aw=GCL.1548381037.~Cj0KCQ",
        "_gcl_aw=GCL.1548381037.Cj0K CQ",
        "_gcl_aw=GCL.1786824812.%43j0",
        "_gcl_ag=2.2.kProbe$i1790219695",
        "_gcl_ag=2.1.xProbe$i1790219695",
        "_gcl_ag=2.1.kProbe$x1790219695",
        "_gcl_ag=2.1.kProbe",
        // What Search Ads 360 keeps is a gclid, and without `aw` not one of Google Ads.
        "_gcl_dc=GCL.1680229883.CjkKEQjw5pShBhDOoZyb3tqu5YcBEiQAkmq",
        "_gcl_dc=GCL.1645134632.EAIaIQobChMIi9m4tMmH9gIVBLrICh1H8AVOEAQYAiABEgIWr_D_BwE",
        // Google's browser id and first source are no clicks.
        "_gcl_au=1.1.1966943604.1762895268",
        "_gcl_gs=2.1.k1$i1762895262$u116129170",
        "_fbc=fb.1.12.IwAR",
        "_fbc=fb.1.x.IwAR",
        "_fbc=fb.1.1618377853639",
        "_fbp=fb.1.1618377853639.338235937783235593",
        "_uetmsclkid=b4458f42c1b214060f81e89d7a9da3bb",
        "_uetmsclkid=_uet",
        "ttclid=",
        "ttclid=undefined",
        "ttclid=null",
        "ttclid=%00",
        "ttclid={ttclid}",
        "xttclid=1; TTCLID=1; ttclid2=1",
        "x=ttclid=1",
        "=;=;;",
    ];
    for cookies in table {
        check(cookies, &[]);
    }
    check(&format!("ttclid={long}"), &[]);
}

#[test]
fn a_cookie_of_the_future_counts_from_now() {
    check(
        "_gcl_aw=GCL.9999999999.Cj0KCQ; _fbc=fb.1.9999999999999.IwAR",
        &[
            format!("{NOW_MS} _gcl_aw gclid=Cj0KCQ"),
            format!("{NOW_MS} _fbc fbclid=IwAR"),
        ],
    );
}

#[test]
fn ids_of_one_second_are_one_click_and_others_are_not() {
    check(
        "_gcl_ag=2.1.kB$i1786824813; _gcl_aw=GCL.1786824812.A; _gcl_gb=GCL.1786829999.C",
        &[
            "1786824812000 _gcl_aw gclid=A gbraid=B".to_owned(),
            "1786829999000 _gcl_gb wbraid=C".to_owned(),
        ],
    );
    check(
        "_gcl_aw=GCL.1786824812.A; _gcl_aw=GCL.1786824812.Z",
        &[
            "1786824812000 _gcl_aw gclid=A".to_owned(),
            "1786824812000 _gcl_aw gclid=Z".to_owned(),
        ],
    );
}

fn landing(query: &str, at: Timestamp) -> VisitRecord {
    let mut record = VisitRecord::default();
    let touch = Touch::of_page(&format!("https://a.example/?{query}"), "", &[], at);
    touch.into_iter().for_each(|touch| record.add(touch));
    record
}

#[test]
fn a_landing_of_the_platform_leaves_its_cookies_unread() {
    let cookies = "_gcl_aw=GCL.1786824812.A; _fbc=fb.1.1618377853639.B";
    let google = "1786824812000 _gcl_aw gclid=A";
    let meta = "1618377853639 _fbc fbclid=B";
    let table: [(&str, &[&str]); 5] = [
        ("gclid=1", &[meta]),
        ("wbraid=1", &[meta]),
        ("gad_source=1", &[google, meta]),
        ("fbclid=1&gbraid=2", &[]),
        ("utm_source=google", &[google, meta]),
    ];
    for (query, expected) in table {
        assert_eq!(read_all(cookies, &landing(query, now())), expected, "{query}");
    }
}

#[test]
fn a_cookies_click_never_outranks_a_landing() {
    let mut record = VisitRecord::default();
    for touch in touches("_gcl_aw=GCL.1795165199.cookie; ttclid=t", &record, now()) {
        record.add(touch);
    }
    let gclid = |record: &VisitRecord| record.click("google")?.landing.value("gclid").map(str::to_owned);
    assert_eq!(gclid(&record).as_deref(), Some("cookie"));
    record.join(landing("gclid=landed", now().plus_ms(-DAY_MS)));
    assert_eq!(gclid(&record).as_deref(), Some("landed"));
    record.join(landing("gad_source=1", now().plus_ms(DAY_MS)));
    assert_eq!(gclid(&record).as_deref(), Some("landed"));
}

#[test]
fn a_cookie_tells_of_a_click_and_not_of_the_newest_visit() {
    let mut record = landing("utm_source=news", now().plus_ms(-5_000));
    for touch in touches("ttclid=t", &record, now()) {
        record.add(touch);
    }
    let source = |touch: Option<&Touch>| touch?.landing.value("utm_source").map(str::to_owned);
    assert_eq!(source(record.last()).as_deref(), Some("news"));
    assert!(record.click("tiktok").is_some());
    record.join(landing("utm_source=mail", now().plus_ms(DAY_MS)));
    assert_eq!(source(record.last()).as_deref(), Some("mail"));
    let mut alone = VisitRecord::default();
    touches("ttclid=t", &alone, now())
        .into_iter()
        .for_each(|touch| alone.add(touch));
    assert_eq!(alone.last(), alone.click("tiktok"));
}

#[test]
fn the_landing_of_a_click_takes_the_place_of_what_its_cookie_told() {
    let of_cookie = || touches("_gcl_aw=GCL.1795165199.A", &VisitRecord::default(), now()).remove(0);
    for query in ["gclid=A", "gclid=A&gad_source=1&utm_source=google"] {
        for at in [now(), now().plus_ms(DAY_MS), now().plus_ms(-DAY_MS)] {
            let mut record = landing(query, at);
            record.add(of_cookie());
            assert_eq!(record, landing(query, at));
            let mut record = VisitRecord::default();
            record.add(of_cookie());
            record.join(landing(query, at));
            assert_eq!(record, landing(query, at));
        }
    }
}

#[test]
fn reading_the_same_cookies_on_every_page_changes_nothing() {
    let cookies = format!("_gcl_aw=GCL.1786824812.{GCLID}; ttclid=t; _fbc=fb.2.1618377853639.B; li_fat_id=l");
    let mut record = VisitRecord::default();
    for touch in touches(&cookies, &record, now()) {
        record.add(touch);
    }
    let before = record.clone();
    assert_eq!(before.touches().len(), 4);
    for touch in touches(&cookies, &record, now().plus_ms(DAY_MS)) {
        record.add(touch);
    }
    assert_eq!(record, before);
}

#[test]
fn fbc_is_what_the_cookie_said_or_made_of_the_landing() {
    let table = [
        ("fb.1.1618377853639.AbC-1_x", None),
        ("fb.2.1618377853639.AbC-1_x", Some("fb.2.1618377853639.AbC-1_x")),
        (
            "fb.1.1618377853639.AbC-1_x.AQICAQMC",
            Some("fb.1.1618377853639.AbC-1_x.AQICAQMC"),
        ),
        ("fb.1.9999999999999.AbC-1_x", Some("fb.1.9999999999999.AbC-1_x")),
    ];
    for (value, kept) in table {
        let mut record = VisitRecord::default();
        for touch in touches(&format!("_fbc={value}"), &record, now()) {
            assert_eq!(touch.fbc.as_deref(), kept);
            record.add(touch);
        }
        assert_eq!(record.fbc().as_deref(), Some(value));
    }
    let at = Timestamp::from_ms(1_554_763_741_205);
    let id = "AbCdEfGhIjKlMnOpQrStUvWxYz1234567890";
    let expected = format!("fb.1.1554763741205.{id}");
    assert_eq!(
        landing(&format!("fbclid={id}"), at).fbc().as_deref(),
        Some(expected.as_str())
    );
    assert_eq!(landing("gclid=1", at).fbc(), None);
}

#[test]
fn every_cookie_of_the_registry_has_a_name_of_its_own_and_can_be_read() {
    let mut names = Vec::new();
    for parameter in ClickIdParameter::all().filter(|parameter| !parameter.cookie().is_empty()) {
        let (name, pattern) = parameter.cookie().split_once('=').expect("a pattern");
        names.push(name);
        let value = pattern
            .replace("{id}", "AbC-1_x")
            .replace("{s}", "1786824812")
            .replace("{ms}", "1786824812000")
            .replace("{*}", "1");
        let read = touches(&format!("{name}={value}"), &VisitRecord::default(), now());
        let [touch] = read.as_slice() else {
            panic!("{name}")
        };
        assert_eq!(touch.landing.value(parameter.name()), Some("AbC-1_x"));
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
#[cfg(feature = "collector")]
fn a_cookie_is_known_by_the_name_that_the_registry_gives_it_and_by_no_other() {
    for parameter in ClickIdParameter::all().filter(|parameter| !parameter.cookie().is_empty()) {
        let (name, _) = parameter.cookie().split_once('=').expect("a pattern");
        assert_eq!(named(name), Some(name));
    }
    assert_eq!((named(""), named("_gcl_au")), (None, None));
}
