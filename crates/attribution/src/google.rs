//! Google Ads: which outcomes it takes for which click, and the ways to it.

pub mod click_rules; // windows, waits and the order of times
pub mod adjustment_rules; // when a change is taken
pub mod conversion; // an outcome and the Google click that led to it
pub mod data_manager; // the API
mod file_words; // how all files write a value and an answer
pub mod legacy_upload; // the file of Goals > Conversions > Uploads
pub mod enhanced_leads_upload; // the same for people named by hashed contact data
pub mod adjustments_upload; // the same for changes
pub mod data_manager_file; // the file that the Data Manager fetches
pub mod upload_words; // what Google Ads says of uploaded files
