//! Light or dark: as the device says, or as the person chose on this device.

const KEY: &str = "porchlight.theme";

/// What can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// As the device says.
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

    /// What was chosen on this device.
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

    /// Puts it on the page.
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

/// What this device keeps of choices; `None` where the browser keeps nothing.
pub(crate) fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}
