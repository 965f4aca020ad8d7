//! The doubles of the platforms behind a socket, so that the built Worker reaches them by its own `fetch`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use attribution::timestamp::Timestamp;
use collector::network::{Inbound, Outbound};

use crate::platform_double::{PlatformDouble, Reaction, Signatures};
use crate::rsa_key::RsaKey;

/// Whatever a test waits for comes within this time, or never.
const PATIENCE: Duration = Duration::from_secs(60);

/// The headers that the double looks at, as the collector spells them.
const HEADERS: [&str; 5] = [
    "Authorization",
    "Content-Type",
    "DeveloperToken",
    "CustomerId",
    "CustomerAccountId",
];

/// A server on a free port of the loopback address. It lives as long as the test's process.
#[derive(Clone, Debug)]
pub struct PlatformServer {
    url: String,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    double: Mutex<PlatformDouble>,
    has_reacted: Condvar,
    /// Connections that nobody answers on.
    silent: Mutex<Vec<TcpStream>>,
}

impl PlatformServer {
    /// Starts to listen. Google lets in whoever has the key's private half.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn start(key: &RsaKey) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let url = format!("http://127.0.0.1:{port}");
        let mut double = PlatformDouble::new(Timestamp::EPOCH, 7);
        double.url.clone_from(&url);
        double.signatures = Signatures::Rsa(key.public_key.clone());
        let server = Self {
            url,
            shared: Arc::new(Shared {
                double: Mutex::new(double),
                has_reacted: Condvar::new(),
                silent: Mutex::default(),
            }),
        };
        let threads = server.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = threads.clone();
                std::thread::spawn(move || server.serve(stream));
            }
        });
        server
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Looks at the double, and changes what a test may change.
    pub fn look<T>(&self, look: impl FnOnce(&PlatformDouble) -> T) -> T {
        look(&self.double())
    }

    /// Waits until the double has reacted to a request in such a way.
    ///
    /// # Panics
    /// When it never does.
    pub fn wait_until(&self, is_so: impl Fn(&PlatformDouble) -> bool) {
        let has_reacted = &self.shared.has_reacted;
        let waited = has_reacted.wait_timeout_while(self.double(), PATIENCE, |double| !is_so(double));
        let (_double, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(!waited.timed_out(), "the platform was not asked");
    }

    fn double(&self) -> MutexGuard<'_, PlatformDouble> {
        let double = &self.shared.double;
        double.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One request. A connection that ends early is the sender's affair.
    fn serve(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream);
        let Ok(request) = self.read(&mut reader) else {
            return;
        };
        let reaction = {
            let double = self.double();
            double.now.set(now());
            double.react(&request)
        };
        let mut stream = reader.into_inner();
        let _ = match reaction {
            Reaction::Answer(answer) => self.write(&mut stream, &answer, answer.body.len()),
            Reaction::HalfAnAnswer(answer) => self.write(&mut stream, &answer, answer.body.len() / 2),
            Reaction::Nothing => Ok(()),
            Reaction::Silence => {
                let silent = &self.shared.silent;
                silent.lock().unwrap_or_else(PoisonError::into_inner).push(stream);
                Ok(())
            }
        };
        self.shared.has_reacted.notify_all();
    }

    /// HTTP/1.1 as far as `fetch` speaks it with a body of a known length.
    fn read(&self, reader: &mut BufReader<TcpStream>) -> std::io::Result<Outbound> {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let mut words = line.split(' ');
        let method = match words.next() {
            Some("GET") => "GET",
            _ => "POST",
        };
        let url = format!("{}{}", self.url, words.next().unwrap_or_default());
        let (mut length, mut headers) = (0, Vec::new());
        loop {
            let mut header = String::new();
            reader.read_line(&mut header)?;
            let Some((name, value)) = header.trim().split_once(':') else {
                break;
            };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().unwrap_or_default();
            }
            let known = HEADERS.into_iter().find(|known| name.eq_ignore_ascii_case(known));
            headers.extend(known.map(|name| (name, value.trim().to_owned())));
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        Ok(Outbound {
            method,
            url,
            headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    /// So many bytes of an answer's body; its length is told whole.
    fn write(&self, stream: &mut TcpStream, answer: &Inbound, bytes: usize) -> std::io::Result<()> {
        let more = match (&answer.retry_after, answer.status) {
            (Some(value), _) => format!("Retry-After: {value}\r\n"),
            (None, 302) => format!("Location: {}/elsewhere\r\n", self.url),
            _ => String::new(),
        };
        write!(
            stream,
            "HTTP/1.1 {} Status\r\nContent-Type: application/json\r\n{more}Content-Length: {}\r\nConnection: close\r\n\r\n",
            answer.status,
            answer.body.len()
        )?;
        stream.write_all(&answer.body[..bytes])
    }
}

fn now() -> Timestamp {
    let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    Timestamp::from_ms(i64::try_from(since.as_millis()).unwrap_or_default())
}
