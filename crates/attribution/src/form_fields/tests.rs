//! Fields as builders write them (`attribute=value`, with bars between), and what they want. `style=1` stands for a field that
//! the page's style hides, `wrap` for the classes around it, `guard` for a form that logs in or searches, `trap` for the name
//! of the form's honeypot.

use super::*;
use crate::consent::{ConsentListener, ConsentPolicy, Statement, gate};
use crate::lead_id::LeadId;
use crate::timestamp::{DAY_MS, Timestamp};
use crate::touch::Touch;

const MATCH: &[(&str, &str)] = &[
    ("type=hidden|name=gclid", "gclid"),
    ("type=hidden|name=GCLID", "gclid"),
    ("type=hidden|name=gbraid", "gbraid"),
    ("type=hidden|name=wbraid", "wbraid"),
    ("type=hidden|name=dclid", "dclid"),
    ("type=hidden|name=msclkid", "msclkid"),
    ("type=hidden|name=fbclid", "fbclid"),
    ("type=hidden|name=ttclid", "ttclid"),
    ("type=hidden|name=li_fat_id", "li_fat_id"),
    ("type=hidden|name=ScCid", "ScCid"),
    ("type=hidden|name=sccid", "ScCid"),
    ("type=hidden|name=gad_source", "gad_source"),
    ("type=hidden|name=gad-campaignid", "gad_campaignid"),
    ("type=hidden|name=utm_source", "utm_source"),
    ("type=hidden|name=UTM_Source", "utm_source"),
    ("type=hidden|name=utm-source", "utm_source"),
    ("type=hidden|name=utmSource", "utm_source"),
    ("type=hidden|name=utm source", "utm_source"),
    ("type=hidden|name=UTM Source:", "utm_source"),
    ("type=hidden|name=utm_medium", "utm_medium"),
    ("type=hidden|name=utm_campaign", "utm_campaign"),
    ("type=hidden|name=utm_term", "utm_term"),
    ("type=hidden|name=utm_content", "utm_content"),
    ("type=hidden|name=utm_id", "utm_id"),
    ("type=hidden|name=utm_source_platform", "utm_source_platform"),
    ("type=hidden|name=utm_creative_format", "utm_creative_format"),
    ("type=hidden|name=utm_marketing_tactic", "utm_marketing_tactic"),
    ("type=hidden|name=lead_id", "lead_id"),
    ("type=hidden|name=Lead ID", "lead_id"),
    ("type=hidden|name=channel", "channel"),
    ("type=hidden|name=referrer", "referrer"),
    ("type=hidden|name=landing_page", "landing_page"),
    ("type=hidden|name=visited_at", "visited_at"),
    ("type=hidden|name=fbc", "fbc"),
    ("type=hidden|name=partner", "partner"),
    ("type=hidden|name=first_gclid", "first_gclid"),
    ("type=hidden|name=first_utm_source", "first_utm_source"),
    ("type=hidden|name=First UTM Source", "first_utm_source"),
    ("type=hidden|name=first-landing-page", "first_landing_page"),
    ("type=hidden|name=first_partner", "first_partner"),
    ("type=hidden|name=first_channel", "first_channel"),
    ("type=hidden|name=form_fields[gclid]", "gclid"),
    ("type=hidden|name=contact[attributes][utm_source]", "utm_source"),
    ("type=hidden|name=attributes[UTM Source]", "utm_source"),
    ("type=hidden|name=data[gclid]", "gclid"),
    ("type=hidden|name=gclid[]", "gclid"),
    ("type=hidden|name=lead.gclid", "gclid"),
    ("type=hidden|name=lead.first.utm_term", "utm_term"),
    ("type=hidden|name=0-1/gclid", "gclid"),
    ("type=hidden|name=2-7/utm_source", "utm_source"),
    ("type=hidden|name=q7_gclid", "gclid"),
    ("type=hidden|name=q12_utmSource", "utm_source"),
    ("type=hidden|name=et_pb_contact_gclid_0", "gclid"),
    ("type=hidden|name=et_pb_contact_utm_source_12", "utm_source"),
    ("type=hidden|name=gclid__c", "gclid"),
    ("type=hidden|name=utm_source__c", "utm_source"),
    ("type=hidden|name=UTM_Source__c", "utm_source"),
    ("type=hidden|name=utmcampaign", "utm_campaign"),
    ("type=hidden|name=zc_gad", "gclid"),
    ("type=hidden|name=google_click_id", "gclid"),
    ("type=hidden|name=GoogleClickId", "gclid"),
    ("type=hidden|name=hs_google_click_id", "gclid"),
    ("type=hidden|name=USOURCE", "utm_source"),
    ("type=hidden|name=UMEDIUM", "utm_medium"),
    ("type=hidden|name=UCAMPAIGN", "utm_campaign"),
    ("type=hidden|name=UTERM", "utm_term"),
    ("type=hidden|name=UCONTENT", "utm_content"),
    ("type=hidden|name=input_5|value=[gclid]", "gclid"),
    ("type=hidden|name=input_5|value= [ GCLID ]", "gclid"),
    ("type=hidden|name=input_5|value={{utm_source}}", "utm_source"),
    (
        "type=hidden|name=input_5|value={{ UTM Campaign }}",
        "utm_campaign",
    ),
    (
        "type=hidden|name=input_5|value=[first_utm_source]",
        "first_utm_source",
    ),
    ("type=hidden|name=input_5|value=[landing_page]", "landing_page"),
    ("type=hidden|name=input_5|value=[partner]", "partner"),
    ("type=hidden|name=utm_source|value=[gclid]", "gclid"),
    ("type=hidden|name=wpforms[fields][5]|value=[lead_id]", "lead_id"),
    ("type=hidden|name=item_meta[9]|value=[fbclid]", "fbclid"),
    ("type=hidden|name=_subject|value=[utm_campaign]", "utm_campaign"),
    ("type=hidden|name=x|own=gbraid", "gbraid"),
    ("type=hidden|name=utm_source|own=gclid", "gclid"),
    ("type=hidden|name=csrf_note|own=gclid", "gclid"),
    (
        "type=hidden|name=x|own=first_utm_term|value=[gclid]",
        "first_utm_term",
    ),
    ("type=hidden|name=00N8d00000QN3Qa|own=gclid", "gclid"),
    ("type=hidden|id=00N8d00000QN3Qa|own=GCLID", "gclid"),
    (
        "type=hidden|name=00N8d00000QN3Qa|own=fbclid|value=[gclid]",
        "fbclid",
    ),
    (
        "type=hidden|name=entry.7|own=first_utm_source",
        "first_utm_source",
    ),
    ("type=hidden|name=input_2|id=input_1_5|own=utm_term", "utm_term"),
    ("type=hidden|name=x|class=wide|own=gclid!", "gclid"),
    ("type=hidden|name=owner|own=utm_source!|value=NONE", "utm_source"),
    ("type=hidden|name=x|original=gclid", "gclid"),
    ("type=hidden|name=field[6]|data=utm_source", "utm_source"),
    ("type=hidden|name=field-2|data=UTM Source", "utm_source"),
    ("type=hidden|id=utm-source", "utm_source"),
    ("type=hidden|name=input_7|id=UTM-Medium", "utm_medium"),
    ("type=hidden|id=form-field-gclid", "gclid"),
    ("type=hidden|id=field_gclid", "gclid"),
    ("type=hidden|id=mce-GCLID", "gclid"),
    ("type=hidden|id=mce-USOURCE", "utm_source"),
    ("type=hidden|id=edit-utm-source", "utm_source"),
    ("type=hidden|id=input-utm_term", "utm_term"),
    ("type=hidden|id=gclid__c", "gclid"),
    (
        "type=hidden|name=nf-field-12|class=ninja-forms-field gclid nf-element",
        "gclid",
    ),
    ("type=hidden|name=x|class=utm_source", "utm_source"),
    ("type=hidden|name=input_4|wrap=gfield utm_source", "utm_source"),
    (
        "type=hidden|name=934963_128679pi|wrap= form-field  utm_source pd-hidden hidden",
        "utm_source",
    ),
    (
        "type=hidden|name=wpforms[fields][5]|wrap=wpforms-field wpforms-field-hidden gclid",
        "gclid",
    ),
    ("type=text|style=1|name=gclid", "gclid"),
    ("type=|style=1|name=utm_source", "utm_source"),
    ("type=textarea|style=1|name=utm_content", "utm_content"),
    ("type=text|style=1|name=UTM_Source|data=UTM_Source", "utm_source"),
    (
        "type=text|style=1|name=et_pb_contact_gclid_0|original=gclid",
        "gclid",
    ),
    ("type=text|style=1|name=field-9|data=gclid", "gclid"),
    ("type=text|style=1|name=x|value=[gclid]", "gclid"),
    ("type=text|style=1|name=x|own=referrer", "referrer"),
    ("type=text|style=1|name=x|value=[channel]", "channel"),
    ("type=text|style=1|id=gclid", "gclid"),
    (
        "type=text|style=1|name=input_6|wrap=gfield gfield_visibility_hidden gclid",
        "gclid",
    ),
    ("type=hidden|name=x|value=[gclid]|guard=1", "gclid"),
    ("type=hidden|name=x|own=gclid|guard=1", "gclid"),
];

const NO_MATCH: &[&str] = &[
    "type=hidden",
    "type=hidden|name=gclid_date",
    "type=hidden|name=has_gclid",
    "type=hidden|name=gclid_captured_flag",
    "type=hidden|name=utm_source_other",
    "type=hidden|name=my_utm_source",
    "type=hidden|name=utm",
    "type=hidden|name=source",
    "type=hidden|name=medium",
    "type=hidden|name=campaign",
    "type=hidden|name=term",
    "type=hidden|name=content",
    "type=hidden|name=keyword",
    "type=hidden|name=lead_source",
    "type=hidden|name=uid",
    "type=hidden|name=user",
    "type=hidden|name=last_gclid",
    "type=hidden|name=ft_gclid",
    "type=hidden|name=lt_utm_source",
    "type=hidden|name=first_lead_id",
    "type=hidden|name=first_fbc",
    "type=hidden|name=firstgclid",
    "type=hidden|name=first_source",
    "type=hidden|name=mc_eid",
    "type=hidden|name=gclid_2",
    "type=hidden|name=field_gclid",
    "type=hidden|name=mce-GCLID",
    "type=hidden|name=qgclid",
    "type=hidden|name=q_gclid",
    "type=hidden|name=qx7_gclid",
    "type=hidden|name=et_pb_contact_message_0",
    "type=hidden|name=utm_source[0][value]",
    "type=hidden|name=input_5|value=[channel_of_somebody_else]",
    "type=hidden|name=input_5|value=[your-name]",
    "type=hidden|name=input_5|value=see [gclid]",
    "type=hidden|name=input_5|value=[gclid] [utm_source]",
    "type=hidden|name=input_5|value={gclid}",
    "type=hidden|name=input_5|value=%gclid%",
    "type=hidden|name=input_5|value=[gclid",
    "type=hidden|name=input_5|value={{gclid}",
    "type=hidden|name=x|own=g clidx",
    "type=hidden|name=entry.8",
    "type=hidden|name=x|class=source medium wide",
    "type=hidden|name=x|class=partner",
    "type=hidden|name=x|class=gclid_field",
    "type=hidden|name=x|class=GCLID-input",
    "type=hidden|name=x|wrap=channel referrer landing_page",
    "type=hidden|name=x|class=wpforms-field-medium",
    "type=hidden|name=_token",
    "type=hidden|name=_gclid",
    "type=hidden|name=_wpcf7_unit_tag",
    "type=hidden|name=__RequestVerificationToken",
    "type=hidden|name=csrfmiddlewaretoken|class=gclid",
    "type=hidden|name=authenticity_token|id=gclid",
    "type=hidden|name=form_build_id|wrap=utm_source",
    "type=hidden|name=gform_target_page_number_1|wrap=gclid",
    "type=hidden|name=is_submit_1|class=gclid",
    "type=hidden|name=state_1|class=gclid",
    "type=hidden|name=__VIEWSTATE|id=gclid",
    "type=hidden|name=hs_context|data=gclid",
    "type=hidden|name=hubspotutk",
    "type=hidden|name=oid",
    "type=hidden|name=retURL|class=gclid",
    "type=hidden|name=gclid|guard=1",
    "type=hidden|name=utm_source|class=utm_source|guard=1",
    "type=hidden|name=_gotcha|value=[gclid]",
    "type=hidden|name=gclid|trap=gclid",
    "type=hidden|name=bot-field|id=gclid",
    "type=hidden|name=pi_extra_field|own=gclid",
    "type=hidden|name=aG9uZXlwb3Q|id=gclid",
    "type=hidden|name=item_1__fluent_sf|id=gclid",
    "type=hidden|name=gclid|wrap=ff-hpsf-container",
    "type=hidden|name=gclid|wrap=gfield gform_validation_container",
    "type=hidden|name=gclid|wrap=wpforms-field wpforms-field-hp",
    "type=hidden|name=gclid|class=frm_verify",
    "type=hidden|name=nf-field-hp|class=gclid",
    "type=text|name=gclid",
    "type=|name=gclid",
    "type=textarea|name=utm_content",
    "type=text|name=x|value=[gclid]",
    "type=text|name=x|own=gclid",
    "type=text|name=00N8d00000QN3Qa|own=gclid!",
    "type=email|name=gclid",
    "type=email|style=1|own=gclid",
    "type=tel|style=1|name=gclid",
    "type=number|style=1|name=gclid",
    "type=search|style=1|name=gclid",
    "type=url|style=1|name=gclid",
    "type=password|style=1|name=gclid",
    "type=file|style=1|name=gclid",
    "type=checkbox|style=1|name=gclid",
    "type=radio|style=1|name=utm_source",
    "type=select-one|style=1|name=utm_source",
    "type=submit|style=1|name=gclid",
    "type=text|style=1|name=referrer",
    "type=text|style=1|name=channel",
    "type=text|style=1|name=landing_page",
    "type=text|style=1|id=referrer",
    "type=text|style=1|name=x|class=gclid",
    "type=text|style=1|name=x|wrap=gclid",
    "type=text|style=1|name=website|class=gclid",
    "type=text|style=1|name=gclid|auto=cc-number",
    "type=text|style=1|name=gclid|auto=section-a cc-csc",
    "type=text|style=1|name=gclid|auto=one-time-code",
    "type=text|style=1|name=gclid|auto=new-password",
    "type=hidden|name=gclid|auto=current-password",
    "type=text|style=1|name=b_0123abcdef_4567",
    "type=text|style=1|name=gclid|guard=1",
];

const OCCUPIED: &[&str] = &[
    "type=hidden|name=gclid|value=a preset of the owner",
    "type=hidden|name=utm_source|value=NONE",
    "type=hidden|name=gclid|value=[your-name]",
    "type=text|style=1|name=utm_source|value=newsletter",
    "type=hidden|name=x|own=gclid|value=7",
    "type=hidden|name=00N8d00000QN3Qa|own=first_gclid|value=7",
];

fn settings() -> TagSettings {
    TagSettings::read(|name| match name {
        "params" => Some("partner"),
        _ => None,
    })
}

fn field(case: &str) -> Field<'_> {
    let mut field = Field::default();
    for part in case.split('|') {
        let (name, value) = part.split_once('=').expect(case);
        let [original_id, data_name] = &mut field.builder_names;
        match name {
            "type" => field.input_type = value,
            "style" => field.is_hidden_by_style = true,
            "name" => field.name = value,
            "id" => field.id = value,
            "own" => field.own_attribute = value,
            "original" => *original_id = value,
            "data" => *data_name = value,
            "auto" => field.autocomplete = value,
            "class" => field.classes = value,
            "wrap" => field.wrapper_classes = value,
            "guard" => field.is_guarded = true,
            "trap" => field.honeypot = value,
            "value" => field.value = value,
            _ => panic!("{case}"),
        }
    }
    field
}

#[test]
fn fields_that_want_something_of_ours() {
    let settings = settings();
    for (case, token) in MATCH {
        let found = field(case).recognise(&settings);
        let key = FieldKey::of_token(token, &settings.params);
        assert!(key.is_some(), "{token}");
        assert_eq!(found.map(|found| found.key), key, "{case}");
        assert_eq!(found.and_then(|found| found.occupied_by), None, "{case}");
    }
}

#[test]
fn fields_that_are_none_of_our_business() {
    let settings = settings();
    for case in NO_MATCH {
        assert_eq!(field(case).recognise(&settings), None, "{case}");
    }
}

#[test]
fn there_are_as_many_cases_as_were_promised() {
    assert!(MATCH.len() + NO_MATCH.len() >= 150 && NO_MATCH.len() >= 60);
}

#[test]
fn what_stands_in_a_field_is_somebody_elses() {
    let settings = settings();
    for case in OCCUPIED {
        let field = field(case);
        let found = field.recognise(&settings).expect(case);
        assert_eq!(
            (found.occupied_by, found.holds_token),
            (Some(field.value), false),
            "{case}"
        );
        // What the browser put back is nobody's.
        let moment = Moment::Restored;
        let restored = Field { moment, ..field }.recognise(&settings).expect(case);
        assert_eq!(restored.occupied_by, None, "{case}");
    }
}

#[test]
fn the_page_script_says_everything_in_one_text() {
    let hints = "text\x001\0name\0id\0own\0original\0data\0auto\0class\0wrap\x001\0trap";
    let read = Field::of_hints(hints, "value", Moment::Submitting);
    let expected = Field {
        moment: Moment::Submitting,
        ..field(
            "type=text|style=1|name=name|id=id|own=own|original=original|data=data|auto=auto|class=class|wrap=wrap|guard=1|\
             trap=trap|value=value",
        )
    };
    assert_eq!(format!("{read:?}"), format!("{expected:?}"));
    let little = Field::of_hints("hidden\0\0gclid", "", Moment::Passing);
    assert_eq!(little.name, "gclid");
    assert!(!little.is_guarded && !little.is_hidden_by_style);
}

#[test]
fn click_ids_come_from_the_newest_click_and_campaigns_from_the_newest_touch() {
    let now = Timestamp::EPOCH;
    let mut days = 0..;
    let mut touch = |query: &str| {
        let at = now.plus_ms(days.next().unwrap_or(0) * DAY_MS);
        Touch::of_page(
            &format!("https://a.example/lp?{query}"),
            "https://b.example/x",
            &[],
            at,
        )
        .expect("a touch")
    };
    let mut record = VisitRecord::default();
    record.add(touch("gclid=old&utm_source=first"));
    record.add(touch("gclid=new&gbraid=0AAAAA&utm_source=second"));
    record.add(touch("fbclid=IwAR&utm_source=third"));
    record.add(touch(
        "utm_source=fourth&utm_campaign=%5B%22%27%3C50%25+off%3E+%2B",
    ));
    let mut listener = ConsentListener::new(ConsentPolicy::default(), now);
    listener.hear(
        Statement::parse("site,explicit,granted").expect("a statement"),
        now,
    );
    let record = gate(record, listener.state()).expect("granted");
    let lead_id = LeadId::from_random([7; 2]);
    let table = [
        ("gclid", "new"),
        ("gbraid", "0AAAAA"),
        ("wbraid", ""),
        ("fbclid", "IwAR"),
        ("msclkid", ""),
        ("utm_source", "fourth"),
        ("utm_medium", ""),
        ("utm_campaign", "[\"'<50% off> +"),
        ("first_gclid", "old"),
        ("first_utm_source", "first"),
        ("first_fbclid", ""),
        ("landing_page", "https://a.example/lp"),
        ("referrer", "https://b.example/x"),
        ("visited_at", "1970-01-04T00:00:00.000Z"),
        ("first_visited_at", "1970-01-01T00:00:00.000Z"),
        ("lead_id", lead_id.as_str()),
    ];
    for (token, expected) in table {
        let key = FieldKey::of_token(token, &[]).expect(token);
        let value = record.field_value(key, lead_id.as_str()).into_text();
        assert_eq!(value, expected, "{token}");
    }
}
