//! Forms of another origin in a frame of the page, or behind a link (`data-embeds`): the visitor's values in the address
//! that the frame is loaded from, or in the attribute of which the embed's own script makes that address.
//!
//! What stands there already stays, an empty parameter too: it is how the owner says "not this one". Everything else of
//! the text stays byte for byte.

use crate::consent::Permitted;
use crate::digits::push_number;
use crate::form_fields::FieldKey;
use crate::limits::EMBED_BYTES_MAX;
use crate::pieces::{Separators, cut, pieces};
use crate::tag_settings::TagSettings;
use crate::urlencoded;
use crate::visit_record::VisitRecord;

/// Hosts whose frames take values in their query, and those of Typeform, which take them behind the `#`.
const QUERY_HOSTS: [&str; 9] = [
    "calendly.com",
    "tally.so",
    "jotform.com",
    "pipedrive.com",
    "pardot.com",
    "cal.com",
    "paperform.co",
    "fillout.com",
    "zohopublic.com",
];
const TYPEFORM_HOST: &str = "typeform.com";
const GOOGLE_FORMS: [&str; 2] = ["docs.google.com/forms/", "docs.google.com/a/"];

/// How an embed takes values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carrier {
    /// `?a=1&b=2` of an address.
    Query,
    /// `#a=1&b=2` of an address (<https://www.typeform.com/help/a/using-hidden-fields-360052676612/>).
    Hash,
    /// Google's `entry.1=…` in the query, which only `data-map` can name.
    GoogleForm,
    /// `a=1,b=2`, a comma in a value with a backslash before it: `data-tf-hidden` of Typeform's `@typeform/embed`.
    TypeformHidden,
    /// `a=1&b=2` and nothing else: Paperform's `data-prefill`.
    Pairs,
    /// `{"a":"1"}`: Cal's `data-cal-config` (<https://cal.com/help/embedding/utm-tracking-embed>).
    Json,
}

impl Carrier {
    /// By the attribute, and by the address in it. One that the owner has named (`is_named`) needs no known host.
    fn of(attribute: &str, text: &str, is_named: bool) -> Option<Self> {
        match attribute {
            "data-tf-hidden" => Some(Self::TypeformHidden),
            "data-prefill" => Some(Self::Pairs),
            "data-cal-config" => Some(Self::Json),
            _ => {
                let address = ["https://", "http://", "//"]
                    .iter()
                    .find_map(|scheme| text.strip_prefix(*scheme))?;
                let host = cut(cut(address, const { Separators::any_of(b"/?#") }).0, b':').0;
                let is_at = |known: &&str| {
                    host.strip_suffix(*known)
                        .is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
                };
                if GOOGLE_FORMS.iter().any(|form| address.starts_with(form)) {
                    Some(Self::GoogleForm)
                } else if is_at(&TYPEFORM_HOST) {
                    Some(Self::Hash)
                } else {
                    (is_named || QUERY_HOSTS.iter().any(is_at)).then_some(Self::Query)
                }
            }
        }
    }
}

impl Permitted<VisitRecord> {
    /// What the attribute of an embed should hold where `text` stands in it by itself; `None` where it is to be left
    /// alone. `is_named`: the owner's selector names the embed.
    #[must_use]
    pub fn embedded(
        &self,
        attribute: &str,
        text: &str,
        is_named: bool,
        settings: &TagSettings,
    ) -> Option<String> {
        let carrier = Carrier::of(attribute, text, is_named)?;
        let mut fields = self.fields_of_embed(settings);
        if carrier == Carrier::GoogleForm {
            fields.retain(|(name, _)| name.starts_with("entry."));
        }
        let written = match carrier {
            Carrier::TypeformHidden => typeform_hidden(text, &fields),
            Carrier::Json => json(text, &fields),
            Carrier::Pairs => pairs(text, "", fields, ""),
            Carrier::Query | Carrier::GoogleForm => in_query(text, fields, carrier),
            Carrier::Hash => in_hash(text, fields),
        };
        Some(written).filter(|written| written != text)
    }

    /// The newest campaign, the newest click of each platform, and what `data-map` names besides, as far as there are
    /// values. A lead_id belongs to a submission, which an embed does not tell of.
    fn fields_of_embed(&self, settings: &TagSettings) -> Vec<(String, String)> {
        let record = self.value();
        let mut fields: Vec<(String, String)> = Vec::new();
        let campaign = record
            .last()
            .into_iter()
            .flat_map(|touch| touch.landing.campaign());
        fields.extend(campaign.map(|value| (value.name().to_owned(), value.value().to_owned())));
        for (platform, touch) in record.clicks() {
            let ids = touch.landing.ids().iter();
            let of_platform = ids.filter(|id| id.parameter().platform() == platform);
            fields.extend(of_platform.map(|id| (id.parameter().name().to_owned(), id.value().to_owned())));
        }
        let mapped =
            mapped(settings).map(|(field, key)| (field.to_owned(), self.field_value(key, "").into_text()));
        fields.extend(mapped.filter(|(_, value)| !value.is_empty()));
        fields
    }
}

/// The names of `data-map` that a field in an address may have: an id and a class are of the page.
fn mapped(settings: &TagSettings) -> impl Iterator<Item = (&str, FieldKey<'_>)> {
    pieces(&settings.map, b';').filter_map(|entry| {
        let (field, token) = entry.rsplit_once('=')?;
        let token = token.trim_ascii();
        let key = FieldKey::of_token(token.strip_suffix('!').unwrap_or(token), &settings.params)?;
        let field = field.trim_ascii();
        (!field.is_empty() && !field.starts_with(['#', '.'])).then_some((field, key))
    })
}

/// The names of `a=1&b=2`, decoded.
fn names_in(pairs: &str) -> impl Iterator<Item = String> {
    pieces(pairs, b'&').map(|pair| urlencoded::decode(cut(pair, b'=').0))
}

/// Appends what is not there yet to `present`, as long as there is room; `elsewhere` are pairs that count as there.
fn pairs(present: &str, elsewhere: &str, fields: Vec<(String, String)>, around: &str) -> String {
    let known: Vec<String> = names_in(present).chain(names_in(elsewhere)).collect();
    let mut written = present.to_owned();
    for (name, value) in fields {
        if known.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            continue;
        }
        let mut pair = String::new();
        encode(&mut pair, &name);
        pair.push('=');
        encode(&mut pair, &value);
        if written.len() + pair.len() + around.len() > EMBED_BYTES_MAX {
            continue;
        }
        if !written.is_empty() && !written.ends_with('&') {
            written.push('&');
        }
        written.push_str(&pair);
    }
    written
}

/// A blank is `%20`, which every reader of a query and of a hash takes for one; a plus sign is not read so by all.
fn encode(text: &mut String, plain: &str) {
    let mut encoded = String::new();
    urlencoded::encode(&mut encoded, plain);
    text.push_str(&encoded.replace('+', "%20"));
}

/// Address before the query, query, hash.
fn parts(address: &str) -> (&str, Option<&str>, Option<&str>) {
    let (before_hash, hash) = cut(address, b'#');
    let (before_query, query) = cut(before_hash, b'?');
    (before_query, query, hash)
}

fn joined(address: &str, query: &str, hash: Option<&str>) -> String {
    let mut text = address.to_owned();
    for (separator, part) in [('?', Some(query).filter(|query| !query.is_empty())), ('#', hash)] {
        if let Some(part) = part {
            text.push(separator);
            text.push_str(part);
        }
    }
    text
}

fn in_query(text: &str, mut fields: Vec<(String, String)>, carrier: Carrier) -> String {
    let (address, query, hash) = parts(text);
    // Google fills its fields in from an address that says so.
    if carrier == Carrier::GoogleForm && !fields.is_empty() {
        fields.insert(0, ("usp".to_owned(), "pp_url".to_owned()));
    }
    let present = query.unwrap_or_default();
    let written = pairs(present, "", fields, text);
    if written == present {
        return text.to_owned();
    }
    joined(address, &written, hash)
}

fn in_hash(text: &str, fields: Vec<(String, String)>) -> String {
    let (address, query, hash) = parts(text);
    let written = pairs(hash.unwrap_or_default(), query.unwrap_or_default(), fields, text);
    if written.is_empty() {
        return text.to_owned();
    }
    joined(address, query.unwrap_or_default(), Some(&written))
}

/// Typeform's reader unescapes one comma of a value and takes a backslash before a comma for an escape, so a value that
/// it would alter is left out.
fn typeform_hidden(text: &str, fields: &[(String, String)]) -> String {
    let known: Vec<&str> = pieces(text, b',')
        .map(|pair| cut(pair, b'=').0.trim_ascii())
        .collect();
    let mut written = text.to_owned();
    for (name, value) in fields {
        let is_altered =
            value.matches(',').count() > 1 || value.ends_with('\\') || value.contains(['\n', '\r']);
        let is_known = known.iter().any(|known| known.eq_ignore_ascii_case(name));
        if is_known || is_altered || written.len() + value.len() > EMBED_BYTES_MAX {
            continue;
        }
        if !written.trim_ascii().is_empty() {
            written.push(',');
        }
        written.push_str(name);
        written.push('=');
        written.push_str(&value.replace(',', "\\,"));
    }
    written
}

/// Adds members to the text of an object. A text that is none is left alone, and so is a name that it holds anywhere.
fn json(text: &str, fields: &[(String, String)]) -> String {
    let present = if text.trim_ascii().is_empty() {
        "{}"
    } else {
        text.trim_ascii()
    };
    let Some(inside) = present.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return text.to_owned();
    };
    let inside = inside.trim_ascii();
    let mut members = String::new();
    for (name, value) in fields {
        if inside.contains(&format!("\"{name}\"")) {
            continue;
        }
        if !inside.is_empty() || !members.is_empty() {
            members.push(',');
        }
        push_json_text(&mut members, name);
        members.push(':');
        push_json_text(&mut members, value);
    }
    if members.is_empty() || present.len() + members.len() > EMBED_BYTES_MAX {
        return text.to_owned();
    }
    ["{", inside, &members, "}"].concat()
}

/// A text of JSON (<https://www.rfc-editor.org/rfc/rfc8259#section-7>).
fn push_json_text(text: &mut String, plain: &str) {
    text.push('"');
    for character in plain.chars() {
        if character < ' ' || matches!(character, '"' | '\\') {
            text.push_str("\\u00");
            push_number(text, u64::from(character), 16, 2);
        } else {
            text.push(character);
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests;
