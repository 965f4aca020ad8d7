//! What HTTP says of the refusals that the core's own rules make.

use attribution::consent_notice::ConsentNoticeRefusal;
use attribution::lead::LeadRefusal;
use attribution::outcome::BatchRefusal;

use super::Problem;

pub(super) const NOT_JSON: Problem = Problem {
    status: 400,
    code: "malformed_json",
    retryable: false,
    title: "The body is not JSON",
    detail: "Send JSON in UTF-8 without a byte order mark.",
};

const FIELD_INVALID: Problem = Problem {
    status: 422,
    code: "field_invalid",
    retryable: false,
    title: "A field is not valid",
    detail: "A field is missing, or of another type, length or form. pointer names it where it is known.",
};

const VERSION_UNKNOWN: Problem = Problem {
    status: 422,
    code: "version_unknown",
    retryable: false,
    title: "The body has a version that this collector does not know",
    detail: "Deploy the collector and the script of one release.",
};

pub(super) fn consent_notice_problem(refusal: ConsentNoticeRefusal) -> Problem {
    match refusal {
        ConsentNoticeRefusal::NotJson => NOT_JSON,
        ConsentNoticeRefusal::FieldInvalid(_) => FIELD_INVALID,
        ConsentNoticeRefusal::VersionUnknown => VERSION_UNKNOWN,
        ConsentNoticeRefusal::RecordInvalid => Problem {
            status: 422,
            code: "record_invalid",
            retryable: false,
            title: "The record is damaged",
            detail: "record is not a text that the script of this release keeps. No cookie was changed.",
        },
    }
}

pub(super) fn lead_problem(refusal: LeadRefusal) -> Problem {
    let (status, code, title, detail) = match refusal {
        LeadRefusal::NotJson => return NOT_JSON,
        LeadRefusal::FieldInvalid(_) => return FIELD_INVALID,
        LeadRefusal::VersionUnknown => return VERSION_UNKNOWN,
        LeadRefusal::LeadIdInvalid(error) => (422, error.code(), "The lead_id is not valid", error.advice()),
        LeadRefusal::ConsentMissing => (
            403,
            "consent_missing",
            "The visitor has not agreed to storage",
            "Send a lead only after consent.ad_storage is granted; a plain form needs a field ad_storage with the value granted. Nothing of this one was kept.",
        ),
        LeadRefusal::OptedOut => (
            403,
            "opted_out",
            "The visitor has opted out by Global Privacy Control",
            "No grant outweighs the browser's own signal. Nothing of this lead was kept.",
        ),
    };
    Problem {
        status,
        code,
        retryable: false,
        title,
        detail,
    }
}

pub(super) fn batch_problem(refusal: BatchRefusal) -> Problem {
    let (status, code, title, detail) = match refusal {
        BatchRefusal::NotJson => return NOT_JSON,
        BatchRefusal::TooManyRows { .. } => (
            413,
            "too_many_rows",
            "Too many outcomes at once",
            "limit_rows says how many outcomes one request takes. Send the rest in further requests.",
        ),
        BatchRefusal::CsvEncoding => (
            422,
            "csv_encoding",
            "The encoding of the table is not recognised",
            "Save the table as CSV in UTF-8 and send it again.",
        ),
        BatchRefusal::CsvHeaderUnknown => (
            422,
            "csv_header_unknown",
            "The first line of the table names no outcome_id",
            "Name the columns in the first line as in JSON: outcome_id, lead_id (or gclid, email, phone), kind, occurred_at, value, currency.",
        ),
        BatchRefusal::CsvHeaderAmbiguous => (
            422,
            "csv_header_ambiguous",
            "Two columns of the table have the same name",
            "Two columns could be the same value, such as amount and deal value. Name the right one as in JSON, or leave the other out.",
        ),
    };
    Problem {
        status,
        code,
        retryable: false,
        title,
        detail,
    }
}
