//! Microsoft Advertising: which outcomes it takes for which click, and the two ways to it.

pub mod click_rules; // windows, waits and the order of times
mod adjustment_rules; // when a change is taken
pub mod conversion; // an outcome and the Microsoft click that led to it
pub mod refresh_token; // how long it lasts
pub mod offline_conversions; // the API
pub mod upload_file; // the file that Microsoft fetches
pub mod adjustments_file; // the same for changes
