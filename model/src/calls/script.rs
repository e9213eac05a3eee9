//! The script.

use crate::script::Script;
use serde::{Deserialize, Serialize};

calls! {
    Call of Script: ScriptCall;
    GetScript -> Option<crate::script::Script>, act Oversee, reads [Script];
    SaveScript -> (), act WriteScript, reads [];
}

/// Asks for the script in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetScript {}

/// Puts a new version of the script in force; it gets a new id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveScript {
    /// The script; [`Script::check`] must pass.
    pub script: Script,
}
