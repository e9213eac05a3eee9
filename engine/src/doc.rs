//! Automerge documents: opened from their stored changes, edited by explicit puts, projected to rows.

pub mod born;
pub mod cache;
pub mod edit;
pub(crate) mod judge;
pub(crate) mod kind;
pub mod merge;
pub mod project;
pub mod read;
pub(crate) mod rooted;
pub(crate) mod tell;
pub mod touched;
pub(crate) mod weigh;

pub use edit::Edit;
pub(crate) use rooted::Rooted;
pub use touched::Touched;

/// Names of the top-level maps of a turf document; see `docs/data.md`.
pub mod turf_map {
    /// What the turf is: `turf`, `name`, `pack`, `minutes`.
    pub const ABOUT: &str = "about";
    /// Visit id to visit: append-only facts.
    pub const VISITS: &str = "visits";
    /// `voter/question` to the current answer: a register.
    pub const ANSWERS: &str = "answers";
    /// Visit id to a map of `voter/question` to the answer given at that visit.
    pub const ASKED: &str = "asked";
    /// Visit id to when and by whom it was taken back.
    pub const RETRACTED: &str = "retracted";
    /// Note id to note.
    pub const NOTES: &str = "notes";
    /// Id to an entry that sets or lifts a flag.
    pub const FLAGS: &str = "flags";
    /// Voter id to a person added at a door.
    pub const PEOPLE: &str = "people";
    /// Member id to a walker.
    pub const WALKERS: &str = "walkers";
    /// All of them, in the order in which a document is born with them.
    pub const ALL: [&str; 9] = [ABOUT, VISITS, ANSWERS, ASKED, RETRACTED, NOTES, FLAGS, PEOPLE, WALKERS];
}

/// Names of the top-level maps of an office document; see `docs/data.md`. They are those of the one birth that all such documents have
/// ([`porchlight_model::born::birth`]): there will be no others.
pub mod office_map {
    /// `goal/field` to a field of a goal.
    pub const GOALS: &str = "goals";
    /// `list/field` to a field of a saved list.
    pub const LISTS: &str = "lists";
    /// What else the office shares, by name.
    pub const SETTINGS: &str = "settings";
    /// Of a goal: what it counts.
    pub const MEASURE: &str = "measure";
    /// Of a goal: `campaign`, or the id of its turf.
    pub const SCOPE: &str = "scope";
    /// Of a goal: its first and its last day, `20000/20030`, which go together.
    pub const SPAN: &str = "span";
    /// Of a goal: how many by then.
    pub const TARGET: &str = "target";
    /// Of a list: what people call it.
    pub const NAME: &str = "name";
    /// Of a list: whom it finds, behind the version of the encoding in two bytes, the higher first.
    pub const FILTER: &str = "filter";
    /// Of a list: `id/n/at` of the people that it is frozen to; empty where it is refreshed.
    pub const FROZEN: &str = "frozen";
    /// Of a list: the beginning of the names of parts of frozen people, before `id/place`.
    pub const PART: &str = "part/";
    /// Of either: when it was removed; 0 once it was brought back.
    pub const REMOVED: &str = "removed";
    /// All of them, in the order in which a document is born with them.
    pub const ALL: [&str; 3] = [GOALS, LISTS, SETTINGS];
}

/// Names of the top-level maps of a campaign document; see `docs/data.md`.
pub mod campaign_map {
    /// The campaign's properties: `name`, `script` (the version in force), and its waves under [`WAVE`], [`ENDED`] and [`UNDONE`].
    pub const ABOUT: &str = "about";
    /// The key prefix in [`ABOUT`] of a wave's name, followed by its id, which contains the time of its start.
    pub const WAVE: &str = "wave/";
    /// The key prefix in [`ABOUT`] of the time when a wave ended.
    pub const ENDED: &str = "ended/";
    /// The key prefix in [`ABOUT`] of the time when a wave's start was undone; it applies only while nothing is recorded in the wave.
    pub const UNDONE: &str = "undone/";
    /// Script id to a script as JSON; a version never changes.
    pub const SCRIPTS: &str = "scripts";
    /// Turf id to its entry as JSON; `wave/turf` to the document of that turf in that wave, but for the first wave, whose document the
    /// entry names.
    pub const TURFS: &str = "turfs";
    /// Member id to name.
    pub const MEMBERS: &str = "members";
    /// All of them, in the order in which a document is born with them.
    pub const ALL: [&str; 4] = [ABOUT, SCRIPTS, TURFS, MEMBERS];
}
