//! The channel of a touch: Google Analytics' default grouping, with AI assistants, and the reason for each label.
//!
//! The rules and their order are those of <https://support.google.com/analytics/answer/9756891>, as
//! <https://github.com/Velir/dbt-ga4> codes them. Google Analytics also sees the advertiser's account; here an ad click
//! is known by its id, and where an id does not tell the kind of ad, neither does the label.

use crate::landing::Landing;
use crate::page_address::PageAddress;
use crate::pieces::cut;
use crate::touch::Touch;

mod medium; // what utm_medium and utm_campaign say
mod source; // of which kind a source is
#[cfg(test)]
mod tests;

use source::SourceKind;

/// A channel's name. Every touch has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// Nothing names a source.
    Direct,
    /// A campaign over several of Google's networks, such as Performance Max.
    CrossNetwork,
    /// An ad on a shopping site, or a shopping campaign.
    PaidShopping,
    /// An ad on a search engine.
    PaidSearch,
    /// An ad on a social network.
    PaidSocial,
    /// An ad on a video platform.
    PaidVideo,
    /// A display ad.
    Display,
    /// A Google ad of which nothing tells the network.
    PaidGoogle,
    /// Any other ad.
    PaidOther,
    /// A link in an AI assistant's answer.
    AiAssistant,
    /// An unpaid link on a shopping site.
    OrganicShopping,
    /// An unpaid link on a social network.
    OrganicSocial,
    /// An unpaid link on a video platform.
    OrganicVideo,
    /// An unpaid result of a search engine.
    OrganicSearch,
    /// A link on another site.
    Referral,
    /// A link in an e-mail.
    Email,
    /// An affiliate's link.
    Affiliates,
    /// An ad on an audio platform.
    Audio,
    /// A link in a text message.
    Sms,
    /// A notification on a device.
    MobilePush,
    /// A campaign that no rule knows.
    Unassigned,
}

impl Label {
    /// As Google Analytics writes it; only the label of an unspecified Google ad is ours.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "Direct",
            Self::CrossNetwork => "Cross-network",
            Self::PaidShopping => "Paid Shopping",
            Self::PaidSearch => "Paid Search",
            Self::PaidSocial => "Paid Social",
            Self::PaidVideo => "Paid Video",
            Self::Display => "Display",
            Self::PaidGoogle => "Paid (Google, unspecified)",
            Self::PaidOther => "Paid Other",
            Self::AiAssistant => "AI Assistant",
            Self::OrganicShopping => "Organic Shopping",
            Self::OrganicSocial => "Organic Social",
            Self::OrganicVideo => "Organic Video",
            Self::OrganicSearch => "Organic Search",
            Self::Referral => "Referral",
            Self::Email => "Email",
            Self::Affiliates => "Affiliates",
            Self::Audio => "Audio",
            Self::Sms => "SMS",
            Self::MobilePush => "Mobile Push Notifications",
            Self::Unassigned => "Unassigned",
        }
    }
}

/// The channel of a touch: the rule that fitted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channel(Rule);

impl Channel {
    /// The channel of a visitor without any touch, who came directly.
    pub const DIRECT: Self = Self(Rule::NoSource);

    /// The channel of a touch.
    #[must_use]
    pub fn of(touch: &Touch) -> Self {
        Self(Facts::of(touch).rule(&touch.landing))
    }

    /// The channel's name.
    #[must_use]
    pub fn label(self) -> Label {
        self.0.label()
    }

    /// Why, in a sentence that holds nothing of the visit.
    #[must_use]
    pub fn reason(self) -> &'static str {
        self.0.reason()
    }
}

/// What the rules ask of a touch. Texts are in lower case.
struct Facts {
    utm_source: String,
    medium: String,
    campaign: String,
    /// Of `utm_source`, or else of the referrer.
    source_kind: Option<SourceKind>,
    referrer_kind: Option<SourceKind>,
    has_referrer: bool,
}

impl Facts {
    fn of(touch: &Touch) -> Self {
        let utm = |name| {
            let value = touch.landing.value(name).unwrap_or_default().trim_ascii();
            // What Google Analytics writes for nothing at all.
            if matches!(value, "(none)" | "(not set)") {
                String::new()
            } else {
                value.to_ascii_lowercase()
            }
        };
        let utm_source = utm("utm_source");
        let (host, path) = host_and_path(touch.referrer.as_ref());
        let referrer_kind = SourceKind::of(host, path);
        let source_kind = if utm_source.is_empty() {
            referrer_kind
        } else {
            SourceKind::of(&utm_source, "")
        };
        Self {
            medium: utm("utm_medium"),
            campaign: utm("utm_campaign"),
            source_kind,
            referrer_kind,
            has_referrer: touch.referrer.is_some(),
            utm_source,
        }
    }

    /// The first rule that fits.
    fn rule(&self, landing: &Landing) -> Rule {
        if self.medium.is_empty() && self.utm_source == "(direct)" {
            return Rule::SourceIsDirect;
        }
        if medium::holds(&self.campaign, "cross-network") {
            return Rule::CrossNetworkCampaign;
        }
        self.paid_medium()
            .or_else(|| self.click(landing))
            .or_else(|| medium::is_paid(&self.medium).then_some(Rule::PaidMedium))
            .or_else(|| self.free_listing(landing))
            .or_else(|| self.unpaid())
            .unwrap_or_else(|| self.nothing_told(landing))
    }

    /// What the site itself wrote into the ad's address.
    fn paid_medium(&self) -> Option<Rule> {
        if medium::is_paid(&self.medium) {
            match self.source_kind {
                Some(SourceKind::Shopping) => return Some(Rule::PaidShoppingSource),
                _ if medium::names_shopping(&self.campaign) => return Some(Rule::PaidShoppingCampaign),
                Some(SourceKind::Search) => return Some(Rule::PaidSearchSource),
                Some(SourceKind::Social) => return Some(Rule::PaidSocialSource),
                Some(SourceKind::Video) => return Some(Rule::PaidVideoSource),
                Some(SourceKind::AiAssistant) | None => {}
            }
        }
        medium::is_display(&self.medium).then_some(Rule::DisplayMedium)
    }

    /// What the ad platform wrote there. An id proves a paid click whatever `utm_medium` says, because links are copied
    /// and templates forgotten.
    fn click(&self, landing: &Landing) -> Option<Rule> {
        let mut found = None;
        for id in landing.ids().iter().map(|id| id.parameter()) {
            if !id.names_paid_click() {
                continue;
            }
            found = Some(id.platform());
            // These two only watch the clicks of others.
            if !matches!(id.platform(), "adobe" | "wickedreports") {
                break;
            }
        }
        let Some(platform) = found else {
            let is_google = |name| landing.value(name).is_some();
            let stands_on_google_ads =
                is_google("gad_source") || is_google("gad_campaignid") || is_google("gclsrc");
            return stands_on_google_ads.then_some(Rule::GoogleAdWithoutClick);
        };
        if medium::names_shopping(&self.campaign) {
            return Some(Rule::ClickOfShoppingCampaign);
        }
        if medium::holds(&self.medium, "video") {
            return Some(Rule::ClickWithVideoMedium);
        }
        Some(match platform {
            "google" => Rule::GoogleClick,
            "google_display" => Rule::GoogleDisplayClick,
            "tiktok" | "x" | "linkedin" | "pinterest" | "reddit" | "snapchat" | "quora" | "nextdoor" => {
                Rule::SocialClick
            }
            "spotify" => Rule::AudioClick,
            "impact" | "cj" | "awin" | "rakuten" | "shareasale" | "partnerize" | "tradedoubler"
            | "admitad" | "everflow" => Rule::AffiliateClick,
            "microsoft" | "yandex" | "baidu" | "360" if self.referrer_kind == Some(SourceKind::Search) => {
                Rule::ClickOnSearchEngine
            }
            _ => Rule::OtherClick,
        })
    }

    /// It comes before the source, because the free listings stand on Google's result pages.
    fn free_listing(&self, landing: &Landing) -> Option<Rule> {
        let is_free_listing = !self.has_utm() && landing.value("srsltid").is_some();
        is_free_listing.then_some(Rule::FreeListing)
    }

    fn has_utm(&self) -> bool {
        !self.utm_source.is_empty() || !self.medium.is_empty()
    }

    fn unpaid(&self) -> Option<Rule> {
        let medium = self.medium.as_str();
        Some(match self.source_kind {
            Some(SourceKind::AiAssistant) => Rule::AiSource,
            _ if matches!(medium, "ai-assistant" | "ai_assistant" | "ai assistant") => Rule::AiMedium,
            Some(SourceKind::Shopping) => Rule::ShoppingSource,
            _ if medium::names_shopping(&self.campaign) => Rule::ShoppingCampaign,
            Some(SourceKind::Social) => Rule::SocialSource,
            _ if medium::is_social(medium) => Rule::SocialMedium,
            Some(SourceKind::Video) => Rule::VideoSource,
            _ if medium::holds(medium, "video") => Rule::VideoMedium,
            Some(SourceKind::Search) => Rule::SearchSource,
            None if medium == "organic" => Rule::OrganicMedium,
            None if matches!(medium, "referral" | "app" | "link") => Rule::ReferralMedium,
            None if medium::names_email(&self.utm_source) || medium::names_email(medium) => Rule::Email,
            None if medium == "affiliate" => Rule::Affiliate,
            None if medium == "audio" => Rule::Audio,
            None if medium == "sms" || self.utm_source == "sms" => Rule::Sms,
            None if medium::is_push(medium) || self.utm_source == "firebase" => Rule::Push,
            None => return None,
        })
    }

    /// Links that platforms mark, and what is left.
    fn nothing_told(&self, landing: &Landing) -> Rule {
        if self.has_utm() {
            return Rule::UnknownCampaign;
        }
        let mark = |name| landing.value(name).is_some();
        if mark("fbclid") {
            Rule::MetaLink
        } else if mark("igshid") || mark("igsh") {
            Rule::InstagramLink
        } else if mark("ysclid") {
            Rule::YandexResult
        } else if self.has_referrer {
            Rule::OtherSite
        } else {
            Rule::NoSource
        }
    }
}

/// Host without `www.` and port, and the path.
fn host_and_path(page: Option<&PageAddress>) -> (&str, &str) {
    let Some(page) = page else {
        return ("", "");
    };
    let (host, _) = cut(page.site_host(), b':');
    // The third slash ends the origin: https://host/path.
    let mut slashes = page
        .as_str()
        .bytes()
        .enumerate()
        .filter(|(_, byte)| *byte == b'/');
    let path = slashes.nth(2).and_then(|(place, _)| page.as_str().get(place..));
    (host, path.unwrap_or_default())
}

/// Every rule there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    SourceIsDirect,
    NoSource,
    CrossNetworkCampaign,
    PaidShoppingSource,
    PaidShoppingCampaign,
    PaidSearchSource,
    PaidSocialSource,
    PaidVideoSource,
    DisplayMedium,
    GoogleAdWithoutClick,
    ClickOfShoppingCampaign,
    ClickWithVideoMedium,
    GoogleClick,
    GoogleDisplayClick,
    SocialClick,
    AudioClick,
    AffiliateClick,
    ClickOnSearchEngine,
    OtherClick,
    PaidMedium,
    AiSource,
    AiMedium,
    FreeListing,
    ShoppingSource,
    ShoppingCampaign,
    SocialSource,
    SocialMedium,
    MetaLink,
    InstagramLink,
    VideoSource,
    VideoMedium,
    SearchSource,
    OrganicMedium,
    YandexResult,
    ReferralMedium,
    OtherSite,
    Email,
    Affiliate,
    Audio,
    Sms,
    Push,
    UnknownCampaign,
}

impl Rule {
    fn label(self) -> Label {
        match self {
            Self::SourceIsDirect | Self::NoSource => Label::Direct,
            Self::CrossNetworkCampaign => Label::CrossNetwork,
            Self::PaidShoppingSource | Self::PaidShoppingCampaign | Self::ClickOfShoppingCampaign => {
                Label::PaidShopping
            }
            Self::PaidSearchSource | Self::ClickOnSearchEngine => Label::PaidSearch,
            Self::PaidSocialSource | Self::SocialClick => Label::PaidSocial,
            Self::PaidVideoSource | Self::ClickWithVideoMedium => Label::PaidVideo,
            Self::DisplayMedium | Self::GoogleDisplayClick => Label::Display,
            Self::GoogleAdWithoutClick | Self::GoogleClick => Label::PaidGoogle,
            Self::OtherClick | Self::PaidMedium => Label::PaidOther,
            Self::AiSource | Self::AiMedium => Label::AiAssistant,
            Self::FreeListing | Self::ShoppingSource | Self::ShoppingCampaign => Label::OrganicShopping,
            Self::SocialSource | Self::SocialMedium | Self::MetaLink | Self::InstagramLink => {
                Label::OrganicSocial
            }
            Self::VideoSource | Self::VideoMedium => Label::OrganicVideo,
            Self::SearchSource | Self::OrganicMedium | Self::YandexResult => Label::OrganicSearch,
            Self::ReferralMedium | Self::OtherSite => Label::Referral,
            Self::Email => Label::Email,
            Self::Affiliate | Self::AffiliateClick => Label::Affiliates,
            Self::Audio | Self::AudioClick => Label::Audio,
            Self::Sms => Label::Sms,
            Self::Push => Label::MobilePush,
            Self::UnknownCampaign => Label::Unassigned,
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Self::SourceIsDirect => "utm_source says that the visit was a direct one.",
            Self::NoSource => "Neither a campaign source nor a click id nor a referrer is known.",
            Self::CrossNetworkCampaign => "utm_campaign holds cross-network.",
            Self::PaidShoppingSource => "utm_medium is a paid one, and the source is a shopping site.",
            Self::PaidShoppingCampaign => "utm_medium is a paid one, and utm_campaign names shopping.",
            Self::PaidSearchSource => "utm_medium is a paid one, and the source is a search engine.",
            Self::PaidSocialSource => "utm_medium is a paid one, and the source is a social network.",
            Self::PaidVideoSource => "utm_medium is a paid one, and the source is a video platform.",
            Self::DisplayMedium => "utm_medium is one of display ads.",
            Self::GoogleAdWithoutClick => {
                "A parameter that only Google's ads carry is there, but no click id; whether the ad stood on Search, Display or YouTube is unknown."
            }
            Self::ClickOfShoppingCampaign => {
                "A click id proves an ad click, and utm_campaign names shopping."
            }
            Self::ClickWithVideoMedium => "A click id proves an ad click, and utm_medium names video.",
            Self::GoogleClick => {
                "Google's click id proves an ad click, but does not tell whether on Search, Display or YouTube."
            }
            Self::GoogleDisplayClick => "dclid is the click id of Google's display products.",
            Self::SocialClick => "The click id is of a social network's ad.",
            Self::AudioClick => "The click id is of an audio platform's ad.",
            Self::AffiliateClick => "The click id is of an affiliate network.",
            Self::ClickOnSearchEngine => {
                "The click id is of a search engine's ad, and the visitor came from a search engine."
            }
            Self::OtherClick => "A click id proves an ad click, but its platform shows ads of several kinds.",
            Self::PaidMedium => "utm_medium is a paid one, and the source is of no known kind.",
            Self::AiSource => "The source is an AI assistant.",
            Self::AiMedium => "utm_medium is ai-assistant.",
            Self::FreeListing => "srsltid marks a free listing of Google's Merchant Center.",
            Self::ShoppingSource => "The source is a shopping site.",
            Self::ShoppingCampaign => "utm_campaign names shopping.",
            Self::SocialSource => "The source is a social network.",
            Self::SocialMedium => "utm_medium is one of social networks.",
            Self::MetaLink => {
                "fbclid stands on Meta's organic links as well as on its ads, so it proves no ad."
            }
            Self::InstagramLink => "The link was shared on Instagram.",
            Self::VideoSource => "The source is a video platform.",
            Self::VideoMedium => "utm_medium names video.",
            Self::SearchSource => "The source is a search engine.",
            Self::OrganicMedium => "utm_medium is organic.",
            Self::YandexResult => "ysclid marks a result of Yandex's search.",
            Self::ReferralMedium => "utm_medium is one of referrals.",
            Self::OtherSite => "The visitor came from another site, of no known kind.",
            Self::Email => "utm_source or utm_medium names e-mail.",
            Self::Affiliate => "utm_medium is affiliate.",
            Self::Audio => "utm_medium is audio.",
            Self::Sms => "utm_source or utm_medium is sms.",
            Self::Push => "utm_medium or utm_source is one of notifications.",
            Self::UnknownCampaign => "No rule knows this pair of utm_source and utm_medium.",
        }
    }
}
