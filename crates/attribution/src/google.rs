//! Google Ads: which outcomes it takes for which click, and the file it fetches.

pub mod click_rules; // windows, waits and the order of times
pub mod conversion; // an outcome and the Google click that led to it
pub mod legacy_upload; // the file of Goals > Conversions > Uploads
