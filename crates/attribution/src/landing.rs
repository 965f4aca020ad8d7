//! What the URL said: known click ids and campaign values. All else is forgotten at once.

use form_urlencoded::Parse;

use crate::campaign::{self, CampaignValue};
use crate::click_id::{ClickId, ClickIdParameter};

/// The parameters of one landing. Empty when the URL named neither a click nor a campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Landing {
    ids: Vec<ClickId>,
    utm: Vec<CampaignValue>,
    params: Vec<CampaignValue>,
}

impl Landing {
    /// Reads the query of a page's address, and the query inside a hash route (`#/lp?gclid=…`) after it.
    ///
    /// Decoding and choice follow <https://url.spec.whatwg.org/#urlencoded-parsing> and `URLSearchParams.get`:
    /// the first value of a name wins, also when it is empty. `added` names what the site keeps besides.
    #[must_use]
    pub fn from_href(href: &str, added: &[String]) -> Self {
        let (before_hash, hash) = href.split_once('#').unwrap_or((href, ""));
        let query = before_hash.split_once('?').map_or("", |(_, query)| query);
        let hash_query = hash.split_once('?').map_or("", |(_, query)| query);
        let mut landing = Self::default();
        let mut seen = Vec::new();
        landing.read(form_urlencoded::parse(query.as_bytes()), added, &mut seen);
        landing.read(form_urlencoded::parse(hash_query.as_bytes()), added, &mut seen);
        landing
    }

    /// Takes decoded pairs that were kept before; names outside the registry are the site's own.
    pub(crate) fn from_kept<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut landing = Self::default();
        for (name, value) in pairs {
            landing.take(name, value, campaign::may_be_added(name));
        }
        landing
    }

    fn read(&mut self, pairs: Parse<'_>, added: &[String], seen: &mut Vec<String>) {
        for (name, value) in pairs {
            let is_added = added.iter().any(|other| *other == name);
            let is_known = is_added || campaign::is_utm(&name) || ClickIdParameter::named(&name).is_some();
            if is_known && !seen.iter().any(|other| *other == name) {
                self.take(&name, &value, is_added);
                seen.push(name.into_owned());
            }
        }
    }

    fn take(&mut self, name: &str, value: &str, is_added: bool) {
        if let Some(parameter) = ClickIdParameter::named(name) {
            self.ids.extend(ClickId::parse(parameter, value));
        } else if campaign::is_utm(name) {
            self.utm.extend(CampaignValue::parse(name, value));
        } else if is_added {
            self.params.extend(CampaignValue::parse(name, value));
        }
    }

    /// The click ids, in the order of the URL.
    #[must_use]
    pub fn ids(&self) -> &[ClickId] {
        &self.ids
    }

    /// The `utm_` values, in the order of the URL.
    #[must_use]
    pub fn utm(&self) -> &[CampaignValue] {
        &self.utm
    }

    /// The values of the site's own parameters (`data-params`).
    #[must_use]
    pub fn params(&self) -> &[CampaignValue] {
        &self.params
    }

    /// Whether the URL named neither a click nor a campaign.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.utm.is_empty() && self.params.is_empty()
    }

    /// The value of one parameter.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.pairs()
            .find(|(other, _)| *other == name)
            .map(|(_, value)| value)
    }

    /// Whether this landing belongs to a click of that platform.
    #[must_use]
    pub fn is_click_of(&self, platform: &str) -> bool {
        self.ids.iter().any(|id| id.parameter().platform() == platform)
    }

    /// Everything kept, as name and value.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let ids = self.ids.iter().map(|id| (id.parameter().name(), id.value()));
        let named = self.utm.iter().chain(&self.params);
        ids.chain(named.map(|campaign| (campaign.name(), campaign.value())))
    }

    /// Forgets the campaign, so that the ids still fit where space is short.
    pub(crate) fn forget_campaign(&mut self) -> bool {
        let had_any = !self.utm.is_empty() || !self.params.is_empty();
        self.utm.clear();
        self.params.clear();
        had_any
    }

    /// Forgets the last click id; the first ones of a URL are those that the platform itself put there.
    pub(crate) fn forget_last_id(&mut self) -> bool {
        self.ids.pop().is_some()
    }
}
