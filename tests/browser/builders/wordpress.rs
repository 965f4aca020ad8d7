//! Plugins of WordPress, which is where most hidden fields stand.

use super::{Builder, PLAIN, shown_by_pages};

shown_by_pages!("wordpress":
    "gravity_forms": GRAVITY_FORMS,
    "wpforms": WPFORMS,
    "contact_form_7": CONTACT_FORM_7,
    "ninja_forms": NINJA_FORMS,
    "fluent_forms": FLUENT_FORMS,
    "formidable": FORMIDABLE,
    "elementor": ELEMENTOR,
    "divi": DIVI,
);

/// The whole wrapper comes anew with every answer; hidden fields have numbers for names, and the class of a text field
/// that the owner hides stands on its wrapper.
const GRAVITY_FORMS: Builder = Builder {
    page: "gravity_forms.html",
    sends: 2,
    body: &[
        ("input_1", "ada@example.com"),
        ("input_5", "{gclid}"),
        ("input_6", ""),
        ("input_7", "{utm_campaign}"),
        ("input_8", "{lead_id}"),
        ("input_9", ""),
        ("is_submit_1", "1"),
        ("gform_submit", "1"),
        ("gform_unique_id", ""),
        ("state_1", "WyJbXSIsImEiXQ=="),
        ("gform_target_page_number_1", "0"),
        ("gform_field_values", ""),
    ],
    ..PLAIN
};

/// The label of its trap is made of words of the form; whoever reads labels fills it, and the lead is spam.
const WPFORMS: Builder = Builder {
    page: "wpforms.html",
    sends: 2,
    body: &[
        ("wpforms[fields][1]", "ada@example.com"),
        ("wpforms[fields][8]", ""),
        ("wpforms[fields][5]", "{gclid}"),
        ("wpforms[fields][6]", "{utm_campaign}"),
        ("wpforms[fields][7]", "{lead_id}"),
        ("wpforms[hp]", ""),
        ("wpforms[id]", "77"),
        ("wpforms[token]", "9c41"),
    ],
    ..PLAIN
};

/// Reset as soon as it is filled, and after each success: a text field loses its value, a hidden one does not.
const CONTACT_FORM_7: Builder = Builder {
    page: "contact_form_7.html",
    sends: 2,
    body: &[
        ("_wpcf7", "42"),
        ("_wpcf7_unit_tag", "wpcf7-f42-o1"),
        ("_wpcf7_posted_data_hash", ""),
        ("_wpcf7_quiz_answer_q", "a3f"),
        ("your-email", "ada@example.com"),
        ("gclid", "{gclid}"),
        ("lead_id", "{lead_id}"),
        ("utm_campaign", "{utm_campaign}"),
        ("utm_term", "default of the owner"),
    ],
    ..PLAIN
};

/// Sends a model that hears of changes only; no event tells that the form is sent.
const NINJA_FORMS: Builder = Builder {
    page: "ninja_forms.html",
    sends: 2,
    body: &[
        ("action", "nf_ajax_submit"),
        ("security", "n0nce"),
        (
            "formData",
            r#"{"id":"3","fields":{"1":{"value":"ada@example.com"},"12":{"value":"{gclid}"},"13":{"value":"{utm_campaign}"},"hp":{"value":""}}}"#,
        ),
    ],
    ..PLAIN
};

/// Writes its fields into one text by itself, so no `formdata` event is fired.
const FLUENT_FORMS: Builder = Builder {
    page: "fluent_forms.html",
    sends: 2,
    body: &[
        ("action", "fluentform_submit"),
        (
            "data",
            "_fluentform_3_fluentformnonce=8d1c&_wp_http_referer=%2Fcontact&item_3__fluent_sf=\
             &email=ada%40example.com&gclid={gclid}&utm_campaign=spring%20sale",
        ),
        ("form_id", "3"),
    ],
    ..PLAIN
};

/// The owner's word for a field stands in its id.
const FORMIDABLE: Builder = Builder {
    page: "formidable.html",
    sends: 2,
    body: &[
        ("frm_action", "create"),
        ("form_id", "2"),
        ("frm_hide_fields_2", ""),
        ("frm_submit_entry_2", "k1"),
        ("item_meta[6]", "ada@example.com"),
        ("item_meta[9]", "{gclid}"),
        ("item_meta[10]", "{utm_campaign}"),
        ("item_meta[11]", "{lead_id}"),
        ("item_meta[12]", ""),
        ("item_key", ""),
    ],
    ..PLAIN
};

/// A popup is put into the page when it opens.
const ELEMENTOR: Builder = Builder {
    page: "elementor.html",
    opener: "#open",
    sends: 2,
    body: &[
        ("post_id", "11"),
        ("form_id", "7d1e2"),
        ("referer_title", ""),
        ("form_fields[email]", "ada@example.com"),
        ("form_fields[gclid]", "{gclid}"),
        ("form_fields[field_a1b2c3d]", "{utm_campaign}"),
        ("form_fields[lead_id]", "{lead_id}"),
        ("form_fields[field_5a2]", ""),
        ("action", "elementor_pro_forms_send_form"),
    ],
    ..PLAIN
};

/// Has no hidden type: a text field that the owner hides. One of them is a question to the visitor.
const DIVI: Builder = Builder {
    page: "divi.html",
    sends: 2,
    body: &[
        ("et_pb_contact_email_0", "ada@example.com"),
        ("et_pb_contact_gclid_0", "{gclid}"),
        ("et_pb_contact_utm_campaign_0", "{utm_campaign}"),
        ("et_pb_contact_source_0", ""),
        ("et_pb_contactform_submitted_0", "et_contact_proccess"),
        ("_wpnonce-et-pb-contact-form-submitted-0", "5f2"),
    ],
    ..PLAIN
};
