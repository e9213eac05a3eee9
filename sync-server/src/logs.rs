//! The program's log: JSON lines on standard error, with the priorities of the system's journal where that reads them.

use std::io::Write;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts the log, at the level that `RUST_LOG` sets; without it, `info`.
///
/// Libraries are heard from `info` up, whatever `RUST_LOG` says: below that they tell what they work on, such as the parameters of statements.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let has_priorities = is_read_by_journal();
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .map_event_format(|lines| Prioritised { lines, has_priorities })
        .with_writer(std::io::stderr)
        .with_env_filter(filter)
        .finish()
        .with(FilterFn::new(tells_nothing_personal))
        .init();
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        let why = panic.payload_as_str().unwrap_or_default();
        tracing::error!(at, why, "a part of the relay failed in a way that it should never");
    }));
}

/// Reports why the program ends, on standard error.
pub fn say_last(text: &str) {
    say(Level::ERROR, text);
}

/// Tells the person who gave a command what to look at, on standard error beside its result.
pub fn say_beside(text: &str) {
    say(Level::WARN, text);
}

fn say(level: Level, text: &str) {
    // Nobody is left to tell where standard error is gone.
    let _ = writeln!(std::io::stderr(), "{}", if is_read_by_journal() { marked(level, text) } else { text.to_owned() });
}

/// Whether standard error is the system's journal, which takes a priority from the start of each line (sd-daemon(3)).
#[must_use]
pub fn is_read_by_journal() -> bool {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        use std::os::unix::fs::MetadataExt;
        let Ok(told) = std::env::var("JOURNAL_STREAM") else { return false };
        // A service may have sent its standard error elsewhere: only the stream that is named is read so.
        let stderr = std::io::stderr().as_fd().try_clone_to_owned().map(std::fs::File::from);
        stderr.and_then(|file| file.metadata()).is_ok_and(|is| told == format!("{}:{}", is.dev(), is.ino()))
    }
    #[cfg(not(unix))]
    false
}

fn marked(level: Level, text: &str) -> String {
    let lines: Vec<_> = text.lines().map(|line| format!("<{}>{line}", priority(level))).collect();
    lines.join("\n")
}

fn tells_nothing_personal(of: &Metadata<'_>) -> bool {
    *of.level() <= Level::INFO || of.target().starts_with("porchlight")
}

/// The priority of syslog(3) for a level.
fn priority(level: Level) -> u8 {
    match level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        Level::DEBUG | Level::TRACE => 7,
    }
}

/// Lines with their priority before them, for the journal.
struct Prioritised<F> {
    lines: F,
    has_priorities: bool,
}

impl<S, N, F> FormatEvent<S, N> for Prioritised<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, of: &FmtContext<'_, S, N>, mut to: Writer<'_>, event: &Event<'_>) -> std::fmt::Result {
        if self.has_priorities {
            write!(to, "<{}>", priority(*event.metadata().level()))?;
        }
        self.lines.format_event(of, to, event)
    }
}
