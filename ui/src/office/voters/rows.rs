//! The rows of the list: loaded page by page as they are scrolled to, and anew when something has changed.

use crate::hooks::said;
use porchlight_model::calls::universe::{Cursor, ListVoters, MAX_PAGE, Order, VoterCount, VoterRow};
use porchlight_model::message::ApiError;
use porchlight_model::universe::Filter;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// Rows of one page.
const PAGE: u32 = 200;

/// What is known of the list.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Rows {
    /// The people so far; `None` until the first page is here.
    pub(super) rows: Option<Rc<Vec<VoterRow>>>,
    /// Where they end; `None` when that is all.
    next: Option<Cursor>,
    /// Why the rest is not here.
    pub(super) failed: Option<ApiError>,
}

impl Rows {
    /// Whether more can be loaded.
    pub(super) const fn has_more(&self) -> bool {
        self.next.is_some()
    }
}

/// The list, and what loads its next page.
#[hook]
pub(super) fn use_rows(filter: &Filter, order: Order, counted: Option<Rc<VoterCount>>) -> (Rc<Rows>, Callback<()>) {
    let known = use_state_eq(|| Rc::new(Rows::default()));
    let newest = use_mut_ref(|| Rc::new(Rows::default()));
    *newest.borrow_mut() = (*known).clone();
    let turn = use_memo((), |()| Cell::new(0_u32));
    let is_loading = use_memo((), |()| Cell::new(false));
    {
        let (known, turn, newest, is_loading) = (known.setter(), turn.clone(), newest.clone(), is_loading.clone());
        // What was asked before, so that another filter begins at its first page and other news keep what was scrolled to.
        let asked = use_mut_ref(|| None::<(Filter, Order)>);
        let counted = counted.as_ref().map(|counted| Rc::as_ptr(counted) as usize);
        use_effect_with((filter.clone(), order, counted), move |(filter, order, _)| {
            let is_other = asked.replace(Some((filter.clone(), *order))) != Some((filter.clone(), *order));
            let n_wanted = match &newest.borrow().rows {
                Some(rows) if !is_other => rows.len(),
                _ => 0,
            };
            turn.set(turn.get().wrapping_add(1));
            is_loading.set(true);
            let (filter, order, mine) = (filter.clone(), *order, turn.get());
            spawn_local(async move {
                let found = load(&filter, order, n_wanted).await;
                if turn.get() == mine {
                    is_loading.set(false);
                    known.set(Rc::new(found));
                }
            });
        });
    }
    let more = {
        let (filter, known, turn) = (filter.clone(), known.setter(), turn);
        Callback::from(move |()| {
            let before = newest.borrow().clone();
            let (Some(rows), Some(after)) = (before.rows.clone(), before.next.clone()) else { return };
            if is_loading.replace(true) {
                return;
            }
            let (filter, known, turn, is_loading) = (filter.clone(), known.clone(), turn.clone(), is_loading.clone());
            let mine = turn.get();
            spawn_local(async move {
                let page = said(ListVoters { filter, order, after: Some(after), limit: PAGE }).await;
                if turn.get() != mine {
                    return;
                }
                is_loading.set(false);
                known.set(Rc::new(match page {
                    Ok(page) => {
                        let mut all = (*rows).clone();
                        all.extend(page.rows);
                        Rows { rows: Some(Rc::new(all)), next: page.next, failed: None }
                    }
                    Err(error) => Rows { failed: Some(error), ..(*before).clone() },
                }));
            });
        })
    };
    ((*known).clone(), more)
}

/// The first `n_wanted` rows or more.
async fn load(filter: &Filter, order: Order, n_wanted: usize) -> Rows {
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let limit = u32::try_from(n_wanted.saturating_sub(rows.len())).unwrap_or(MAX_PAGE).clamp(PAGE, MAX_PAGE);
        match said(ListVoters { filter: filter.clone(), order, after, limit }).await {
            Ok(page) => {
                rows.extend(page.rows);
                after = page.next;
            }
            Err(error) => return Rows { rows: None, next: None, failed: Some(error) },
        }
        if after.is_none() || rows.len() >= n_wanted {
            return Rows { rows: Some(Rc::new(rows)), next: after, failed: None };
        }
    }
}
