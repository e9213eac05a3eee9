//! The colour theme: the device's, or the one that the person chose on this device.

const KEY: &str = "porchlight.theme";

/// A theme choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// The device's setting.
    Device,
    /// Light, for sunlight.
    Light,
    /// Dark, for the evening.
    Dark,
}

impl Theme {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Device, Self::Light, Self::Dark];

    /// The value as stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The id of its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Device => "theme-device",
            Self::Light => "theme-light",
            Self::Dark => "theme-dark",
        }
    }

    /// The choice on this device.
    #[must_use]
    pub fn chosen() -> Self {
        let stored = storage().and_then(|storage| storage.get_item(KEY).ok().flatten()).unwrap_or_default();
        Self::ALL.into_iter().find(|theme| theme.as_str() == stored).unwrap_or(Self::Device)
    }

    /// Chooses it for this device.
    pub fn choose(self) {
        if let Some(storage) = storage() {
            let _ = storage.set_item(KEY, self.as_str());
        }
        self.apply();
    }

    /// Applies it to the page.
    pub fn apply(self) {
        let root = web_sys::window().and_then(|window| window.document()).and_then(|page| page.document_element());
        if let Some(root) = root {
            let _ = match self {
                Self::Device => root.remove_attribute("data-theme"),
                Self::Light | Self::Dark => root.set_attribute("data-theme", self.as_str()),
            };
        }
    }
}

/// The local storage for choices; `None` if the browser has none.
pub(crate) fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}
