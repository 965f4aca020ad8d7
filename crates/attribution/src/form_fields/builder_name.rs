//! A field's name as form builders wrap it, by the rules that a hundred builders' markup gave: see `tests.rs`.

use super::FieldKey;
use crate::digits::read_number;
use crate::landing::has_same_letters;
use crate::pieces::{Separators, cut, cut_last, pieces};

/// What builders put before an id: Elementor, Formidable, Mailchimp, Drupal, others.
const ID_PREFIXES: &str = "form-field-,field_,mce-,edit-,input-";

/// Other words for a gclid: Zoho's own field, and what CRMs call theirs. Mailchimp's merge tags have ten characters at
/// most, so a few of its users write `USOURCE`.
const ALIASES: &str = "zc_gad=gclid,google_click_id=gclid,hs_google_click_id=gclid,usource=utm_source,\
                       umedium=utm_medium,ucampaign=utm_campaign,uterm=utm_term,ucontent=utm_content";

/// What a name says as a whole, as its last segment (`form_fields[gclid]`, `lead.gclid`, HubSpot's `0-1/gclid`), or
/// without what a builder puts around it. An id may have a prefix besides.
pub(super) fn key_of<'a>(written: &str, is_id: bool, params: &'a [String]) -> Option<FieldKey<'a>> {
    let segment = pieces(
        written.strip_suffix(']').unwrap_or(written),
        const { Separators::any_of(b"[./") },
    )
    .last();
    let key = token_or_alias(written, params);
    let key = key.or_else(|| token_or_alias(segment.unwrap_or_default(), params));
    key.or_else(|| token_or_alias(unwrapped(written, is_id), params))
}

fn token_or_alias<'a>(name: &str, params: &'a [String]) -> Option<FieldKey<'a>> {
    let key = FieldKey::of_token(name, params);
    if key.is_some() {
        return key;
    }
    for alias in pieces(ALIASES, b',') {
        let (alias, token) = cut(alias, b'=');
        if has_same_letters(alias, name) {
            return FieldKey::of_token(token?, params);
        }
    }
    None
}

/// Salesforce's `gclid__c`, Divi's `et_pb_contact_gclid_0`, Jotform's `q7_gclid`, and ids with a prefix; else nothing.
fn unwrapped(written: &str, is_id: bool) -> &str {
    let (bare, end) = cut_last(written, b'_').unwrap_or_default();
    let (begin, rest) = cut(written, b'_');
    let question = begin.strip_prefix('q').and_then(|number| read_number(number, 10));
    if end == "c" && bare.ends_with('_') {
        return bare;
    }
    if let Some(bare) = bare.strip_prefix("et_pb_contact_") {
        return bare;
    }
    for prefix in pieces(ID_PREFIXES, b',') {
        match written.strip_prefix(prefix) {
            Some(bare) if is_id => return bare,
            _ => {}
        }
    }
    rest.filter(|_| question.is_some()).unwrap_or_default()
}
