//! Files that a person chooses, and files that are saved for them.

mod ready;

pub use ready::ReadyFile;

use crate::backend;
use crate::i18n::{t, t_args};
use crate::state::notices::{Notice, NoticesHandle};
use crate::state::saving::Saved;
use porchlight_model::calls::files::{ChosenFile, ExportFile};
use porchlight_model::message::ApiError;
use ready::Waiting;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Stages the file that was chosen in an input, then calls `then`; choosing the same file again counts as a new choice.
pub fn take_chosen(event: &Event, then: impl FnOnce(Result<ChosenFile, ApiError>) + 'static) {
    let input: HtmlInputElement = event.target_unchecked_into();
    let Some(chosen) = input.files().and_then(|files| files.get(0)) else { return };
    input.set_value("");
    spawn_local(async move { then(backend::stage(chosen).await) });
}

/// Saves a file for the person and says what became of it. If it is known to be written, the text is what `told` makes of
/// its path or name; if the browser took it without confirmation, the text says where to look.
pub fn hand_to_person(file: ExportFile, notices: NoticesHandle, told: impl FnOnce(&str) -> AttrValue + 'static) {
    spawn_local(async move {
        let saved = backend::save(&file, false).await;
        say(saved, file, notices, Box::new(told));
    });
}

/// The text about a file that is written, from its path or name.
type SavedText = Box<dyn FnOnce(&str) -> AttrValue>;

fn say(saved: Result<Saved, ApiError>, file: ExportFile, notices: NoticesHandle, told: SavedText) {
    let text = match saved {
        Ok(Saved::There(place)) => told(&place),
        Ok(Saved::Shared) => t_args("save-shared", &[("file", file.name.as_str().into())]),
        Ok(Saved::Handed(name)) => t_args("save-handed", &[("file", name.as_str().into())]),
        Ok(Saved::Dismissed) => t("save-dismissed"),
        Ok(Saved::NeedsTap) => return ready::show(Waiting::Tap { file, told }),
        Ok(Saved::Cannot) => return ready::show(Waiting::Nowhere),
        Err(error) => return notices.dispatch(Notice::Failed(error)),
    };
    notices.dispatch(Notice::Done { text, undo: None });
}
