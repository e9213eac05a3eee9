//! The progress of the archive of a wave that is about to end, and whether ending may be offered. Pure.

use porchlight_model::calls::archive::ArchiveMade;
use porchlight_model::calls::files::ExportFile;
use std::rc::Rc;

/// What is known of the saved file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveOutcome {
    /// It is written, or the person shared it.
    There,
    /// The browser took it, without confirmation.
    Untold,
    /// The person cancelled, or has to tap once more.
    NotYet,
    /// This browser cannot save files.
    Cannot,
}

/// The progress of a wave's archive.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Archived {
    made: Option<Rc<ArchiveMade>>,
    kept: Option<SaveOutcome>,
    is_accepted: bool,
}

/// The next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Create it.
    Make,
    /// Create it again, because something came in since.
    Behind,
    /// Save it.
    Save,
    /// This browser cannot save files.
    Cannot,
    /// The person checks that the file exists, because the browser did not confirm it.
    Look,
    /// The person has confirmed it.
    Seen,
    /// It is saved.
    Saved,
    /// The person continues without it.
    Without,
}

impl Step {
    /// Whether the wave may be ended: its archive is safe, or the person chose to continue without.
    #[must_use]
    pub const fn may_end(self) -> bool {
        match self {
            Self::Seen | Self::Saved | Self::Without => true,
            Self::Make | Self::Behind | Self::Save | Self::Cannot | Self::Look => false,
        }
    }
}

impl Archived {
    /// The archive is created.
    #[must_use]
    pub fn made(&self, made: ArchiveMade) -> Self {
        Self { made: Some(Rc::new(made)), kept: None, is_accepted: false }
    }

    /// The file was saved, or not.
    #[must_use]
    pub fn saved(&self, kept: SaveOutcome) -> Self {
        Self { made: self.made.clone(), kept: Some(kept), is_accepted: false }
    }

    /// The person toggles their confirmation.
    #[must_use]
    pub fn accepted(&self) -> Self {
        Self { is_accepted: !self.is_accepted, ..self.clone() }
    }

    /// Whether they have confirmed.
    #[must_use]
    pub const fn is_accepted(&self) -> bool {
        self.is_accepted
    }

    /// The file, once it is created.
    #[must_use]
    pub fn file(&self) -> Option<ExportFile> {
        self.made.as_ref().map(|made| made.file.clone())
    }

    /// The digest of the file's records, once the file is known to be safe: it was written, or the person has seen it.
    #[must_use]
    pub fn kept_record(&self) -> Option<String> {
        let is_safe = match self.kept {
            Some(SaveOutcome::There) => true,
            Some(SaveOutcome::Untold) => self.is_accepted,
            Some(SaveOutcome::NotYet | SaveOutcome::Cannot) | None => false,
        };
        self.made.as_ref().filter(|_| is_safe).map(|made| made.record.clone())
    }

    /// The next step, given `record`, the digest of the wave's present records.
    #[must_use]
    pub fn step(&self, record: &str) -> Step {
        match (&self.made, self.kept) {
            (None, _) if self.is_accepted => Step::Without,
            (None, _) => Step::Make,
            (Some(made), _) if made.record != record && self.is_accepted && self.kept.is_none() => Step::Without,
            (Some(made), _) if made.record != record => Step::Behind,
            (Some(_), None | Some(SaveOutcome::NotYet)) => Step::Save,
            (Some(_), Some(SaveOutcome::There)) => Step::Saved,
            (Some(_), Some(SaveOutcome::Untold)) if self.is_accepted => Step::Seen,
            (Some(_), Some(SaveOutcome::Untold)) => Step::Look,
            (Some(_), Some(SaveOutcome::Cannot)) if self.is_accepted => Step::Without,
            (Some(_), Some(SaveOutcome::Cannot)) => Step::Cannot,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> Archived {
        let file = ExportFile::binary("a.zip".to_owned(), "application/zip", &[1], 1);
        Archived::default().made(ArchiveMade { file, record: "1-1".to_owned() })
    }

    #[test]
    fn the_end_is_offered_once_the_archive_is_safe_or_the_person_goes_on_without() {
        fn check(archived: &Archived, record: &str, step: Step, may_end: bool) {
            assert_eq!((archived.step(record), archived.step(record).may_end()), (step, may_end), "{archived:?}");
        }
        let nothing = Archived::default();
        check(&nothing, "1-1", Step::Make, false);
        check(&nothing.accepted(), "1-1", Step::Without, true);
        check(&nothing.accepted().accepted(), "1-1", Step::Make, false);
        check(&made(), "1-1", Step::Save, false);
        check(&made().saved(SaveOutcome::There), "1-1", Step::Saved, true);
        check(&made().saved(SaveOutcome::NotYet), "1-1", Step::Save, false);
        let handed = made().saved(SaveOutcome::Untold);
        check(&handed, "1-1", Step::Look, false);
        check(&handed.accepted(), "1-1", Step::Seen, true);
        check(&made().saved(SaveOutcome::Cannot), "1-1", Step::Cannot, false);
        check(&made().saved(SaveOutcome::Cannot).accepted(), "1-1", Step::Without, true);
    }

    #[test]
    fn an_archive_counts_as_saved_once_it_was_written_or_seen() {
        fn check(archived: &Archived, is_kept: bool) {
            assert_eq!(archived.kept_record().is_some(), is_kept, "{archived:?}");
        }
        check(&Archived::default().accepted(), false);
        check(&made(), false);
        check(&made().saved(SaveOutcome::NotYet).accepted(), false);
        check(&made().saved(SaveOutcome::Cannot).accepted(), false);
        check(&made().saved(SaveOutcome::There), true);
        check(&made().saved(SaveOutcome::Untold), false);
        check(&made().saved(SaveOutcome::Untold).accepted(), true);
    }

    #[test]
    fn what_came_in_since_is_not_in_the_archive() {
        for archived in [made(), made().saved(SaveOutcome::There), made().saved(SaveOutcome::Untold).accepted()] {
            assert_eq!(archived.step("2-1"), Step::Behind, "{archived:?}");
        }
        assert_eq!(made().accepted().step("2-1"), Step::Without);
    }
}
