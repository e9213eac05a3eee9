//! What is being cut: the form, which is a draft, the preview of it, and the cut under way. They outlast the panel in which they are shown.

use crate::drafts::{Drafted, use_draft};
use porchlight_model::calls::cut::CutPreview;
use porchlight_model::id::JobId;
use porchlight_model::place::LonLat;
use porchlight_model::ring;
use porchlight_model::turf::CutArea;
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::prelude::*;

/// The key of the form's draft.
const DRAFT: &str = "cut";

/// The form of a cut.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct CutForm {
    /// The area, including the corners drawn so far.
    pub(super) area: CutArea,
    /// The doors of each turf, as typed.
    pub(super) n_doors: String,
    /// The beginning of the names of turf, as typed.
    pub(super) name: String,
}

impl Default for CutForm {
    fn default() -> Self {
        Self { area: CutArea::Everything, n_doors: "40".to_owned(), name: String::new() }
    }
}

impl CutForm {
    /// The doors of each turf; 0, which is refused, unless a number was typed.
    pub(super) fn doors_per_turf(&self) -> u32 {
        self.n_doors.trim().parse().unwrap_or_default()
    }

    /// The form with another corner, where an area is being drawn.
    pub(super) fn with_corner(&self, at: LonLat) -> Self {
        match &self.area {
            CutArea::Drawn { ring } => {
                Self { area: CutArea::Drawn { ring: ring::with_corner(ring, at) }, ..self.clone() }
            }
            CutArea::Everything | CutArea::Precinct { .. } => self.clone(),
        }
    }
}

/// The form, and the preview of it.
#[derive(Clone, PartialEq)]
pub(super) struct Cutting {
    /// The form's draft.
    pub(super) drafted: Drafted<CutForm>,
    /// The form as it is.
    pub(super) form: Rc<CutForm>,
    previewed: UseStateHandle<Option<(Rc<CutForm>, Rc<CutPreview>)>>,
}

impl Cutting {
    /// The preview of the form as it is; none of a form that was changed since.
    pub(super) fn preview(&self) -> Option<Rc<CutPreview>> {
        let of_form = self.previewed.as_ref().filter(|(of, _)| *of == self.form);
        of_form.map(|(_, preview)| preview.clone())
    }

    /// Shows the preview of a form, as long as the form stays so.
    pub(super) fn show(&self, of: Rc<CutForm>, preview: CutPreview) {
        self.previewed.set(Some((of, Rc::new(preview))));
    }

    /// A callback that changes the form.
    pub(super) fn on_change<IN: 'static>(&self, change: impl Fn(&CutForm, IN) -> CutForm + 'static) -> Callback<IN> {
        let drafted = self.drafted.clone();
        Callback::from(move |input: IN| drafted.change(|form| change(form, input)))
    }

    /// This form is carried out: the next cut begins with every door, unless the person has begun to choose another area meanwhile.
    pub(super) fn is_cut(&self, form: &CutForm) {
        self.previewed.set(None);
        self.drafted.change(|now| {
            let area = if now.area == form.area { CutArea::Everything } else { now.area.clone() };
            CutForm { area, ..now.clone() }
        });
    }
}

/// The form of the page of all turf.
#[hook]
pub(super) fn use_cutting() -> Cutting {
    let drafted = use_draft::<CutForm>(DRAFT.to_owned(), None);
    let previewed = use_state(|| None);
    let form = drafted.value().unwrap_or_default();
    Cutting { drafted, form, previewed }
}

thread_local! {
    static RUNNING: Cell<Option<JobId>> = const { Cell::new(None) };
    static SHOWN: RefCell<Option<UseForceUpdateHandle>> = const { RefCell::new(None) };
}

/// The cut that is under way, also where the page was left and opened again meanwhile.
#[hook]
pub(super) fn use_running() -> Option<JobId> {
    let redraw = use_force_update();
    use_effect_with((), move |()| drop(SHOWN.replace(Some(redraw))));
    RUNNING.get()
}

/// A cut begins, or the one under way has ended.
pub(super) fn runs(job: Option<JobId>) {
    RUNNING.set(job);
    let shown = SHOWN.with_borrow(Clone::clone);
    if let Some(shown) = shown {
        shown.force_update();
    }
}
