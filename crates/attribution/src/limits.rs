//! Every upper bound in one place, each with its unit, its reason and its source.

/// One click id, in bytes after decoding. The longest in the field are fbclid values of about 250 bytes; Google
/// promised at most 100 for gclid. A longer value is not kept at all, because a cut id matches nothing.
pub const CLICK_ID_BYTES_MAX: usize = 1_024;

/// One campaign value (`utm_…`, `data-params`), in bytes after decoding. Longer text is cut at a character.
pub const CAMPAIGN_VALUE_BYTES_MAX: usize = 512;

/// One landing page or referrer (origin and path), in bytes. 2,048 is what Plausible and GoatCounter take.
pub const PAGE_ADDRESS_BYTES_MAX: usize = 2_048;

/// One parameter name that a site adds by `data-params`, in bytes.
pub const PARAMETER_NAME_BYTES_MAX: usize = 64;

/// How many parameters of its own a site may add by `data-params`.
pub const EXTRA_PARAMETERS_MAX: usize = 16;

/// The cookie's name and value together, in bytes. Browsers drop a cookie of 4,097 bytes without a word.
pub const COOKIE_BYTES_MAX: usize = 3_800;

/// Touches kept in the visitor's browser: the first one and the newest ones.
pub const TOUCHES_MAX: usize = 12;

/// What a link carries from one site of an owner to another, in bytes. With a landing page's own query the address
/// then stays below 2,048 bytes, which every browser and proxy takes.
pub const HAND_OVER_BYTES_MAX: usize = 1_500;

/// How long such a link is good for, in milliseconds: the two minutes of Google's linker
/// (<https://support.google.com/analytics/answer/10071811>), so that a copied link hands nothing to its next reader.
pub const HAND_OVER_MS_MAX: i64 = 120_000;

/// How far ahead the link's clock may be, in milliseconds. Both clocks are of one device, set right between two pages.
pub const HAND_OVER_CLOCK_SKEW_MS_MAX: i64 = 10_000;

/// Days that a touch is kept when the site says nothing: the longest window of Google's click-through
/// look-back, and the lifetime of Google's own click cookie.
pub const KEEP_DAYS_DEFAULT: u16 = 90;

/// Days that a site may ask for: browsers cap a cookie's life at 400 days
/// (<https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html>).
pub const KEEP_DAYS_MAX: u16 = 400;

/// The body of one lead, in bytes: half of the 64 KiB that all beacons of a page share.
pub const LEAD_BODY_BYTES_MAX: usize = 32 * 1_024;

/// Leads, and apart from them consent notices, that one address may send in [`RATE_SECONDS`]. An office behind one
/// address sends a few a minute; GoatCounter takes 240. The platform's limiter in `wrangler.toml` keeps it.
pub const REQUESTS_OF_ADDRESS_MAX: u32 = 60;

/// The time in which they are counted, in seconds. The platform counts in 10 or 60
/// (<https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/>).
pub const RATE_SECONDS: u32 = 60;

/// How long a public body may take to arrive, in milliseconds. A telephone sends 32 KiB in two seconds on the slowest
/// network that is still in use; who sends a byte a second holds a connection for nothing.
pub const BODY_MS_MAX: u64 = 10_000;

/// How long the body of somebody with a key may take, in milliseconds: tables of outcomes are megabytes.
pub const KEYED_BODY_MS_MAX: u64 = 60_000;

/// The body of one consent notice, in bytes: a record of the longest cookie, and room for its other fields.
pub const CONSENT_NOTICE_BODY_BYTES_MAX: usize = 8 * 1_024;

/// One e-mail address, in bytes: what SMTP can carry (<https://www.rfc-editor.org/errata/eid1690>).
pub const EMAIL_BYTES_MAX: usize = 254;

/// Digits of a phone number with its calling code: at most what E.164 allows (<https://www.itu.int/rec/T-REC-E.164>).
pub const PHONE_DIGITS_MAX: usize = 15;

/// … and at least those of the smallest countries: a calling code of three and a number of four.
pub const PHONE_DIGITS_MIN: usize = 7;

/// One `User-Agent` header, in bytes. Chromium's has about 110; in-app browsers add up to 300 of their own.
pub const USER_AGENT_BYTES_MAX: usize = 512;

/// The body of one batch of outcomes, in bytes.
pub const OUTCOMES_BODY_BYTES_MAX: usize = 1_024 * 1_024;

/// Outcomes in one batch, which are stored in one transaction.
pub const OUTCOMES_PER_BATCH_MAX: usize = 1_000;

/// The body of one table of outcomes, in bytes. With its decoded copy and its answer it takes a fifth of the 128 MB that
/// all requests of an isolate share (<https://developers.cloudflare.com/workers/platform/limits/>).
pub const OUTCOMES_CSV_BYTES_MAX: usize = 8 * 1_024 * 1_024;

/// Outcomes in one table. Each thousand of them takes six statements of D1, and the free plan has fifty for a request
/// (<https://developers.cloudflare.com/d1/platform/limits/>); eight are left for everything else.
pub const OUTCOMES_PER_CSV_MAX: usize = 7_000;

/// Columns of a table of outcomes that are looked at: as many as a sheet of Excel has
/// (<https://support.microsoft.com/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3>). Without
/// it, a header of eight million commas takes twenty seconds.
pub const OUTCOMES_COLUMNS_MAX: usize = 16_384;

/// The body of one webhook, in bytes, as Snowplow's collector takes it. HubSpot's longest batch of a hundred events has less.
pub const WEBHOOK_BODY_BYTES_MAX: usize = 1_024 * 1_024;

/// Events in one webhook: the most that HubSpot sends at once.
pub const WEBHOOK_EVENTS_MAX: usize = 100;

/// How far the signed moment of a webhook may be from the collector's clock, in milliseconds: the five minutes of Standard
/// Webhooks and Stripe (<https://docs.stripe.com/webhooks#replay-attacks>).
pub const WEBHOOK_CLOCK_SKEW_MS_MAX: i64 = 300_000;

/// Days that a delivery of a webhook is remembered. Stripe tries again for three days, and whoever sends one again by hand
/// does it within a quarter of a year.
pub const WEBHOOK_EVENT_DAYS: u16 = 90;

/// Fields, constants or kinds that a site maps for one webhook: more than an outcome has names.
pub const WEBHOOK_FIELDS_MAX: usize = 64;

/// A short text that names something (form id, site, kind of outcome), in bytes.
pub const NAME_BYTES_MAX: usize = 256;

/// Sources of consent that are told apart on one page: more than there are adapters. Where more speak, nothing is
/// granted any more, because a refusal may be among those that were not heard.
pub const CONSENT_SOURCES_MAX: usize = 40;

/// The name of a source of consent, in bytes. The longest of ours, `vanilla_cookieconsent`, has 21.
pub const CONSENT_SOURCE_BYTES_MAX: usize = 32;

/// The shortest time between a landing and the form that was sent on it, in milliseconds. Nobody reads and fills in a
/// form in half a second; autofill and one click take longer.
pub const FORM_MS_MIN: i64 = 500;

/// The body of a `PUT` that sets something, in bytes: a hundred origins and all else.
pub const SETTINGS_BODY_BYTES_MAX: usize = 64 * 1_024;

/// The id of a site, a key or a destination, in bytes. It stands in addresses.
pub const SETTINGS_ID_BYTES_MAX: usize = 64;

/// Origins of one site.
pub const SITE_ORIGINS_MAX: usize = 100;

/// Days that a site keeps a lead when it says nothing: as long as a browser may keep the touches of the lead
/// ([`KEEP_DAYS_MAX`]).
pub const RETENTION_DAYS_DEFAULT: u16 = KEEP_DAYS_MAX;

/// Days that a site may keep a lead: three years. No ad platform takes a conversion later than 90 days after its click;
/// longer than this a business has its own books.
pub const RETENTION_DAYS_MAX: u16 = 1_096;

/// Kinds of outcome that one destination takes.
pub const OUTCOME_KINDS_MAX: usize = 20;

/// Hours that a destination may wait after a click before it delivers: a week. Google asks for 6.
pub const WAIT_HOURS_MAX: u16 = 168;

/// Days of a click-through look-back window: Google's longest
/// (<https://support.google.com/google-ads/answer/3123169>).
pub const LOOK_BACK_DAYS_MAX: u16 = 90;

/// Days that an outcome may be dated ahead. Its click is in the past, and no platform takes an outcome later than
/// [`LOOK_BACK_DAYS_MAX`] days after its click.
pub const OUTCOME_DAYS_AHEAD_MAX: u16 = LOOK_BACK_DAYS_MAX;

/// Leads in one page of the list, when nobody asks for more or fewer.
pub const LEADS_PER_PAGE_DEFAULT: usize = 50;

/// Leads in one page of the list. Two hundred leads of the largest body ([`LEAD_BODY_BYTES_MAX`]) are 6.4 MB, which the
/// Worker's 128 MB hold several times.
pub const LEADS_PER_PAGE_MAX: usize = 200;

/// Leads in one file for a spreadsheet: as many as 20 reads of the store give, where a request has 50.
pub const LEADS_PER_FILE_MAX: usize = 10_000;

/// Leads read from the store at once for such a file.
pub const LEADS_PER_FILE_PAGE: usize = 500;

/// One file for a spreadsheet, in bytes, give or take one read of the store: a quarter of the Worker's memory, because
/// the file, its last page and the answer stand in it at once.
pub const LEAD_FILE_BYTES_MAX: usize = 32 * 1_024 * 1_024;

/// Days of one question for diagnostics: a quarter of a year, so that a question reads no more than that of tables which
/// grow with every lead, and no platform takes an outcome later than 90 days after its click.
pub const DIAGNOSTIC_DAYS_MAX: usize = 92;

/// Days of diagnostics when nobody says which: as many as Google looks back for its own ([`UPLOAD_RECENT_DAYS`]).
pub const DIAGNOSTIC_DAYS_DEFAULT: u16 = 28;

/// Days after which an upload is not recent any more: those of Google's `NO_RECENT_UPLOAD`
/// (<https://developers.google.com/google-ads/api/fields/v26/offline_conversion_upload_client_summary>).
pub const UPLOAD_RECENT_DAYS: u16 = 28;

/// Outcomes of a hundred that a platform may refuse before its destination needs attention. Platforms publish no such
/// number; one in ten is what a person would look into.
pub const UPLOAD_ERRORS_PERCENT_MAX: u8 = 10;

/// How often one delivery is sent before a person has to look: with the back-off below, more than three days of trying.
pub const DELIVERY_ATTEMPTS_MAX: u16 = 22;

/// The pause after the first failed attempt, in milliseconds. It doubles with each further one.
pub const DELIVERY_BACK_OFF_MS_FIRST: i64 = 60_000;

/// The longest pause between two attempts, in milliseconds: six hours, so that a platform's bad day is over by then.
pub const DELIVERY_BACK_OFF_MS_MAX: i64 = 6 * 3_600_000;

/// The shortest wait for a lead that has not arrived, in milliseconds: the pause between two sweeps.
pub const LEAD_WAIT_MS_MIN: i64 = 5 * 60_000;

/// Deliveries that one round of a sweep takes up at once: as many as the largest request to any platform holds.
pub const DELIVERIES_PER_ROUND: usize = 1_000;

/// Deliveries of one destination that are judged because somebody asks how they stand. What is more is judged by the next
/// sweep, minutes later.
pub const DELIVERIES_PER_READ: usize = 500;

/// Outcomes that were told before a destination took them, of which one step plans the deliveries; each is two written rows.
pub const EARLIER_OUTCOMES_PER_STEP: usize = 1_000;

/// Such steps of one sweep at one destination, so that they leave the free plan's 50 queries to what is to be sent.
pub const EARLIER_OUTCOME_STEPS_MAX: usize = 5;

/// Rounds of one sweep at one destination. What is left is taken by the next sweep.
pub const DELIVERY_ROUNDS_MAX: usize = 20;

/// How long a platform may take to answer, in milliseconds. What takes longer counts as lost and is sent again.
pub const PLATFORM_ANSWER_MS_MAX: u64 = 60_000;

/// How long a platform may take to answer while a person waits for their settings to be stored, in milliseconds.
pub const TRIAL_ANSWER_MS_MAX: u64 = 10_000;

/// The body of a platform's answer, in bytes. The longest names an error for each of the 1,000 rows of a request.
pub const PLATFORM_ANSWER_BYTES_MAX: usize = 4 * 1_024 * 1_024;

/// How long one sweep may hold a delivery, in milliseconds. A sweep is ended by the runtime long before
/// (<https://developers.cloudflare.com/workers/platform/limits/>), so whoever holds it longer is dead.
pub const DELIVERY_LEASE_MS: i64 = 20 * 60_000;

/// How long Google's Data Manager takes at least to process a request, in milliseconds
/// (<https://developers.google.com/data-manager/api/devguides/diagnostics>).
pub const DELIVERY_STATUS_WAIT_MS: i64 = 30 * 60_000;

/// How often a platform is asked what became of a request. With pauses of up to six hours these are 49 days, and
/// the Data Manager forgets a request after about 50.
pub const DELIVERY_STATUS_WAITS_MAX: u16 = 196;

/// Events in one request to Google's Data Manager
/// (<https://developers.google.com/data-manager/api/devguides/limits>).
pub const GOOGLE_EVENTS_PER_REQUEST_MAX: usize = 2_000;

/// Rows in one request to Microsoft (<https://learn.microsoft.com/advertising/campaign-management-service/applyofflineconversions>).
pub const MICROSOFT_ROWS_PER_REQUEST_MAX: usize = 1_000;

/// Events in one request to Meta (<https://developers.facebook.com/docs/marketing-api/conversions-api/using-the-api>).
pub const META_EVENTS_PER_REQUEST_MAX: usize = 1_000;

/// A newer refresh token of Microsoft's is written down when the one that is kept is older than this, in milliseconds: one
/// written row a day.
pub const REFRESH_TOKEN_KEPT_MS_MIN: i64 = 24 * 3_600_000;

/// Days after which a refresh token of Microsoft's is renewed though nothing was sent: so early that twelve weeks in which
/// Microsoft or this collector is away do no harm, for it lasts 90 days
/// (<https://learn.microsoft.com/entra/identity-platform/refresh-tokens>).
pub const REFRESH_TOKEN_IDLE_DAYS_MAX: u16 = 7;

/// How long in each day such a renewal is tried, in milliseconds: two sweeps.
pub const REFRESH_TOKEN_RENEWAL_MS: i64 = 10 * 60_000;

/// Rows of the outbox in one round of the sweep: 100 leads of the largest body are 3.2 MB.
pub const ARRIVALS_PER_SWEEP_ROUND: usize = 100;

/// Rounds of one sweep over the outbox. Cloudflare's free plan gives a run 50 queries
/// (<https://developers.cloudflare.com/d1/platform/limits/>).
pub const SWEEP_ROUNDS_MAX: usize = 10;

/// Leads, and outcomes, that one round of the purge deletes; a whole round ends within D1's 30 seconds.
pub const PURGE_ROWS_PER_ROUND: usize = 500;

/// Rounds of one purge. The next run, minutes later, goes on.
pub const PURGE_ROUNDS_MAX: usize = 3;

/// Days that an erased lead is kept from coming back: as long as a browser may keep anything at all
/// ([`KEEP_DAYS_MAX`]).
pub const TOMBSTONE_DAYS: u16 = KEEP_DAYS_MAX;

/// Days that counts of refusals are kept.
pub const COUNTS_DAYS_MAX: u16 = 400;

/// Leads of one person that one request shows or erases. Larger numbers are addresses that many people share; a
/// thousand of the largest body are 32 MB, a quarter of the Worker's memory.
pub const PERSON_LEADS_MAX: usize = 1_000;

/// The address of an embed with the visitor's values in it, in bytes: what every server should take
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-4.1>).
pub const EMBED_BYTES_MAX: usize = 8_000;

/// A conversion file that is checked for a person, in bytes. It is read as a whole, with a key for each row, so that a
/// browser's tab needs about four times as much; 100,000 rows have 20 MB.
pub const CHECKED_FILE_BYTES_MAX: usize = 64 * 1_024 * 1_024;

/// Columns of a conversion file that is checked: the widest template has 12, and a CRM's export a hundred.
pub const CHECKED_COLUMNS_MAX: usize = 256;

/// Findings that are listed one by one to a person; more are counted. Nobody reads a thousand lines, and a page stays
/// quick with them.
pub const CHECKED_FINDINGS_LISTED_MAX: usize = 500;

/// Characters of a cell that are repeated beside a finding.
pub const CHECKED_CELL_CHARACTERS_MAX: usize = 160;

/// Rows of one file at Microsoft (<https://help.ads.microsoft.com/apex/index/3/en/56852>).
pub const MICROSOFT_FILE_ROWS_MAX: usize = 100_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_are_products_are_the_numbers_that_people_read() {
        let bytes = [
            (LEAD_BODY_BYTES_MAX, 32_768),
            (CONSENT_NOTICE_BODY_BYTES_MAX, 8_192),
            (OUTCOMES_BODY_BYTES_MAX, 1_048_576),
            (OUTCOMES_CSV_BYTES_MAX, 8_388_608),
            (WEBHOOK_BODY_BYTES_MAX, 1_048_576),
            (SETTINGS_BODY_BYTES_MAX, 65_536),
            (LEAD_FILE_BYTES_MAX, 33_554_432),
            (CHECKED_FILE_BYTES_MAX, 67_108_864),
            (PLATFORM_ANSWER_BYTES_MAX, 4_194_304),
        ];
        for (place, (limit, expected)) in bytes.into_iter().enumerate() {
            assert_eq!(limit, expected, "{place}");
        }
        let ms = [
            (DELIVERY_BACK_OFF_MS_MAX, 21_600_000),
            (LEAD_WAIT_MS_MIN, 300_000),
            (DELIVERY_LEASE_MS, 1_200_000),
            (DELIVERY_STATUS_WAIT_MS, 1_800_000),
        ];
        for (place, (limit, expected)) in ms.into_iter().enumerate() {
            assert_eq!(limit, expected, "{place}");
        }
    }
}
