//! Per-device switches: left-handed use, and vibration.

use crate::theme::storage;

const ON: &str = "on";
const OFF: &str = "off";

/// A per-device switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// In landscape the acts are at the left, under the left thumb.
    LeftHanded,
    /// A dropped tap causes a short vibration.
    Buzz,
}

impl Switch {
    /// Every switch.
    pub const ALL: [Self; 2] = [Self::LeftHanded, Self::Buzz];

    /// Its name in local storage and, after `data-`, on the page.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LeftHanded => "left-handed",
            Self::Buzz => "buzz",
        }
    }

    /// The id of its label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::LeftHanded => "me-left-handed",
            Self::Buzz => "me-buzz",
        }
    }

    const fn is_on_at_first(self) -> bool {
        matches!(self, Self::Buzz)
    }

    fn key(self) -> String {
        format!("porchlight.{}", self.as_str())
    }

    /// Whether it is on, on this device.
    #[must_use]
    pub fn is_on(self) -> bool {
        let stored = storage().and_then(|storage| storage.get_item(&self.key()).ok().flatten());
        stored.map_or(self.is_on_at_first(), |stored| stored == ON)
    }

    /// Sets it for this device.
    pub fn set(self, is_on: bool) {
        if let Some(storage) = storage() {
            let _ = storage.set_item(&self.key(), if is_on { ON } else { OFF });
        }
        self.apply();
    }

    /// Sets its attribute on the page, for the style sheets.
    pub fn apply(self) {
        if self != Self::LeftHanded {
            return;
        }
        let root = web_sys::window().and_then(|window| window.document()).and_then(|page| page.document_element());
        if let Some(root) = root {
            let name = format!("data-{}", self.as_str());
            let _ = if self.is_on() { root.set_attribute(&name, "") } else { root.remove_attribute(&name) };
        }
    }
}
