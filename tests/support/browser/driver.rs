//! A WebDriver server: the process between the tests and one browser.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::Stdio;

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

impl Driver {
    /// Starts the engine's driver on a free port and waits until it listens.
    pub(super) fn start(engine: Engine) -> Driver {
        let port = free_port();
        let display = (engine == Engine::WebKit).then(Display::start);
        let mut command = engine.driver_command(port);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(display) = &display {
            command.env("DISPLAY", &display.name);
        }
        let mut process = ProcessTree::start(&mut command);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let deadline = Deadline::default();
        while TcpStream::connect(address).is_err() {
            if let Ok(Some(status)) = process.child().try_wait() {
                panic!("the driver of {} ended at once: {status}", engine.name());
            }
            deadline.pause_or_panic(&format!("the driver of {} to listen", engine.name()));
        }
        Driver {
            url: format!("http://{address}"),
            _process: process,
            _display: display,
        }
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
