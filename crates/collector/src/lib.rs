//! Placeholder until the Worker shell stands.
#[worker::event(fetch)]
async fn fetch(_: worker::Request, _: worker::Env, _: worker::Context) -> worker::Result<worker::Response> {
    worker::Response::ok("not yet")
}
