//! What the person asked for.

use std::path::PathBuf;

use crate::engines::Engine;
use crate::failure::Failure;

/// Printed for `help`, and after a mistake.
pub(crate) const USAGE: &str = "\
cargo xtask <command>

  dev     build everything and serve it at http://localhost:8787/throughline/ until Ctrl-C
            --port N         the port (8787)
            --state DIR      the folder of the local database (.wrangler/state)
            --limits         keep rate limits and daily budgets, as a deployment does
            --log            print the Worker's line for each request
            --env-file FILE  variables and secrets of this run, NAME=value on each line
            --open           open the demo in the browser
  test    check, then every test: native, on the local runtime, in each browser engine found
            --require LIST   fail unless these engines are there, e.g. chromium,firefox,webkit
  check   format, lints, and the rules of ARCHITECTURE.md that a machine can see
  build   the browser script, the Worker and the static files; nothing is built twice
  size    what a landing page with a form downloads, beside the budget
  bench   leads a second of the collector, beside the same job in JavaScript, and rows written for each; the time of a fill pass;
          100,000 outcomes from a table to the file that Google fetches
            PART...          only these parts: collector, fill, feed
  mutants changes one thing in one SQL statement at a time, and asks whether a native test notices; hours for all of them
            QUERY...         only these statements, e.g. insert_lead
  wrangler ARGS...
          the pinned wrangler on the pinned Node.js, e.g. `cargo xtask wrangler deploy`
";

/// One command with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Dev(DevWishes),
    Test(TestWishes),
    Check,
    Build,
    Size,
    /// These parts; all where none is named.
    Bench(Vec<BenchPart>),
    /// Names of queries; all where none is named.
    Mutants(Vec<String>),
    Wrangler(Vec<String>),
}

/// What `bench` measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BenchPart {
    Collector,
    Fill,
    Feed,
}

impl BenchPart {
    pub(crate) const ALL: [Self; 3] = [Self::Collector, Self::Fill, Self::Feed];

    fn name(self) -> &'static str {
        match self {
            BenchPart::Collector => "collector",
            BenchPart::Fill => "fill",
            BenchPart::Feed => "feed",
        }
    }
}

/// Options of `dev`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DevWishes {
    pub(crate) port: u16,
    /// As typed: relative to the folder that the person stands in.
    pub(crate) state: Option<PathBuf>,
    pub(crate) limits: bool,
    pub(crate) log: bool,
    /// As typed.
    pub(crate) env_file: Option<PathBuf>,
    pub(crate) open: bool,
    /// Start what `cargo xtask build` left, without looking whether it is current. Not in the usage text: tests start
    /// many runtimes over one build.
    pub(crate) no_build: bool,
}

impl Default for DevWishes {
    fn default() -> DevWishes {
        DevWishes {
            port: 8787,
            state: None,
            limits: false,
            log: false,
            env_file: None,
            open: false,
            no_build: false,
        }
    }
}

/// Options of `test`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct TestWishes {
    pub(crate) required: Vec<Engine>,
}

/// Reads the words after `cargo xtask`.
pub(crate) fn read(words: impl Iterator<Item = String>) -> Result<Command, Failure> {
    let mut words = words;
    let Some(command) = words.next() else {
        return Ok(Command::Help);
    };
    match command.as_str() {
        "help" | "-h" | "--help" => Ok(Command::Help),
        "dev" => Ok(Command::Dev(read_dev(words)?)),
        "test" => Ok(Command::Test(read_test(words)?)),
        "check" => no_more(words, Command::Check),
        "build" => no_more(words, Command::Build),
        "size" => no_more(words, Command::Size),
        "bench" => Ok(Command::Bench(read_bench(words)?)),
        "mutants" => Ok(Command::Mutants(words.collect())),
        "wrangler" => Ok(Command::Wrangler(words.collect())),
        _ => Err(mistake(&command)),
    }
}

fn read_dev(mut words: impl Iterator<Item = String>) -> Result<DevWishes, Failure> {
    let mut wishes = DevWishes::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--port" => {
                let port = value_of(&word, &mut words)?;
                wishes.port = port.parse().ok().filter(|port| *port > 0).ok_or_else(|| {
                    Failure::new(format!(
                        "--port takes a number from 1 to 65535, and `{port}` is none."
                    ))
                })?;
            }
            "--state" => wishes.state = Some(PathBuf::from(value_of(&word, &mut words)?)),
            "--env-file" => wishes.env_file = Some(PathBuf::from(value_of(&word, &mut words)?)),
            "--limits" => wishes.limits = true,
            "--log" => wishes.log = true,
            "--open" => wishes.open = true,
            "--no-build" => wishes.no_build = true,
            _ => return Err(mistake(&word)),
        }
    }
    Ok(wishes)
}

fn read_test(mut words: impl Iterator<Item = String>) -> Result<TestWishes, Failure> {
    let mut wishes = TestWishes::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--require" => {
                for name in value_of(&word, &mut words)?.split(',') {
                    let engine = Engine::named(name.trim()).ok_or_else(|| {
                        Failure::new(format!(
                            "--require takes names out of chromium,firefox,webkit, and `{name}` is none of them."
                        ))
                    })?;
                    wishes.required.push(engine);
                }
            }
            _ => return Err(mistake(&word)),
        }
    }
    Ok(wishes)
}

fn read_bench(words: impl Iterator<Item = String>) -> Result<Vec<BenchPart>, Failure> {
    let part = |word: String| {
        let mut parts = BenchPart::ALL.into_iter();
        parts
            .find(|part| part.name() == word)
            .ok_or_else(|| mistake(&word))
    };
    words.map(part).collect()
}

fn value_of(option: &str, words: &mut impl Iterator<Item = String>) -> Result<String, Failure> {
    words
        .next()
        .ok_or_else(|| Failure::new(format!("{option} needs a value after it.")))
}

fn no_more(mut words: impl Iterator<Item = String>, command: Command) -> Result<Command, Failure> {
    words.next().map_or(Ok(command), |word| Err(mistake(&word)))
}

fn mistake(word: &str) -> Failure {
    Failure::new(format!(
        "`{word}` is not understood here; this is what is:\n\n{USAGE}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_line(line: &str) -> Result<Command, String> {
        read(line.split_whitespace().map(str::to_owned)).map_err(|failure| failure.to_string())
    }

    #[test]
    fn ok_no_words_is_a_call_for_help() {
        for line in ["", "help", "--help", "-h"] {
            assert_eq!(read_line(line), Ok(Command::Help), "{line}");
        }
    }

    #[test]
    fn ok_dev_has_defaults_and_takes_options_in_any_order() {
        assert_eq!(read_line("dev"), Ok(Command::Dev(DevWishes::default())));
        let wishes = DevWishes {
            port: 9000,
            state: Some(PathBuf::from("here")),
            limits: true,
            log: true,
            env_file: Some(PathBuf::from("secrets")),
            open: true,
            no_build: true,
        };
        assert_eq!(
            read_line("dev --limits --log --no-build --env-file secrets --state here --open --port 9000"),
            Ok(Command::Dev(wishes))
        );
    }

    #[test]
    fn ok_test_takes_the_engines_that_must_be_there() {
        let required = vec![Engine::Chromium, Engine::WebKit];
        assert_eq!(
            read_line("test --require chromium,webkit"),
            Ok(Command::Test(TestWishes { required }))
        );
    }

    #[test]
    fn ok_bench_measures_all_parts_or_those_that_are_named() {
        assert_eq!(read_line("bench"), Ok(Command::Bench(Vec::new())));
        let parts = vec![BenchPart::Feed, BenchPart::Fill];
        assert_eq!(read_line("bench feed fill"), Ok(Command::Bench(parts)));
    }

    #[test]
    fn err_what_is_not_understood_is_named() {
        for (line, named) in [
            ("serve", "`serve`"),
            ("dev --prot 1", "`--prot`"),
            ("dev --port", "--port needs a value"),
            ("dev --port 0", "`0`"),
            ("dev --port 70000", "`70000`"),
            ("dev --state", "--state needs a value"),
            ("test --require netscape", "`netscape`"),
            ("check now", "`now`"),
            ("bench feet", "`feet`"),
        ] {
            let said = read_line(line).unwrap_err();
            assert!(said.contains(named), "{line}: {said}");
        }
    }
}
