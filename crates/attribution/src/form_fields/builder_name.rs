//! A field's name as form builders wrap it, by the rules that a hundred builders' markup gave: see `tests.rs`.

use super::FieldKey;
use crate::landing::has_same_letters;
use crate::pieces::{cut, cut_last, pieces};

/// What builders put before an id: Elementor, Formidable, Mailchimp, Drupal, others.
const ID_PREFIXES: &str = "form-field-,field_,mce-,edit-,input-";

/// Other words for a gclid: Zoho's own field, and what CRMs call theirs. Mailchimp's merge tags have ten characters at
/// most, so a few of its users write `USOURCE`.
const ALIASES: &str = "zc_gad=gclid,google_click_id=gclid,hs_google_click_id=gclid,usource=utm_source,\
                       umedium=utm_medium,ucampaign=utm_campaign,uterm=utm_term,ucontent=utm_content";

/// What a name says as a whole, as its last segment (`form_fields[gclid]`, `lead.gclid`, HubSpot's `0-1/gclid`), or
/// without what a builder puts around it. An id may have a prefix besides.
pub(super) fn key_of<'a>(written: &str, is_id: bool, params: &'a [String]) -> Option<FieldKey<'a>> {
    let segment = pieces(written.strip_suffix(']').unwrap_or(written), b"[./").last();
    for name in [written, segment.unwrap_or_default(), unwrapped(written, is_id)] {
        let key = FieldKey::of_token(name, params);
        if key.is_some() {
            return key;
        }
        for alias in pieces(ALIASES, b",") {
            let (alias, token) = cut(alias, b"=");
            if has_same_letters(alias, name) {
                return FieldKey::of_token(token?, params);
            }
        }
    }
    None
}

/// Salesforce's `gclid__c`, Divi's `et_pb_contact_gclid_0`, Jotform's `q7_gclid`, and ids with a prefix; else nothing.
fn unwrapped(written: &str, is_id: bool) -> &str {
    let mut bare = written.strip_suffix("__c");
    if let Some(numbered) = written.strip_prefix("et_pb_contact_") {
        bare = cut_last(numbered, b'_').map(|(bare, _)| bare);
    }
    if let (Some(question), Some(name)) = cut_question(written) {
        bare = question.bytes().all(|byte| byte.is_ascii_digit()).then_some(name);
    }
    if is_id {
        bare = bare.or(pieces(ID_PREFIXES, b",").find_map(|prefix| written.strip_prefix(prefix)));
    }
    bare.unwrap_or_default()
}

fn cut_question(written: &str) -> (Option<&str>, Option<&str>) {
    let (question, name) = cut(written, b"_");
    (
        question.strip_prefix('q').filter(|number| !number.is_empty()),
        name,
    )
}
