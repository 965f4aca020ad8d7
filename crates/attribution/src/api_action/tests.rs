use super::*;
use crate::timestamp::DAY_MS;

const GOOGLE: &str = r#"{"operating_account":"123-456-7890","conversion_action_id":"987654321"}"#;
const MICROSOFT: &str = r#"{"customer_id":"1","account_id":"2","takes_contact":true}"#;
const META: &str = r#"{"dataset_id":"3","action_source":"system_generated","crm":"ExampleCRM"}"#;

fn read(platform: &str, api: &str) -> Option<ApiAction> {
    ApiAction::read_settings(platform, "Closed deal", None, None, api)
}

#[test]
fn settings_that_are_right() {
    for (platform, api) in [("google", GOOGLE), ("microsoft", MICROSOFT), ("meta", META)] {
        let action = read(platform, api).expect("settings");
        assert_eq!(action.platform(), platform);
    }
}

#[test]
fn err_settings_that_are_not() {
    for (platform, api) in [
        ("google", "{}"),
        ("google", MICROSOFT),
        (
            "google",
            r#"{"operating_account":"acme","conversion_action_id":"1"}"#,
        ),
        (
            "google",
            r#"{"operating_account":"1","conversion_action_id":"1","login_account":""}"#,
        ),
        (
            "google",
            r#"{"operating_account":"1","conversion_action_id":"1","event_source":"SHOP"}"#,
        ),
        (
            "google",
            r#"{"operating_account":"1","conversion_action_id":"1","surprise":1}"#,
        ),
        ("microsoft", r#"{"customer_id":"1"}"#),
        ("microsoft", r#"{"customer_id":"1/2","account_id":"2"}"#),
        ("meta", r#"{"dataset_id":"3","action_source":"shop"}"#),
        ("meta", r#"{"dataset_id":"../3","action_source":"website"}"#),
        ("tiktok", "{}"),
        ("google", "no JSON"),
    ] {
        assert!(read(platform, api).is_none(), "{platform} {api}");
    }
}

fn rows(count: usize) -> Vec<ApiRow> {
    let row = |place: usize| ApiRow {
        payload: Payload::kept(&format!(r#"{{"n":{place}}}"#)).expect("JSON"),
        occurred_at: Timestamp::from_ms(100 * DAY_MS),
        is_adjustment: place % 2 == 1,
    };
    (0..count).map(row).collect()
}

/// Path and number of rows of each request.
fn shape(action: &ApiAction, rows: &[ApiRow], places: &[usize]) -> Vec<(String, usize)> {
    let requests = action.requests(rows, places, Timestamp::from_ms(101 * DAY_MS));
    let shape = |request: ApiRequest| {
        let body: serde_json::Value = serde_json::from_str(&request.body).expect("JSON");
        let lists = [
            "events",
            "data",
            "OfflineConversions",
            "OfflineConversionAdjustments",
        ];
        let list = lists
            .iter()
            .find_map(|name| body.get(*name)?.as_array())
            .expect("rows");
        // The rows stand in the body in the order that the request says.
        for (place, row) in request.rows.iter().zip(list) {
            assert_eq!(row["n"], *place);
        }
        assert_eq!(request.rows.len(), list.len());
        (request.path, list.len())
    };
    requests.into_iter().map(shape).collect()
}

#[test]
fn rows_are_parted_as_each_platform_asks() {
    let path = str::to_owned;
    let rows = rows(2_500);
    let all: Vec<usize> = (0..rows.len()).collect();
    let google = read("google", GOOGLE).expect("settings");
    assert_eq!(
        shape(&google, &rows, &all),
        [
            (path("/v1/events:ingest"), 2_000),
            (path("/v1/events:ingest"), 500)
        ]
    );
    let microsoft = read("microsoft", MICROSOFT).expect("settings");
    let (apply, adjust) = (offline_conversions::APPLY_PATH, offline_conversions::ADJUST_PATH);
    assert_eq!(
        shape(&microsoft, &rows, &all),
        [
            (path(apply), 1_000),
            (path(apply), 250),
            (path(adjust), 1_000),
            (path(adjust), 250)
        ]
    );
    let meta = read("meta", META).expect("settings");
    let events = "/v26.0/3/events";
    assert_eq!(
        shape(&meta, &rows, &all),
        [(path(events), 1_000), (path(events), 1_000), (path(events), 500)]
    );
    // A half of them, in any order.
    assert_eq!(shape(&google, &rows, &[7, 3]), [(path("/v1/events:ingest"), 2)]);
    assert_eq!(shape(&google, &rows, &[]), []);
}

#[test]
fn a_request_id_cannot_leave_its_place_in_the_address() {
    let google = read("google", GOOGLE).expect("settings");
    assert_eq!(
        google.status_path("a b&c=/..?"),
        Some("/v1/requestStatus:retrieve?requestId=a%20b%26c%3D%2F..%3F".to_owned())
    );
    assert_eq!(read("meta", META).expect("settings").status_path("r1"), None);
}
