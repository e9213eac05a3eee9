//! Files that a person chooses, and files that are handed to them.

use crate::backend;
use crate::state::notices::{Notice, NoticesHandle};
use porchlight_model::calls::files::{ChosenFile, ExportFile};
use porchlight_model::message::ApiError;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Gives the file that was chosen in an input to the shell, then goes on with it; choosing the same file again is a new choice.
pub fn take_chosen(event: &Event, then: impl FnOnce(Result<ChosenFile, ApiError>) + 'static) {
    let input: HtmlInputElement = event.target_unchecked_into();
    let Some(chosen) = input.files().and_then(|files| files.get(0)) else { return };
    input.set_value("");
    spawn_local(async move { then(backend::stage(chosen).await) });
}

/// Hands a file to the person and says where it is, in the words that `told` makes of its path or name.
pub fn hand_to_person(file: ExportFile, notices: NoticesHandle, told: impl FnOnce(&str) -> AttrValue + 'static) {
    spawn_local(async move {
        match backend::save(&file).await {
            Ok(path) => {
                let text = told(path.as_deref().unwrap_or(&file.name));
                notices.dispatch(Notice::Done { text, undo: None });
            }
            Err(error) => notices.dispatch(Notice::Failed(error)),
        }
    });
}
