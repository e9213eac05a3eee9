//! An import in steps: it first reads and checks the whole file, then commits it in one transaction.

use super::features::FeatureScanner;
use super::kind::Kinds;
use super::layout::Columns;
use super::lines::{ByteReader, column_behind};
use super::north_carolina::NorthCarolina;
use super::open_addresses::{self, OpenAddresses};
use super::staged::Staged;
use super::table::{END_MARK, Repair, Rows};
use super::{buildings, effect, homes, locate, place, refuse, table};
use crate::error::EngineError;
use crate::handle::Files;
use crate::store::{confidential, homes as store_homes, import as rows, map, points, roll};
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::calls::import::{Absent, FileKind, FileReport};
use porchlight_model::id::{CampaignId, DoorId};
use porchlight_model::message::{ApiError, Message};
use porchlight_model::time::At;
use rusqlite::Connection;
use std::sync::Arc;

/// The number of rows that one step reads.
const ROWS_PER_STEP: usize = 5_000;

/// The progress of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There is more to read: bytes read, total bytes.
    More(u64, u64),
    /// The file is read and checked.
    Finished,
}

/// A running import.
pub struct ImportJob {
    campaign: CampaignId,
    reader: ByteReader,
    layout: LayoutReader,
    staged: Staged,
    /// Existing doors that are the same home as another, once the file's doors are matched.
    doubles: Option<Vec<DoorId>>,
    started: At,
}

/// The reader for the layout that was recognised at the file's beginning.
enum LayoutReader {
    NorthCarolina(Box<NorthCarolina>),
    OpenAddresses(OpenAddresses),
    Features { scanner: FeatureScanner, kinds: Kinds },
}

impl LayoutReader {
    /// The rows of a table.
    fn rows(&mut self) -> Option<&mut Rows> {
        match self {
            Self::NorthCarolina(layout) => Some(&mut layout.rows),
            Self::OpenAddresses(layout) => Some(&mut layout.rows),
            Self::Features { .. } => None,
        }
    }
}

impl ImportJob {
    /// Opens the file and recognises its layout.
    ///
    /// # Errors
    /// When it is not text, or not of a known layout.
    pub fn start(campaign: CampaignId, file: ChosenFile, files: Arc<dyn Files>, now: At) -> Result<Self, ApiError> {
        let mut reader = ByteReader::open(file, files)?;
        let layout = if matches!(reader.first_mark(), Some(b'{' | b'[')) {
            LayoutReader::Features { scanner: FeatureScanner::default(), kinds: Kinds::default() }
        } else {
            let mut header = Vec::new();
            while reader.next_line(&mut header)?.is_some() && header.trim_ascii().is_empty() {}
            let columns = Columns::recognise(reader.file(), &table::text(&header))?;
            match columns.kind {
                FileKind::NorthCarolina => LayoutReader::NorthCarolina(Box::new(NorthCarolina::new(campaign, columns))),
                FileKind::OpenAddresses | FileKind::Streets => LayoutReader::OpenAddresses(OpenAddresses::new(columns)),
            }
        };
        Ok(Self { campaign, reader, layout, staged: Staged::default(), doubles: None, started: now })
    }

    /// Reads the next part of the file.
    ///
    /// # Errors
    /// When the file cannot be imported; nothing of it is kept.
    pub fn step(&mut self) -> Result<Step, ApiError> {
        let is_done = match &mut self.layout {
            LayoutReader::Features { .. } => self.step_features()?,
            LayoutReader::NorthCarolina(_) | LayoutReader::OpenAddresses(_) => self.step_table()?,
        };
        if !is_done {
            return Ok(Step::More(self.reader.n_read(), self.reader.file().bytes));
        }
        if self.reader.had_end_mark {
            self.staged.repairs.insert(Repair::EndMark, 1);
        }
        if self.staged.n_rows == 0 {
            let id = match self.layout {
                LayoutReader::Features { .. } => "import-no-features",
                LayoutReader::NorthCarolina(_) | LayoutReader::OpenAddresses(_) => "import-no-rows",
            };
            return Err(refuse(place(self.reader.file(), 1, 1, ""), Message::new(id)));
        }
        if let LayoutReader::Features { kinds, .. } = &mut self.layout {
            kinds.settle(self.reader.file(), &mut self.staged);
        }
        self.staged.finish();
        if self.kind() == FileKind::OpenAddresses {
            open_addresses::check_together(self.reader.file(), &mut self.staged)?;
        }
        Ok(Step::Finished)
    }

    fn step_table(&mut self) -> Result<bool, ApiError> {
        let mut line = Vec::new();
        for _ in 0..ROWS_PER_STEP {
            let number = self.reader.line;
            let Some(has_end) = self.reader.next_line(&mut line)? else { return Ok(true) };
            let Some(rows) = self.layout.rows() else { return Ok(true) };
            if rows.is_blank(&line) {
                if line.contains(&END_MARK) {
                    self.staged.repairs.insert(Repair::EndMark, 1);
                } else if !line.is_empty() {
                    self.staged.repaired(Repair::Blank);
                }
                continue;
            }
            if !has_end && rows.is_cut_off(&line) {
                let column = column_behind(&line, &[]);
                return Err(refuse(place(self.reader.file(), number, column, ""), Message::new("import-truncated")));
            }
            self.staged.n_rows += 1;
            match &mut self.layout {
                LayoutReader::NorthCarolina(layout) => layout.read(self.reader.file(), number, &line, &mut self.staged),
                LayoutReader::OpenAddresses(layout) => layout.read(self.reader.file(), number, &line, &mut self.staged),
                LayoutReader::Features { .. } => {}
            }
        }
        Ok(false)
    }

    fn step_features(&mut self) -> Result<bool, ApiError> {
        let LayoutReader::Features { scanner, kinds } = &mut self.layout else { return Ok(true) };
        for _ in 0..ROWS_PER_STEP {
            let Some((at, feature)) = scanner.next(&mut self.reader)? else { return Ok(true) };
            self.staged.n_rows += 1;
            kinds.read(self.reader.file(), at, &feature, &mut self.staged);
        }
        Ok(false)
    }

    fn kind(&self) -> FileKind {
        match &self.layout {
            LayoutReader::NorthCarolina(_) => FileKind::NorthCarolina,
            LayoutReader::OpenAddresses(_) => FileKind::OpenAddresses,
            LayoutReader::Features { kinds, .. } => kinds.most(),
        }
    }

    /// Reports what the import would do to the present data.
    ///
    /// # Errors
    /// When the database fails.
    pub fn report(&mut self, conn: &Connection, now: At) -> Result<FileReport, EngineError> {
        let unused = match &self.layout {
            LayoutReader::NorthCarolina(layout) => layout.columns().unused.clone(),
            LayoutReader::OpenAddresses(layout) => layout.columns().unused.clone(),
            LayoutReader::Features { .. } => Vec::new(),
        };
        if self.doubles.is_none() {
            self.doubles = Some(homes::settle(conn, self.campaign, &mut self.staged)?);
        }
        let effect = effect::of(conn, self.kind(), &self.staged)?;
        Ok(self.staged.report(self.kind(), unused, effect, now.since_ms(self.started).unsigned_abs()))
    }

    /// Writes everything that was read, and locates doors. The caller's transaction makes it atomic.
    ///
    /// # Errors
    /// When the database fails.
    pub fn commit(mut self, conn: &Connection, now: At, absent: Absent) -> Result<FileReport, EngineError> {
        let report = self.report(conn, now)?;
        let doubles = self.doubles.unwrap_or_default();
        let file = rows::note_file(conn, self.reader.file(), &report, now, &self.staged.problems)?;
        match report.kind {
            FileKind::NorthCarolina => {
                let gone = effect::leave(roll::compare(conn, &self.staged)?, absent);
                rows::put_doors(conn, self.staged.doors.values())?;
                rows::put_voters(conn, self.staged.voters, &self.staged.doors)?;
                roll::take_off(conn, &gone)?;
                confidential::note(conn, &self.staged.confidential)?;
                roll::tidy(conn)?;
                store_homes::remove_unused(conn, &doubles)?;
                buildings::make(conn, self.campaign)?;
                locate::locate(conn)?;
            }
            FileKind::OpenAddresses => {
                points::put(conn, &self.staged.points)?;
                locate::locate(conn)?;
            }
            FileKind::Streets => map::put(conn, file, &self.staged.streets, &self.staged.areas)?,
        }
        Ok(report)
    }
}
