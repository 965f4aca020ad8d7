//! What the URL said: known click ids and campaign values. All else is forgotten at once.

use crate::campaign::{self, CampaignValue};
use crate::click_id::{ClickId, ClickIdParameter};
use crate::pieces::cut;
use crate::urlencoded;

/// The parameters of one landing. Empty when the URL named neither a click nor a campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Landing {
    ids: Vec<ClickId>,
    /// The `utm_` values and the site's own parameters.
    campaign: Vec<CampaignValue>,
}

impl Landing {
    /// Reads the query of a page's address, and the query inside a hash route (`#/lp?gclid=…`) after it.
    ///
    /// Decoding and choice follow <https://url.spec.whatwg.org/#urlencoded-parsing> and `URLSearchParams.get`:
    /// the first value of a name wins, also when it is empty. `added` names what the site keeps besides.
    #[must_use]
    pub fn from_href(href: &str, added: &[String]) -> Self {
        let (before_hash, hash) = cut(href, b"#");
        let mut landing = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for part in [before_hash, hash.unwrap_or_default()] {
            let (_, query) = cut(part, b"?");
            for (name, value) in urlencoded::parse(query.unwrap_or_default()) {
                let is_this = |other: &String| *other == name;
                if !seen.iter().any(is_this) && landing.take(&name, &value, added.iter().any(is_this)) {
                    seen.push(name);
                }
            }
        }
        landing
    }

    /// Takes a decoded pair that was kept before; a name outside the registry is the site's own.
    pub(crate) fn take_kept(&mut self, name: &str, value: &str) {
        self.take(name, value, campaign::may_be_added(name));
    }

    /// Whether the name is one that is kept. Its value may still be refused.
    fn take(&mut self, name: &str, value: &str, is_added: bool) -> bool {
        if let Some(parameter) = ClickIdParameter::named(name) {
            self.ids.extend(ClickId::parse(parameter, value));
        } else if is_added || campaign::is_utm(name) {
            self.campaign.extend(CampaignValue::parse(name, value));
        } else {
            return false;
        }
        true
    }

    /// The click ids, in the order of the URL.
    #[must_use]
    pub fn ids(&self) -> &[ClickId] {
        &self.ids
    }

    /// The `utm_` values and the values of the site's own parameters (`data-params`), in the order of the URL.
    pub fn campaign(&self) -> impl Iterator<Item = &CampaignValue> {
        self.campaign.iter()
    }

    /// Whether the URL named neither a click nor a campaign.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.campaign.is_empty()
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
        ids.chain(
            self.campaign
                .iter()
                .map(|campaign| (campaign.name(), campaign.value())),
        )
    }
}
