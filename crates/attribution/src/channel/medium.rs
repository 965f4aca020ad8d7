//! The patterns of `utm_medium` and `utm_campaign`, from <https://support.google.com/analytics/answer/9756891>. All texts
//! are in lower case.

/// Whether the word stands anywhere in the text. The search of `str` would cost the browser a kilobyte.
pub(super) fn holds(text: &str, word: &str) -> bool {
    text.as_bytes()
        .windows(word.len())
        .any(|part| part == word.as_bytes())
}

/// `^(.*cp.*|ppc|retargeting|paid.*)$`
pub(super) fn is_paid(medium: &str) -> bool {
    holds(medium, "cp") || matches!(medium, "ppc" | "retargeting") || medium.starts_with("paid")
}

/// Paid or not is another question.
pub(super) fn is_display(medium: &str) -> bool {
    matches!(
        medium,
        "display" | "banner" | "expandable" | "interstitial" | "cpm"
    )
}

/// `^(.*(([^a-df-z]|^)shop|shopping).*)$`: the word `shop`, also in `eshop`, but not in `workshop`.
pub(super) fn names_shopping(campaign: &str) -> bool {
    let begins_word =
        |before: Option<&u8>| before.is_none_or(|byte| *byte == b'e' || !byte.is_ascii_lowercase());
    let bytes = campaign.as_bytes();
    let shop_begins_word = bytes.windows(4).enumerate().any(|(place, part)| {
        part == b"shop" && begins_word(place.checked_sub(1).and_then(|before| bytes.get(before)))
    });
    shop_begins_word || holds(campaign, "shopping")
}

pub(super) fn is_social(medium: &str) -> bool {
    matches!(
        medium,
        "social" | "social-network" | "social-media" | "sm" | "social network" | "social media"
    )
}

pub(super) fn names_email(text: &str) -> bool {
    holds(text, "email") || holds(text, "e-mail") || holds(text, "e_mail") || holds(text, "e mail")
}

pub(super) fn is_push(medium: &str) -> bool {
    medium.ends_with("push") || holds(medium, "mobile") || holds(medium, "notification")
}
