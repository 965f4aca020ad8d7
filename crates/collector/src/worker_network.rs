//! The Worker's network: the only file besides the door that knows `worker`. A request that takes too long counts as lost,
//! and a redirect as an answer: no platform's API has any, and a token must not follow one.

use std::time::Duration;

use attribution::limits::{PLATFORM_ANSWER_BYTES_MAX, PLATFORM_ANSWER_MS_MAX, TRIAL_ANSWER_MS_MAX};
use attribution::timestamp::Timestamp;
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use worker::js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array, global};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::{
    AbortController, AbortSignal, Delay, Env, Fetch, Headers, Method, RequestInit, RequestRedirect, Response,
};

use crate::network::{Inbound, Network, Outbound};
use crate::platform_access::{Access, PlatformAccess, names_of, own_urls};
use crate::sealed_token::NONCE_BYTES;

/// How long a platform may take to answer, in milliseconds, where a test cannot wait for [`PLATFORM_ANSWER_MS_MAX`].
const ANSWER_MS: &str = "PLATFORM_ANSWER_MS";

/// The runtime's `fetch`, `crypto` and clock.
#[derive(Clone, Copy, Debug)]
pub struct WorkerNetwork {
    answer_ms_max: u64,
}

impl WorkerNetwork {
    /// For a sweep, when nobody waits.
    #[must_use]
    pub fn of_sweep(env: &Env) -> Self {
        let set = env.var(ANSWER_MS).ok().map(|value| value.to_string());
        let set = set.and_then(|value| value.parse().ok());
        Self {
            answer_ms_max: set.unwrap_or(PLATFORM_ANSWER_MS_MAX),
        }
    }

    /// For a request whose sender waits.
    #[must_use]
    pub fn of_request(env: &Env) -> Self {
        Self {
            answer_ms_max: Self::of_sweep(env).answer_ms_max.min(TRIAL_ANSWER_MS_MAX),
        }
    }
}

/// What this deployment has for the platforms: secrets by `wrangler secret`, and variables that only tests set.
#[must_use]
pub fn access(env: &Env) -> Access {
    let of = |platform: &str| {
        let [secret, api_url, token_url] = names_of(platform);
        let [own_api_url, own_token_url] = own_urls(platform);
        let variable = |name: &str, own: &str| {
            let set = env.var(name).ok().map(|value| value.to_string());
            set.filter(|url| !url.is_empty())
                .unwrap_or_else(|| own.to_owned())
        };
        PlatformAccess {
            api_url: variable(api_url, own_api_url),
            token_url: variable(token_url, own_token_url),
            secret: env.secret(secret).ok().map(|secret| secret.to_string()),
        }
    };
    Access {
        google: of("google"),
        microsoft: of("microsoft"),
        meta: of("meta"),
    }
}

impl Network for WorkerNetwork {
    async fn send(&self, request: &Outbound) -> Option<Inbound> {
        let controller = AbortController::default();
        let signal = controller.signal();
        let exchange = Box::pin(exchange(request, &signal));
        // Dropping it takes its timer away, so none is left behind by an answer that comes in time.
        let too_long = Box::pin(Delay::from(Duration::from_millis(self.answer_ms_max)));
        match select(exchange, too_long).await {
            Either::Left((answer, _)) => answer.ok().flatten(),
            Either::Right(_) => {
                controller.abort();
                None
            }
        }
    }

    async fn sign(&self, key: &[u8], text: &str) -> Option<Vec<u8>> {
        sign(key, text).await.ok()
    }

    fn random_byte(&self) -> u8 {
        let mut byte = [0];
        let _ = getrandom::fill(&mut byte);
        byte.first().copied().unwrap_or_default()
    }

    fn nonce(&self) -> Option<[u8; NONCE_BYTES]> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).ok().map(|()| nonce)
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_ms(i64::try_from(worker::Date::now().as_millis()).unwrap_or_default())
    }
}

/// `None` where the answer is longer than any platform's.
async fn exchange(request: &Outbound, signal: &AbortSignal) -> worker::Result<Option<Inbound>> {
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.set(name, value)?;
    }
    let mut init = RequestInit::new();
    init.with_headers(headers)
        .with_method(Method::from(request.method.to_owned()))
        .with_redirect(RequestRedirect::Manual);
    if !request.body.is_empty() {
        init.with_body(Some(JsValue::from_str(&request.body)));
    }
    let request = worker::Request::new_with_init(&request.url, &init)?;
    let mut response = Fetch::Request(request).send_with_signal(signal).await?;
    let body = read(&mut response).await?;
    Ok(body.map(|body| Inbound {
        status: response.status_code(),
        retry_after: response.headers().get("Retry-After").ok().flatten(),
        body,
    }))
}

/// An answer that is cut short need not be told apart: JSON that ends early is none.
async fn read(response: &mut Response) -> worker::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    // An answer without a body has no stream.
    let Ok(mut stream) = response.stream() else {
        return Ok(Some(body));
    };
    while let Some(chunk) = stream.next().await {
        body.extend_from_slice(&chunk?);
        if body.len() > PLATFORM_ANSWER_BYTES_MAX {
            return Ok(None);
        }
    }
    Ok(Some(body))
}

/// RSASSA-PKCS1-v1_5 by the runtime itself (<https://www.w3.org/TR/webcrypto-2/#rsassa-pkcs1>): a library of our own for it
/// would weigh more than the rest of the collector.
async fn sign(key: &[u8], text: &str) -> Result<Vec<u8>, JsValue> {
    let crypto = Reflect::get(&global(), &"crypto".into())?;
    let subtle = Reflect::get(&crypto, &"subtle".into())?;
    let algorithm = Object::new();
    Reflect::set(&algorithm, &"name".into(), &"RSASSA-PKCS1-v1_5".into())?;
    Reflect::set(&algorithm, &"hash".into(), &"SHA-256".into())?;
    let ask = async |method: &str, arguments: &Array| {
        let function: Function = Reflect::get(&subtle, &method.into())?.dyn_into()?;
        let promise: Promise = function.apply(&subtle, arguments)?.dyn_into()?;
        JsFuture::from(promise).await
    };
    let usages = Array::of1(&"sign".into());
    let bytes = Uint8Array::from(key);
    let arguments = [
        JsValue::from("pkcs8"),
        bytes.into(),
        algorithm.clone().into(),
        JsValue::FALSE,
        usages.into(),
    ];
    let key = ask("importKey", &arguments.into_iter().collect()).await?;
    let text = Uint8Array::from(text.as_bytes());
    let signature = ask("sign", &Array::of3(&algorithm, &key, &text)).await?;
    Ok(Uint8Array::new(&signature).to_vec())
}
