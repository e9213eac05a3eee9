//! The sheet that jumps to a floor and shows how many units each has left.

use super::floor::{floor_id, floor_name};
use crate::i18n::{t, t_args};
use crate::paint::after_paint;
use crate::parts::Sheet;
use crate::state::floors::{Floor, is_to_do};
use porchlight_model::calls::door::BuildingView;
use std::rc::Rc;
use yew::prelude::*;

/// The props of [`Jump`].
#[derive(Properties, PartialEq)]
pub(super) struct JumpProps {
    pub(super) view: Rc<BuildingView>,
    /// The floor of the next unit.
    pub(super) here: Option<Floor>,
    pub(super) on_open: Callback<Vec<Floor>>,
    pub(super) onclose: Callback<()>,
}

/// The sheet.
#[component]
pub(super) fn Jump(props: &JumpProps) -> Html {
    let tiles = props.view.floors.iter().map(|(floor, units)| {
        let (floor, n_left) = (*floor, units.iter().filter(|unit| is_to_do(unit)).count());
        let class = if props.here == Some(floor) { Some("on") } else { (n_left == 0).then_some("full") };
        let onclick = {
            let on_open = props.on_open.clone();
            Callback::from(move |_: MouseEvent| {
                on_open.emit(vec![floor]);
                after_paint(move || show(floor));
            })
        };
        let left = if n_left == 0 { t("building-floor-done") } else { AttrValue::from(n_left.to_string()) };
        let label = t_args("building-floor-left", &[("floor", floor_name(floor).to_string().into()), ("n", n_left.into())]);
        html! {
            <li key={floor_id(floor)}><button type="button" {class} aria-label={label} {onclick}>
                { floor.map_or_else(|| t("building-no-floor"), |floor| floor.to_string().into()) }<small>{ left }</small></button></li>
        }
    });
    html! {
        <Sheet title={t("building-jump")} onclose={props.onclose.clone()}>
            <p class="who">{ t("building-jump-hint") }</p>
            <ul class="floors">{ for tiles }</ul>
        </Sheet>
    }
}

fn show(floor: Floor) {
    let page = web_sys::window().and_then(|window| window.document());
    if let Some(part) = page.and_then(|page| page.get_element_by_id(&floor_id(floor))) {
        part.scroll_into_view();
    }
}
