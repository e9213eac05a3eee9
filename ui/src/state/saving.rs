//! How a browser can save a file, and what is known about the file afterwards. Pure.

/// A browser's capabilities for saving a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Browser {
    /// Its user agent string.
    pub agent: String,
    /// Whether it can show a share sheet for this file.
    pub has_share: bool,
    /// Whether it has a file picker, which confirms that the file was written.
    pub has_picker: bool,
    /// Whether it is a touch device: its primary pointer is a finger.
    pub is_touched: bool,
    /// Whether the page runs from the home screen of an iPhone or iPad, outside of the browser.
    pub is_ios_home_screen: bool,
}

/// A way to save a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The share sheet, which reports whether the person shared the file.
    Share,
    /// The file picker, which confirms that the file was written.
    Pick,
    /// A download, which the browser does not confirm.
    Download,
    /// None, because downloads are silently dropped.
    Nowhere,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is written, under this path or name.
    There(String),
    /// The person shared or saved it with the share sheet.
    Shared,
    /// The browser took it as a download under this name, without confirmation.
    Handed(String),
    /// The person cancelled.
    Dismissed,
    /// The browser requires another tap, because the user gesture has expired.
    NeedsTap,
    /// This browser cannot save files.
    Cannot,
}

/// User agent marks of apps with an embedded browser that drops downloads.
const INSIDE_APPS: [&str; 18] = [
    "FBAN",
    "FBAV",
    "FB_IAB",
    "Instagram",
    "Barcelona",
    "Line/",
    "MicroMessenger",
    "WhatsApp",
    "Twitter",
    "LinkedInApp",
    "Snapchat",
    "Pinterest",
    "TikTok",
    "musical_ly",
    "BytedanceWebview",
    "GSA/",
    "Telegram",
    "; wv)",
];

impl Browser {
    /// Chooses the way to save a file, preferring one that confirms the result.
    #[must_use]
    pub fn way(&self) -> Way {
        // With a mouse the share sheet is a detour, because files are opened on the same computer.
        if self.has_share && (self.is_touched || self.is_inside_app() || self.is_ios_home_screen) {
            Way::Share
        } else if self.is_inside_app() || self.is_ios_home_screen {
            Way::Nowhere
        } else if self.has_picker {
            Way::Pick
        } else {
            Way::Download
        }
    }

    fn is_inside_app(&self) -> bool {
        INSIDE_APPS.iter().any(|mark| self.agent.contains(mark)) || self.is_bare_ios()
    }

    /// Recognises embedded browsers on iPhone and iPad: WebKit without a browser's name.
    fn is_bare_ios(&self) -> bool {
        let is_ios = ["iPhone", "iPad", "iPod"].iter().any(|name| self.agent.contains(name));
        is_ios && !self.is_ios_home_screen && !self.agent.contains("Safari/")
    }
}

#[cfg(test)]
mod tests {
    use super::{Browser, Way};

    const IPHONE: &str =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
    const ANDROID: &str = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)";

    fn phone(agent: &str) -> Browser {
        Browser { agent: agent.to_owned(), is_touched: true, ..Browser::default() }
    }

    #[test]
    fn a_browser_that_drops_downloads_is_never_given_one() {
        let safari = format!("{IPHONE} Version/18.5 Mobile/15E148 Safari/604.1");
        let dropping = [
            format!("{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/500.0;FBDV/iPhone15,2]"),
            format!("{IPHONE} Mobile/15E148 Instagram 330.0.3"),
            format!("{IPHONE} Mobile/15E148"),
            format!("{IPHONE} Version/18.5 Mobile/15E148 Safari/604.1 Line/15.0.0"),
            format!("{IPHONE} GSA/300.0 Mobile/15E148 Safari/604.1"),
            format!("{ANDROID} Version/4.0 Chrome/137.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/500.0;]"),
            "Mozilla/5.0 (Linux; Android 15; Pixel 8; wv) AppleWebKit/537.36 Chrome/137.0.0.0 Mobile Safari/537.36"
                .to_owned(),
            format!("{ANDROID} Chrome/137.0.0.0 Mobile Safari/537.36 musical_ly_2023 BytedanceWebview/d8a21c6"),
        ];
        for agent in &dropping {
            assert_eq!(phone(agent).way(), Way::Nowhere, "{agent}");
            assert_eq!(Browser { has_share: true, ..phone(agent) }.way(), Way::Share, "{agent}");
        }
        let home_screen = Browser { is_ios_home_screen: true, ..phone(&safari) };
        assert_eq!(home_screen.way(), Way::Nowhere);
        assert_eq!(Browser { has_share: true, ..home_screen }.way(), Way::Share);
    }

    #[test]
    fn a_way_that_tells_what_became_of_the_file_comes_first() {
        let safari = phone(&format!("{IPHONE} Version/18.5 Mobile/15E148 Safari/604.1"));
        assert_eq!(safari.way(), Way::Download);
        assert_eq!(Browser { has_share: true, ..safari }.way(), Way::Share);
        let chrome = phone(&format!("{ANDROID} Chrome/137.0.0.0 Mobile Safari/537.36"));
        assert_eq!(chrome.way(), Way::Download);
        assert_eq!(Browser { has_share: true, ..chrome }.way(), Way::Share);
        let desk =
            Browser { agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0".into(), ..Browser::default() };
        assert_eq!(desk.way(), Way::Download);
        assert_eq!(Browser { has_picker: true, has_share: true, ..desk }.way(), Way::Pick);
    }
}
