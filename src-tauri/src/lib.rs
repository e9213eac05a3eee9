//! The native shell: a Tauri window over the same interface and the same engine as in a browser.
//!
//! The page sends three commands (`call`, `stage`, `save`) and receives the event `porchlight-event`; nothing else
//! crosses the boundary. There are no rules about canvassing in this crate.

mod clock;
mod commands;
mod data_folder;
mod saved;
mod staged;
mod system;

use crate::data_folder::DataFolder;
use crate::staged::StagedFiles;
use porchlight_engine::hub::open::reopen;
use porchlight_engine::{Engine, EngineHandle, Env, Shell, sync};
use porchlight_hub::host::LocalHost;
use porchlight_model::calls::Event;
use porchlight_model::message::ApiError;
use std::sync::Arc;
use tauri::{AppHandle, Emitter, Manager};

/// The name of the event that the page listens to.
const CHANNEL: &str = "porchlight-event";
/// The name of the database file in the data folder.
const DATABASE: &str = "porchlight.db";

/// The state of the commands: the engine, or the reason why it could not be opened.
pub(crate) struct Opened {
    /// The engine, or the error that every call returns.
    pub(crate) engine: Result<EngineHandle, ApiError>,
    /// Files that the person chose.
    pub(crate) files: Arc<StagedFiles>,
    /// Holds the folder's lock for as long as the window lives.
    _folder: Option<DataFolder>,
}

/// Opens the window and runs until it is closed.
///
/// # Errors
/// When there is no screen or the window cannot be made. Problems with the data folder are shown in the window instead.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() -> anyhow::Result<()> {
    tauri::Builder::default()
        .setup(|app| {
            app.manage(open(app.handle()));
            Ok(())
        })
        .invoke_handler(tauri::generate_handler![commands::call, commands::stage, commands::save])
        .run(tauri::generate_context!())?;
    Ok(())
}

fn open(app: &AppHandle) -> Opened {
    match DataFolder::open(app) {
        Ok(folder) => {
            let files = Arc::new(StagedFiles::new(folder.path().join("staged")));
            let engine = start(app, &folder, &files);
            Opened { engine, files, _folder: Some(folder) }
        }
        Err(error) => Opened { engine: Err(error), files: Arc::default(), _folder: None },
    }
}

fn start(app: &AppHandle, folder: &DataFolder, files: &Arc<StagedFiles>) -> Result<EngineHandle, ApiError> {
    let database = folder.path().join(DATABASE);
    let path = database.to_str().ok_or_else(|| data_folder::unusable(&database, "its name is not UTF-8"))?;
    let env = Env { clock: Arc::new(clock::SystemClock), seed: system::seed()? };
    let engine = Engine::open(path, env)?;
    let window = app.clone();
    let events = Arc::new(move |event: Event| {
        if let Ok(text) = serde_json::to_string(&event) {
            // Sending fails while the window is closing, which is harmless.
            drop(window.emit(CHANNEL, text));
        }
    });
    let host = Arc::new(LocalHost::new(tauri::async_runtime::handle().inner().clone()));
    let handle = EngineHandle::new(engine, Shell { files: Arc::clone(files) as _, events, host: Some(host) });
    // A hub that was open when the window closed is opened again; without a network, the captain opens it later.
    if let Err(error) = reopen(&handle) {
        tracing::warn!(%error, "the hub is not open");
    }
    tauri::async_runtime::spawn(sync::run(handle.clone(), Arc::new(system::SystemTimer)));
    Ok(handle)
}
