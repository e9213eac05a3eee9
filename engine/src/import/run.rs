//! Checks or imports a chosen file as a long job: it reports progress, can be cancelled, and is done whole or not at all.

use super::job::{ImportJob, Step};
use super::{moved, place, refuse, renew};
use crate::error::EngineError;
use crate::handle::EngineHandle;
use crate::store::import as rows;
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::calls::import::{CheckFile, FileKind, FileReport, ImportFile};
use porchlight_model::calls::{Event, Topic};
use porchlight_model::id::JobId;
use porchlight_model::message::{ApiError, ErrorCode, Message};

/// Reads a whole file and reports what importing it would do.
pub(crate) async fn check(handle: &EngineHandle, call: &CheckFile) -> Result<FileReport, EngineError> {
    let mut read = read(handle, &call.file, call.job).await?;
    handle.with(|engine| read.report(engine.conn(), engine.device_now()))
}

/// Imports a file; the database is unchanged unless all of it could be written.
pub(crate) async fn import(handle: &EngineHandle, call: &ImportFile) -> Result<FileReport, EngineError> {
    let read = read(handle, &call.file, call.job).await?;
    tell(handle, call.job, call.file.bytes, call.file.bytes, "import-progress-write");
    breathe().await;
    if handle.take_cancelled(call.job) {
        return Err(cancelled());
    }
    handle.with(|engine| {
        let now = engine.device_now();
        rows::with_more_pages(engine, |engine| {
            engine.write("import", |tx| {
                rows::set_words(tx.conn(), true)?;
                let doors = moved::doors(tx.conn())?;
                let mut report = read.commit(tx.conn(), now, call.absent)?;
                rows::set_words(tx.conn(), false)?;
                if !report.is_of_use() {
                    return Err(nothing(&call.file));
                }
                moved::packs(tx, &doors)?;
                if report.kind == FileKind::NorthCarolina {
                    report.effect.n_turf = renew::packs(tx)?;
                }
                tx.touch(Topic::Import);
                Ok(report)
            })
        })
    })
}

async fn read(handle: &EngineHandle, file: &ChosenFile, job: JobId) -> Result<ImportJob, EngineError> {
    let (campaign, now) =
        handle.with(|engine| Ok::<_, EngineError>((engine.member()?.identity.campaign, engine.device_now())))?;
    let mut import = ImportJob::start(campaign, file.clone(), handle.shell.files.clone(), now)?;
    loop {
        if handle.take_cancelled(job) {
            return Err(cancelled());
        }
        match import.step()? {
            Step::Finished => return Ok(import),
            Step::More(done, total) => tell(handle, job, done, total, "import-progress-read"),
        }
        breathe().await;
    }
}

fn tell(handle: &EngineHandle, job: JobId, done: u64, total: u64, what: &str) {
    (handle.shell.events)(Event::Progress { job, done, total, what: Message::new(what) });
}

fn nothing(file: &ChosenFile) -> EngineError {
    EngineError::Told(refuse(place(file, 1, 1, ""), Message::new("import-nothing")))
}

fn cancelled() -> EngineError {
    EngineError::Told(ApiError::new(ErrorCode::Cancelled, Message::new("import-cancelled")))
}

/// Yields to other work: in a browser to its messages, elsewhere to other tasks.
pub(crate) async fn breathe() {
    #[cfg(target_arch = "wasm32")]
    gloo_timers::future::TimeoutFuture::new(0).await;
    #[cfg(not(target_arch = "wasm32"))]
    {
        let mut is_second = false;
        std::future::poll_fn(|context| {
            if std::mem::replace(&mut is_second, true) {
                return std::task::Poll::Ready(());
            }
            context.waker().wake_by_ref();
            std::task::Poll::Pending
        })
        .await;
    }
}
