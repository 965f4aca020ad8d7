//! Wrangler's local runtime (workerd, the one that deployments run on), from start to end.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::family;
use crate::node;
use crate::step::{Stopwatch, cannot_start};

/// How long the runtime may take to its first answer: seconds on an idle machine, more beside two compilers.
const READY_WITHIN: Duration = Duration::from_secs(120);

/// What the runtime is started with.
#[derive(Debug)]
pub(crate) struct Settings<'a> {
    pub(crate) port: u16,
    pub(crate) state: &'a Path,
    pub(crate) limits: bool,
    pub(crate) log: bool,
    /// Variables and secrets beside those of development.
    pub(crate) env_file: Option<&'a Path>,
}

/// A running runtime.
#[derive(Debug)]
pub(crate) struct Runtime {
    child: Child,
    port: u16,
}

/// Says so if somebody listens on the port already, by either of localhost's addresses.
pub(crate) fn port_must_be_free(port: u16) -> Result<(), Failure> {
    let addresses = [
        SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        SocketAddr::from((Ipv6Addr::LOCALHOST, port)),
    ];
    for address in addresses {
        match TcpListener::bind(address) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                return Err(Failure::new(format!(
                    "Port {port} is taken; end the program that listens there, or choose another by --port N."
                )));
            }
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Err(Failure::new(format!(
                    "Port {port} may not be used by you; choose one above 1023."
                )));
            }
            // A machine without IPv6 has no such address, and nobody listens on it.
            Ok(_) | Err(_) => {}
        }
    }
    Ok(())
}

impl Runtime {
    /// Starts the runtime, reachable from this machine only.
    pub(crate) fn start(checkout: &Checkout, settings: &Settings<'_>) -> Result<Runtime, Failure> {
        let mut wrangler = node::local_wrangler(checkout);
        wrangler
            .args([
                "dev",
                "--local",
                "--ip",
                "127.0.0.1",
                "--port",
                &settings.port.to_string(),
            ])
            // Any free port, so that two runtimes do not quarrel about the debugger's.
            .args([
                "--inspector-port",
                "0",
                "--show-interactive-dev-session=false",
                "--log-level",
                if settings.log { "log" } else { "warn" },
            ])
            // Secrets in a deployment; here they are public, and part of the documentation.
            .args(["--var", "ADMIN_TOKEN:dev-admin-token"])
            .args(["--var", "WEBHOOK_DEV:dev-webhook-secret"])
            .arg("--persist-to")
            .arg(settings.state)
            // The build command of wrangler.toml has nothing left to do.
            .env("THROUGHLINE_BUILD", "true")
            .stdin(Stdio::null())
            // Our own standard output says `ready` and what to try; the Worker's log lines go beside it.
            .stdout(Stdio::from(io::stderr()));
        // Off unless asked for, so that load and fault tests reach the store.
        let limits = if settings.limits {
            "LIMITS:on"
        } else {
            "LIMITS:off"
        };
        wrangler.args(["--var", limits]);
        if let Some(file) = settings.env_file {
            wrangler.arg("--env-file").arg(file);
        }
        let child = wrangler
            .spawn()
            .map_err(|error| cannot_start(&wrangler, &error))?;
        Ok(Runtime {
            child,
            port: settings.port,
        })
    }

    /// Comes back when the Worker answers.
    pub(crate) fn wait_until_ready(&mut self) -> Result<(), Failure> {
        let watch = Stopwatch::start();
        loop {
            let answer = self.health();
            if answer.as_deref().is_ok_and(|line| line.contains(" 200 ")) {
                return Ok(());
            }
            self.must_be_alive()?;
            if watch.elapsed() > READY_WITHIN {
                let answer = answer.unwrap_or_else(|error| error.to_string());
                return Err(Failure::new(format!(
                    "The local runtime did not become healthy within {} s; its last answer was: {answer}.",
                    READY_WITHIN.as_secs()
                )));
            }
            // Nothing tells us when the runtime begins to listen, so we ask again.
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The status line of `GET /throughline/health`.
    fn health(&self) -> io::Result<String> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(
            stream,
            "GET /throughline/health HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n",
            self.port
        )?;
        let mut status = String::new();
        BufReader::new(stream).read_line(&mut status)?;
        Ok(status.trim_end().to_owned())
    }

    fn must_be_alive(&mut self) -> Result<(), Failure> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(ended(&status.to_string())),
            Err(error) => Err(ended(&error.to_string())),
        }
    }

    /// Comes back only if the runtime ends by itself, which it never should.
    pub(crate) fn wait_for_end(&mut self) -> Failure {
        match self.child.wait() {
            Ok(status) => ended(&status.to_string()),
            Err(error) => ended(&error.to_string()),
        }
    }
}

fn ended(how: &str) -> Failure {
    family::wait_if_ending();
    Failure::new(format!(
        "The local runtime ended by itself ({how}); its last words, if any, stand above."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn err_a_taken_port_is_named() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let said = port_must_be_free(port).unwrap_err().to_string();
        assert!(said.starts_with(&format!("Port {port} is taken;")), "{said}");
        drop(listener);
        assert!(port_must_be_free(port).is_ok());
    }
}
