//! A QR code drawn from its modules, with the quiet zone that scanners need.

use yew::prelude::*;

/// The props of [`Qr`].
#[derive(Properties, PartialEq)]
pub struct QrProps {
    /// Row by row, `true` for dark, without the quiet zone.
    pub modules: Vec<Vec<bool>>,
    /// What it leads to, for screen readers.
    pub label: AttrValue,
}

/// A QR code. It is always dark on white, whatever the theme, because some scanners read nothing else.
#[component]
pub fn Qr(props: &QrProps) -> Html {
    let side = props.modules.len() + 8;
    let mut path = String::new();
    for (y, row) in props.modules.iter().enumerate() {
        for (x, is_dark) in row.iter().enumerate() {
            if *is_dark {
                path.push_str(&format!("M{} {}h1v1h-1z", x + 4, y + 4));
            }
        }
    }
    html! {
        <svg class="qr" viewBox={format!("0 0 {side} {side}")} role="img" aria-label={props.label.clone()} shape-rendering="crispEdges">
            <rect width="100%" height="100%" class="qr-light" />
            <path d={path} class="qr-dark" />
        </svg>
    }
}
