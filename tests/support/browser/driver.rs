//! A WebDriver server: the process between the tests and one browser.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Stdio;

use serde_json::Value;

use super::deadline::Deadline;
use super::display::Display;
use super::engine::Engine;
use super::process_tree::ProcessTree;

/// The driver of one engine, started once per test process.
pub(super) struct Driver {
    /// Where it listens.
    pub(super) url: String,
    // Fields drop in this order: the driver and its browser first, then the display they draw on.
    _process: ProcessTree,
    _display: Option<Display>,
}

/// How many ports to try. Another program may take a port between our asking for a free one and the driver's start.
const STARTS_MAX: usize = 3;

impl Driver {
    /// Starts the engine's driver on a free port and waits until it says that it is ready.
    pub(super) fn start(engine: Engine) -> Driver {
        let display = (engine == Engine::WebKit).then(Display::start);
        for _ in 0..STARTS_MAX {
            let port = free_port();
            let mut command = engine.driver_command(port);
            command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            if let Some(display) = &display {
                command.env("DISPLAY", &display.name);
            }
            let mut process = ProcessTree::start(&mut command);
            let url = format!("http://127.0.0.1:{port}");
            if becomes_ready(&mut process, &url, engine) {
                return Driver {
                    url,
                    _process: process,
                    _display: display,
                };
            }
        }
        panic!(
            "the driver of {} ended at once on each of {STARTS_MAX} ports",
            engine.name()
        )
    }
}

/// Waits for the driver's own word, because a port that answers may belong to somebody else.
/// `false` if the driver ends instead.
fn becomes_ready(process: &mut ProcessTree, url: &str, engine: Engine) -> bool {
    let deadline = Deadline::default();
    loop {
        if process.child().try_wait().is_ok_and(|status| status.is_some()) {
            return false;
        }
        // https://www.w3.org/TR/webdriver2/#status
        let status = ureq::get(&format!("{url}/status")).call();
        let status = status
            .ok()
            .and_then(|mut answer| answer.body_mut().read_to_string().ok());
        let status: Option<Value> = status.and_then(|text| serde_json::from_str(&text).ok());
        if status.is_some_and(|status| status.pointer("/value/ready") == Some(&Value::Bool(true))) {
            return true;
        }
        deadline.pause_or_panic(&format!("the driver of {} to be ready", engine.name()));
    }
}

/// A port that is free now. The drivers cannot be told to choose one and say which in one common way.
pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port on the loopback address");
    listener
        .local_addr()
        .expect("a bound socket has an address")
        .port()
}
