//! The state of an import. It belongs to the whole window, so that progress, report and *Stop* are still there when the
//! page is opened again.

use crate::backend;
use crate::hooks::said;
use porchlight_model::calls::Event;
use porchlight_model::calls::files::ChosenFile;
use porchlight_model::calls::import::{Absent, CancelJob, CheckFile, FileReport, ImportFile};
use porchlight_model::id::JobId;
use porchlight_model::message::{ApiError, Message};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// An event of an import.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// The file is being staged.
    Chosen,
    /// A job that reads or writes the file has begun.
    Begun(ChosenFile, JobId),
    /// The progress of the job: units done, total units, current activity.
    Progress(JobId, u64, u64, Message),
    /// It was read to its end.
    Checked(FileReport),
    /// It is imported.
    Imported(FileReport),
    /// It could not be read or written, or was stopped.
    Failed(ApiError),
    /// The decision on voters who are absent from the file.
    Decided(Absent),
    /// The person decided not to import it.
    Dropped,
}

/// The current or last import.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Importing {
    /// The file.
    pub file: Option<ChosenFile>,
    /// The work under way.
    pub job: Option<JobId>,
    /// Whether something is under way.
    pub is_busy: bool,
    /// How far it has come.
    pub progress: Option<(u64, u64, Message)>,
    /// The preview or the result.
    pub report: Option<Rc<FileReport>>,
    /// Whether it is imported.
    pub is_done: bool,
    /// The decision on voters who are absent from the file.
    pub absent: Absent,
    /// Why it failed.
    pub failed: Option<ApiError>,
}

impl Reducible for Importing {
    type Action = Step;

    fn reduce(self: Rc<Self>, step: Step) -> Rc<Self> {
        let mut next = (*self).clone();
        match step {
            Step::Chosen => next = Self { is_busy: true, ..Self::default() },
            Step::Begun(file, job) => {
                (next.file, next.job, next.is_busy) = (Some(file), Some(job), true);
                (next.progress, next.failed) = (None, None);
            }
            Step::Progress(job, done, total, what) if next.job == Some(job) => {
                next.progress = Some((done, total, what));
            }
            Step::Progress(..) => return self,
            Step::Checked(report) => {
                (next.is_busy, next.job, next.report) = (false, None, Some(Rc::new(report)));
            }
            Step::Imported(report) => {
                (next.is_busy, next.job, next.report, next.is_done) = (false, None, Some(Rc::new(report)), true);
            }
            Step::Failed(error) => (next.is_busy, next.job, next.failed) = (false, None, Some(error)),
            Step::Decided(absent) => next.absent = absent,
            Step::Dropped => next = Self::default(),
        }
        Rc::new(next)
    }
}

/// The shared state.
pub type ImportingHandle = UseReducerHandle<Importing>;

/// The props of [`KeepsImporting`].
#[derive(Properties, PartialEq)]
pub struct KeepsImportingProps {
    /// The pages.
    pub children: Html,
}

/// Provides the state to the pages inside, and listens to the progress of the job.
#[component]
pub fn KeepsImporting(props: &KeepsImportingProps) -> Html {
    let importing = use_reducer_eq(Importing::default);
    let dispatcher = importing.dispatcher();
    use_effect_with((), move |()| {
        let listening = backend::listen(Callback::from(move |event| {
            if let Event::Progress { job, done, total, what } = event {
                dispatcher.dispatch(Step::Progress(job, done, total, what));
            }
        }));
        move || drop(listening)
    });
    html! { <ContextProvider<ImportingHandle> context={importing}>{ props.children.clone() }</ContextProvider<ImportingHandle>> }
}

/// The state of the import.
///
/// # Panics
/// Outside of the app's root, which provides it.
#[hook]
#[expect(clippy::expect_used, reason = "the root always provides it")]
pub fn use_importing() -> ImportingHandle {
    use_context::<ImportingHandle>().expect("the root provides it")
}

thread_local! {
    /// Two taps may come before the next drawing: this cell, not the drawn state, blocks the second.
    static IS_BUSY: Cell<bool> = const { Cell::new(false) };
}

/// Checks a staged file, or shows why it could not be staged.
pub fn check(importing: &ImportingHandle, staged: Result<ChosenFile, ApiError>) {
    match staged {
        Ok(file) => {
            let job = crate::fresh::job();
            run(importing, file.clone(), job, CheckFile { file, job }, Step::Checked, |_| {});
        }
        Err(error) => importing.dispatch(Step::Failed(error)),
    }
}

/// Imports the file that was checked; a second tap does nothing.
pub fn import(importing: &ImportingHandle, then: impl FnOnce(&FileReport) + 'static) {
    let Some(file) = importing.file.clone() else { return };
    let (job, absent) = (crate::fresh::job(), importing.absent);
    run(importing, file.clone(), job, ImportFile { file, job, absent }, Step::Imported, then);
}

/// Cancels the running job.
pub fn stop(importing: &ImportingHandle) {
    if let Some(job) = importing.job {
        spawn_local(async move {
            // The job itself reports whether it was cancelled.
            drop(said(CancelJob { job }).await);
        });
    }
}

fn run<C>(
    importing: &ImportingHandle,
    file: ChosenFile,
    job: JobId,
    call: C,
    done: fn(FileReport) -> Step,
    then: impl FnOnce(&FileReport) + 'static,
) where
    C: porchlight_model::calls::Call<Reply = FileReport> + 'static,
{
    if IS_BUSY.replace(true) {
        return;
    }
    let dispatcher = importing.dispatcher();
    dispatcher.dispatch(Step::Begun(file, job));
    spawn_local(async move {
        let reply = said(call).await;
        IS_BUSY.set(false);
        match reply {
            Ok(report) => {
                then(&report);
                dispatcher.dispatch(done(report));
            }
            Err(error) => dispatcher.dispatch(Step::Failed(error)),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use porchlight_model::message::ErrorCode;

    fn file() -> ChosenFile {
        ChosenFile { key: "k".into(), name: "voters.txt".into(), bytes: 10 }
    }

    fn after(steps: impl IntoIterator<Item = Step>) -> Importing {
        (*steps.into_iter().fold(Rc::new(Importing::default()), Importing::reduce)).clone()
    }

    #[test]
    fn progress_of_other_work_is_none_of_this() {
        let (mine, other) = (JobId::from_bytes([1; 16]), JobId::from_bytes([2; 16]));
        let begun = Step::Begun(file(), mine);
        let progress = |job| Step::Progress(job, 3, 10, Message::new("import-progress-read"));
        assert_eq!(after([begun.clone(), progress(other)]).progress, None);
        assert_eq!(after([begun, progress(mine)]).progress.map(|(done, total, _)| (done, total)), Some((3, 10)));
    }

    #[test]
    fn another_file_begins_with_nothing_decided_and_nothing_failed() {
        let error = ApiError::new(ErrorCode::Cancelled, Message::new("import-cancelled"));
        let stopped = after([Step::Begun(file(), JobId::from_bytes([1; 16])), Step::Failed(error)]);
        assert!(!stopped.is_busy && stopped.job.is_none() && stopped.failed.is_some());
        let next = after([Step::Decided(Absent::TakeOff), Step::Chosen]);
        assert_eq!(next, Importing { is_busy: true, ..Importing::default() });
    }
}
