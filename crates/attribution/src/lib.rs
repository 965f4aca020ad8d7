//! The core of Throughline: every rule on the way from an ad click to the body that an ad platform takes.
//!
//! The modules stand in the order the data walks. A page's address becomes a [`landing`], at a moment a
//! [`touch`]; the [`consent`] gate lets it through or not; the [`visit_record`] keeps it, [`form_fields`] get it,
//! a [`lead`] carries it to the collector.
//!
//! What this crate does not do: it asks nobody. No clock, no randomness, no async, no JavaScript, no I/O; the
//! caller hands in `now` and fresh random bytes. The same code runs in the browser, in the Worker and in tests.

pub mod limits; // every upper bound, with its reason
mod digits; // writes numbers
pub mod pieces; // text between separators
mod urlencoded; // queries, and what a cookie may hold
pub mod timestamp; // a moment, handed in
pub mod tag_settings; // what the site owner wrote on the tag

pub mod personal_data; // what names a person, and is not kept
pub mod click_id; // the platforms' click ids, byte for byte
pub mod campaign; // utm_ values and the site's own parameters
pub mod landing; // what the URL said
pub mod page_address; // origin and path of a page
pub mod touch; // a landing at a moment
#[cfg(feature = "channel")]
pub mod channel; // Paid Search, Organic Social, AI Assistant, …, and why
pub mod consent; // may we keep it? the only maker of Permitted<_>
pub mod visit_record; // the versioned text kept in the browser
pub mod cookie; // the text of the cookie
pub mod platform_cookie; // click ids that the platforms' own tags kept
pub mod hand_over; // the record in a link to another site of the same owner
pub mod visit; // one page view: what to keep, fill and send, and when
pub mod lead_id; // the lead's own id
pub mod form_fields; // which hidden field wants which value
pub mod user_data; // who sent the form, as hashes that the platforms compare
pub mod lead; // a submission on its way to the collector
#[cfg(feature = "on_demand")]
pub mod page_state; // where a page view stands, told to a part that loads later
#[cfg(feature = "on_demand")]
pub mod explain; // sentences for the site owner
#[cfg(feature = "on_demand")]
pub mod embed; // forms that live on another origin

#[cfg(feature = "user_data")]
mod json; // writes JSON
#[cfg(feature = "user_data")]
mod wire; // the JSON names, spelled once

// From here on only the collector walks.
#[cfg(feature = "collector")]
pub mod consent_notice; // a visitor's yes or no at the collector, and the cookie that answers it

#[cfg(feature = "collector")]
pub mod click_id_check; // what was damaged on its way, found without asking a platform

#[cfg(feature = "collector")]
pub mod suspicion; // whether a person sent it

#[cfg(feature = "collector")]
pub mod stored_lead; // a lead and when it arrived

#[cfg(feature = "collector")]
pub mod click_trace; // what a lead knows of an ad click, in one word

#[cfg(feature = "collector")]
pub mod time_zone; // where a clock hangs

#[cfg(feature = "collector")]
pub mod calendar; // days on a zone's clocks

#[cfg(feature = "collector")]
pub mod money; // an amount and its currency

#[cfg(feature = "collector")]
mod csv_text; // a table of a spreadsheet: its encoding, its lines

#[cfg(feature = "collector")]
pub mod outcome; // what later happened to a lead

#[cfg(feature = "collector")]
pub mod webhook; // outcomes that CRMs and payment providers tell by themselves

#[cfg(feature = "collector")]
pub mod adjustment; // a later word on an outcome

#[cfg(feature = "collector")]
pub mod judgement; // deliverable, waiting, held or refused, and why

#[cfg(feature = "collector")]
pub mod conversion; // an outcome and what its lead knows of the click

#[cfg(feature = "collector")]
pub mod platform_answer; // what a platform answers, in our words

#[cfg(feature = "collector")]
pub mod delivery; // one outcome on its way to one destination

#[cfg(feature = "collector")]
pub mod trial; // whether a platform takes the settings, before anything is sent

#[cfg(feature = "collector")]
pub mod payload; // one row as it is sent, frozen

#[cfg(feature = "collector")]
pub mod upload_table; // a file for a platform, and what is not in it

#[cfg(feature = "collector")]
pub mod google; // which outcomes Google takes, and the ways to it

#[cfg(feature = "collector")]
pub mod microsoft; // the same for Microsoft Advertising

#[cfg(feature = "collector")]
pub mod meta; // the same for Meta

#[cfg(feature = "collector")]
pub mod feed_action; // one face for the files that platforms fetch

#[cfg(feature = "collector")]
pub mod api_action; // one face for the three platforms' APIs

#[cfg(feature = "collector")]
pub mod file_check; // what a platform will refuse in a file of anybody's

#[cfg(feature = "collector")]
pub mod pasted_id; // one click id that a person asks about

#[cfg(feature = "collector")]
pub mod upload_status; // how a destination does, in the platforms' words

#[cfg(feature = "collector")]
pub mod spreadsheet; // cells that a spreadsheet shows and never computes
