//! A turf as a list in walking order, with the next door in the dock.

mod find;
mod list;
mod row;

use super::act::use_acts;
use super::card::StopDock;
use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::layout::{Dock, DockLink, Page, use_shape};
use crate::parts::{Empty, StateBar, draw, icon};
use crate::route::Route;
use crate::state::place::Shape;
use crate::state::walk::{Find, View, dock_row, found, shown};
use crate::turf;
use find::FindPanel;
use list::{Fold, List};
use porchlight_model::calls::walk::{Stop, Walk as WalkCall, WalkView};
use porchlight_model::id::TurfId;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use yew::prelude::*;
use yew_router::Routable;

/// The props of [`Walk`].
#[derive(Properties, PartialEq)]
pub(super) struct WalkProps {
    /// The turf.
    pub(super) turf: TurfId,
}

thread_local! {
    /// Dangers that were passed since the app started.
    static PASSED: RefCell<BTreeSet<Stop>> = const { RefCell::new(BTreeSet::new()) };
}

/// The list of a turf.
#[component]
pub(super) fn Walk(props: &WalkProps) -> Html {
    let walk = use_call(WalkCall { turf: props.turf });
    use_effect_with(props.turf, |turf| turf::remember(*turf));
    match walk.value().filter(|walk| !walk.rows.is_empty()) {
        Some(walk) => html! { <Inside key={props.turf.to_string()} walk={walk.clone()} /> },
        None => {
            let title = walk.value().map_or_else(|| t("place-walk"), |walk| walk.name.clone().into());
            let nothing =
                |_: &Rc<WalkView>| html! { <Empty title={t("walk-empty-title")} what_next={t("walk-empty-body")} /> };
            html! { <Page {title} class="walk">{ draw(&walk, nothing) }</Page> }
        }
    }
}

/// The props of [`Inside`].
#[derive(Properties, PartialEq)]
struct InsideProps {
    walk: Rc<WalkView>,
}

#[component]
fn Inside(props: &InsideProps) -> Html {
    let walk = &props.walk;
    let is_done = walk.next.is_none();
    let view = use_state(|| View::of(is_done)[0]);
    let find = use_state(|| None::<Find>);
    let views = View::of(is_done);
    let present = if views.contains(&view) { *view } else { views[0] };
    let (dock_row, pass) = use_dock_row(walk);
    let rows = match &*find {
        Some(find) => found(walk, find),
        None => shown(walk, present),
    };
    let on_view = Callback::from(move |to: View| view.set(to));
    let on_find = {
        let find = find.clone();
        Callback::from(move |to: Option<Find>| find.set(to))
    };
    let choice = match &*find {
        Some(find) => html! {
            <FindPanel walk={walk.clone()} find={find.clone()} n_found={rows.len()} on_change={on_find} />
        },
        None => html! { <>{ far(walk) }{ views_row(walk, &views, present, &on_view, &on_find) }</> },
    };
    // Beside the list where there is room, so that the list begins at the top.
    let is_beside = use_shape() == Shape::Desk;
    let (side, above) = if is_beside { (Some(choice), Html::default()) } else { (None, choice) };
    let has_fold = find.is_none() && walk.next.is_some() && present == View::ToDo;
    html! {
        <Page title={walk.name.clone()} class="walk" {side} dock={dock(walk, dock_row, &pass)}>
            { walk.new_wave.as_deref().map(turf::new_wave) }
            { above }
            if has_fold { <><Hint walk={walk.clone()} /><Fold walk={walk.clone()} next={dock_row} /></> }
            <List walk={walk.clone()} rows={rows} next={dock_row} searched={find.as_ref().map(|find| find.text.clone()).unwrap_or_default()} />
        </Page>
    }
}

/// The row that the dock shows, and the callback that passes a danger.
#[hook]
pub(super) fn use_dock_row(walk: &Rc<WalkView>) -> (Option<usize>, Callback<Stop>) {
    let redraw = use_force_update();
    let shown = PASSED.with_borrow(|passed| dock_row(walk, passed));
    let pass = Callback::from(move |stop: Stop| {
        PASSED.with_borrow_mut(|passed| passed.insert(stop));
        redraw.force_update();
    });
    (shown, pass)
}

fn dock(walk: &Rc<WalkView>, row: Option<usize>, on_pass: &Callback<Stop>) -> Html {
    match row {
        Some(shown) => html! { <NextDock walk={walk.clone()} {shown} on_pass={on_pass.clone()} /> },
        None => html! {
            <Dock label={t("dock-what-next")} shows="done" turf={Some(walk.turf)}>
                <div class="top">{ icon("check-check") }<span class="grow"><h2>{ t("walk-done-title") }</h2>
                    <span class="where">{ t("walk-done-body") }</span></span></div>
                <p class="who" />
                <div class="acts one">
                    <DockLink to={Route::Shift.to_path()} class="main">{ t("walk-end") }</DockLink>
                </div>
            </Dock>
        },
    }
}

/// The props of [`NextDock`].
#[derive(Properties, PartialEq)]
struct NextDockProps {
    walk: Rc<WalkView>,
    shown: usize,
    on_pass: Callback<Stop>,
}

#[component]
fn NextDock(props: &NextDockProps) -> Html {
    let acts = use_acts();
    let NextDockProps { walk, shown, on_pass } = props;
    html! { <StopDock walk={walk.clone()} shown={*shown} next={walk.next} {acts} on_pass={on_pass.clone()} /> }
}

/// The progress of the turf.
fn far(walk: &WalkView) -> Html {
    let todo = walk.n_left;
    let left = match walk.doors_per_hour {
        Some(pace) => t_args("walk-left-pace", &[("minutes", walk.minutes_left.into()), ("pace", pace.into())]),
        None => t_args("walk-left", &[("minutes", walk.minutes_left.into())]),
    };
    html! {
        <div class="prog">
            <div class="row sp wrap">
                <span><b>{ walk.n_done }</b>{ " " }{ t_args("walk-of", &[("n", walk.n_doors.into())]) }</span>
                if todo > 0 { <span class="who">{ left }</span> }
            </div>
            <StateBar by_state={walk.by_state.clone()} n_doors={walk.n_doors} />
        </div>
    }
}

/// The search button, and the views of the list with their counts of doors.
fn views_row(
    walk: &WalkView,
    views: &[View],
    present: View,
    on_view: &Callback<View>,
    on_find: &Callback<Option<Find>>,
) -> Html {
    let to_find = on_find.reform(|_: MouseEvent| Some(Find::default()));
    html! {
        <div class="views" role="group" aria-label={t("walk-show")}>
            <button type="button" id="find" aria-label={t("walk-find")} onclick={to_find}>{ icon("search") }{ t("walk-find-short") }</button>
            { for views.iter().map(|view| {
                let (to, is_on) = (*view, *view == present);
                let label = match to {
                    View::ToDo => "state-todo",
                    View::NotHome => "state-not-home",
                    View::ComeBack => "state-come-back",
                    View::All => "walk-all",
                };
                html! {
                    <button type="button" class={is_on.then_some("on")} aria-pressed={is_on.to_string()}
                        onclick={on_view.reform(move |_: MouseEvent| to)}><b>{ to.n_doors(walk) }</b>{ t(label) }</button>
                }
            }) }
        </div>
    }
}

/// The props of [`Hint`].
#[derive(Properties, PartialEq)]
struct HintProps {
    walk: Rc<WalkView>,
}

/// A short introduction, before the first door.
#[component]
fn Hint(props: &HintProps) -> Html {
    let todo = props.walk.n_left;
    if todo < props.walk.n_doors {
        return Html::default();
    }
    html! { <p class="note-box info walk-hint">{ icon("info") }<span>{ t("walk-how") }</span></p> }
}
