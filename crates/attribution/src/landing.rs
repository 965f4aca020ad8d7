//! What the URL said: known click ids and campaign values. All else is forgotten at once.

use crate::campaign::{CampaignValue, may_be_added, utm_parameters};
use crate::click_id::{ClickId, ClickIdParameter};
use crate::pieces::{cut, pieces};
use crate::urlencoded;

/// The parameters of one landing. Empty when the URL named neither a click nor a campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Landing {
    ids: Vec<ClickId>,
    /// The `utm_` values and the site's own parameters.
    campaign: Vec<CampaignValue>,
}

impl Landing {
    /// Reads the query of a page's address, and the query inside a hash route (`#/lp?gclid=…`) after it. `added` names
    /// what the site keeps besides the registry and the `utm_` values.
    ///
    /// Names and values are decoded once (<https://url.spec.whatwg.org/#urlencoded-parsing>) and are then what
    /// `URLSearchParams.get` reads: the first value of a name wins, also when it is empty, and what is not UTF-8
    /// becomes U+FFFD. That is so but for these rules:
    ///
    /// 1. Where a name is nowhere, the same letters in another case (`GCLID`, `UTM_Source`) or behind what a broken
    ///    `&amp;` left (`amp;gclid`) count for it. Servers and mail programs write such links. Values are never folded.
    /// 2. A template that nobody filled (`{gclid}`) is no click id; see [`ClickId::parse`].
    /// 3. Neither is a value with control characters, or one longer than any platform's.
    /// 4. A value that tells who a person is gives way to a flag, and is no click id; see [`CampaignValue::parse`].
    /// 5. A campaign value is cut at [`CAMPAIGN_VALUE_BYTES_MAX`](crate::limits::CAMPAIGN_VALUE_BYTES_MAX).
    /// 6. An empty value is the same as none.
    #[must_use]
    pub fn from_href(href: &str, added: &[String]) -> Self {
        let (before_hash, hash) = cut(href, b'#');
        let mut landing = Self::default();
        // Never more than there are known names, so a query of 10,000 names takes no longer for each.
        let mut seen: Vec<&str> = Vec::new();
        for spelling in [Spelling::Exact, Spelling::Loose] {
            landing.read(before_hash, spelling, added, &mut seen);
            landing.read(hash.unwrap_or_default(), spelling, added, &mut seen);
        }
        landing
    }

    /// Reads the query of an address, or of a hash.
    fn read<'a>(&mut self, address: &str, spelling: Spelling, added: &'a [String], seen: &mut Vec<&'a str>) {
        let (_, query) = cut(address, b'?');
        for pair in pieces(query.unwrap_or_default(), b'&') {
            let (name, value) = cut(pair, b'=');
            let Some(parameter) = Parameter::of(&urlencoded::decode(name), spelling, added) else {
                continue;
            };
            if !seen.contains(&parameter.name()) {
                seen.push(parameter.name());
                self.take(parameter, &urlencoded::decode(value.unwrap_or_default()));
            }
        }
    }

    /// Takes a decoded pair that was kept before; a name outside the registry is the site's own. The rules for values
    /// hold again, because everybody can write a cookie or a lead.
    pub(crate) fn take_kept(&mut self, name: &str, value: &str) {
        match Parameter::of(name, Spelling::Exact, &[]) {
            Some(parameter) => self.take(parameter, value),
            None if may_be_added(name) => self.take(Parameter::Campaign(name), value),
            None => {}
        }
    }

    fn take(&mut self, parameter: Parameter<'_>, value: &str) {
        match parameter {
            Parameter::Id(parameter) => {
                if let Some(id) = ClickId::parse(parameter, value) {
                    self.ids.push(id);
                }
            }
            Parameter::Campaign(name) => {
                if let Some(campaign) = CampaignValue::parse(name, value) {
                    self.campaign.push(campaign);
                }
            }
        }
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

    /// Everything kept, as name and value, the click ids first.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        (0..).map_while(|place| self.pair(place))
    }

    #[inline(never)]
    fn pair(&self, place: usize) -> Option<(&str, &str)> {
        if let Some(id) = self.ids.get(place) {
            return Some((id.parameter().name(), id.value()));
        }
        let campaign = self.campaign.get(place - self.ids.len())?;
        Some((campaign.name(), campaign.value()))
    }
}

/// A query parameter that is kept, under the name that we write.
#[derive(Clone, Copy)]
pub(crate) enum Parameter<'a> {
    Id(ClickIdParameter),
    Campaign(&'a str),
}

impl<'a> Parameter<'a> {
    /// The parameter that is written so, of the registry, of the `utm_` values or of those that the site adds.
    #[inline(never)]
    pub(crate) fn of(mut written: &str, spelling: Spelling, added: &'a [String]) -> Option<Self> {
        while let (Spelling::Loose, Some(rest)) = (spelling, written.strip_prefix("amp;")) {
            written = rest;
        }
        let is_same = |known: &str| match spelling {
            Spelling::Exact => known == written,
            Spelling::Loose => known.eq_ignore_ascii_case(written),
            Spelling::Letters => has_same_letters(known, written),
        };
        for known in ClickIdParameter::all() {
            if is_same(known.name()) {
                return Some(Self::Id(known));
            }
        }
        let utm = utm_parameters().find(|known| is_same(known));
        let mut added = added.iter().map(String::as_str);
        let campaign = utm.or_else(|| added.find(|known| is_same(known)));
        campaign.map(Self::Campaign)
    }

    pub(crate) fn name(self) -> &'a str {
        match self {
            Self::Id(parameter) => parameter.name(),
            Self::Campaign(name) => name,
        }
    }
}

/// Whether two names have the same letters and digits, in any case: `UTM_Source`, `utm-source` and `utm source`
/// are one name.
#[inline(never)]
pub(crate) fn has_same_letters(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
}

/// How much a name may differ from the one that we know.
#[derive(Clone, Copy)]
pub(crate) enum Spelling {
    Exact,
    /// In any case, and behind `amp;`, once or more often.
    Loose,
    /// As form builders write it: see [`has_same_letters`].
    Letters,
}
