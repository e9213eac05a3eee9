//! The rows of a walk's list, grouped in runs along a street, with the done doors collapsed above them.

use super::row::{Rowed, row};
use crate::i18n::{t, t_args};
use crate::pages::card::side_label;
use crate::paint::after_paint;
use crate::parts::mark::mark_label;
use crate::parts::{icon, use_go_of_list};
use crate::state::walk::{Run, Way, folded, runs};
use porchlight_model::calls::walk::WalkView;
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// The props of [`List`].
#[derive(Properties, PartialEq)]
pub(super) struct ListProps {
    pub(super) walk: Rc<WalkView>,
    /// Indices of the rows that are shown, in order.
    pub(super) rows: Vec<usize>,
    /// The row in the dock.
    pub(super) next: Option<usize>,
    /// What was searched for.
    #[prop_or_default]
    pub(super) searched: String,
}

/// The rows.
#[component]
pub(super) fn List(props: &ListProps) -> Html {
    let onclick = use_go_of_list();
    let walk = &props.walk;
    let n_drawn = use_n_drawn(props.rows.len());
    let runs = runs(walk, props.rows.get(..n_drawn).unwrap_or_default());
    use_sight_of_next(props.next);
    html! {
        <div class="doors" {onclick} aria-busy={(n_drawn < props.rows.len()).then_some("true")}>
            { for runs.iter().map(|run| html! {
                <section key={run.rows.first().copied().unwrap_or_default()}>
                    { heading(run) }
                    <ol class="list doors" aria-label={t("walk-list")}>
                        { for run.rows.chunks(ROWS_TOGETHER).map(|rows| html! {
                            <Rows walk={walk.clone()} rows={rows.to_vec()} next={props.next} searched={props.searched.clone()}
                                key={rows.first().copied().unwrap_or_default()} />
                        }) }
                    </ol>
                </section>
            }) }
        </div>
    }
}

/// Scrolls to the row in the dock if it is out of view: at first, unless there is something to read above it, and when another row is
/// next.
#[hook]
fn use_sight_of_next(next: Option<usize>) {
    let is_first = use_mut_ref(|| true);
    use_effect_with(next, move |_| {
        let is_first = is_first.replace(false);
        after_paint(move || {
            let page = web_sys::window().and_then(|window| window.document());
            let find = |selector: &str| page.as_ref().and_then(|page| page.query_selector(selector).ok().flatten());
            if is_first && find("#new-wave").is_some() {
                return;
            }
            let (Some(row), Some(dock)) = (find(".doors .li.on"), find("#dock")) else { return };
            let area = row.get_bounding_client_rect();
            // Where the dock stands beside the list, the list goes down to the window's lower edge.
            let dock = dock.get_bounding_client_rect();
            let is_under = dock.left() < area.right() && area.left() < dock.right();
            let lowest = if is_under { dock.top() } else { dock.bottom() };
            if area.top() < 0.0 || area.bottom() > lowest {
                row.scroll_into_view();
            }
        });
    });
}

fn heading(run: &Run) -> Html {
    let way = match run.way {
        Way::Up => Some("way-up"),
        Way::Down => Some("way-down"),
        Way::Mixed => None,
    };
    let words: Vec<String> = side_label(run.side).into_iter().chain(way).map(|id| t(id).to_string()).collect();
    html! { <h2 class="sub"><bdi>{ &run.street }</bdi><span>{ words.join(", ") }</span></h2> }
}

/// How many rows are drawn. When the app has just started, it is the first screenfuls, and the rest once those are
/// painted, which saves a third of a second on a slow phone. Later lists are drawn whole, because they open where they were left.
#[hook]
fn use_n_drawn(n_rows: usize) -> usize {
    let is_whole = use_state(|| WAS_DRAWN.replace(true));
    let whole = is_whole.clone();
    use_effect_with((), move |()| {
        if !*whole {
            after_paint(move || whole.set(true));
        }
    });
    if *is_whole { n_rows } else { n_rows.min(FIRST_ROWS) }
}

thread_local! {
    /// Whether a list was drawn since the app started.
    static WAS_DRAWN: Cell<bool> = const { Cell::new(false) };
}

/// How many rows are drawn first: more than the tallest screen shows.
const FIRST_ROWS: usize = 2 * ROWS_TOGETHER;

/// How many rows are compared and drawn as one.
const ROWS_TOGETHER: usize = 16;

/// The props of [`Rows`].
#[derive(Properties)]
struct RowsProps {
    walk: Rc<WalkView>,
    rows: Vec<usize>,
    next: Option<usize>,
    searched: String,
}

impl RowsProps {
    fn next_here(&self) -> Option<usize> {
        self.next.filter(|next| self.rows.contains(next))
    }
}

impl PartialEq for RowsProps {
    fn eq(&self, other: &Self) -> bool {
        let of = |props: &Self, index: &usize| props.walk.rows.get(*index).cloned();
        self.rows == other.rows
            && self.searched == other.searched
            && self.next_here() == other.next_here()
            && (Rc::ptr_eq(&self.walk, &other.walk)
                || self.rows.iter().all(|index| of(self, index) == of(other, index)))
    }
}

/// A group of rows, redrawn only when one of them has changed.
#[component]
fn Rows(props: &RowsProps) -> Html {
    let rows = props.rows.iter().filter_map(|index| props.walk.rows.get(*index).map(|row| (*index, row)));
    rows.map(|(index, one)| row(one, &Rowed { is_next: props.next == Some(index), searched: &props.searched }))
        .collect()
}

/// The props of [`Fold`].
#[derive(Properties, PartialEq)]
pub(super) struct FoldProps {
    pub(super) walk: Rc<WalkView>,
    pub(super) next: Option<usize>,
}

/// The done doors: one line that expands.
#[component]
pub(super) fn Fold(props: &FoldProps) -> Html {
    let is_open = use_state(|| false);
    let (rows, marks) = folded(&props.walk);
    if rows.is_empty() {
        return Html::default();
    }
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let n_doors: u32 = marks.values().sum();
    let words: Vec<String> = marks
        .iter()
        .map(|(mark, n)| {
            let state = t(mark_label(*mark)).to_string();
            t_args("state-count", &[("n", (*n).into()), ("state", state.into())]).to_string()
        })
        .collect();
    html! {
        <>
            <button type="button" class="li fold" id="fold" aria-expanded={is_open.to_string()} onclick={toggle}>
                { icon(if *is_open { "chevron-up" } else { "chevron-down" }) }
                <span class="grow"><b>{ t_args("walk-folded", &[("n", n_doors.into())]) }</b><small>{ words.join(" · ") }</small></span>
            </button>
            if *is_open { <List walk={props.walk.clone()} {rows} next={props.next} /> }
        </>
    }
}
