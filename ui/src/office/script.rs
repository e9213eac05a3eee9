//! The script editor: the list of questions with their branches, the picked one with its answers, and what the phone shows of it. On a phone the
//! list, or the picked question.

mod answers;
mod edit;
mod editing;
mod preview;
mod question;
mod tree;

use super::keys::use_keys;
use crate::guard::use_part;
use crate::i18n::{t, t_args};
use crate::layout::Page;
use crate::parts::{Trouble, draw, icon};
use crate::route::OfficeRoute;
use edit::{Edit, FaultPlace};
use editing::{Editing, Picked, Standing, Undoable, focus_soon, use_editing};
use preview::Preview;
use question::pane;
use tree::Tree;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;
use yew_router::Routable;

/// The name of the part of the page that rests after other controls have come under the finger.
const PART: &str = "script";
/// The id of the form, to which the button in the heading belongs.
const FORM: &str = "script-form";

/// The script in force, to read or to change.
#[component]
pub(super) fn Script() -> Html {
    let editing = use_editing();
    let shows = editing.as_ref().map(|editing| match editing.is_wide {
        true => editing.n_moves.to_string(),
        false => format!("{:?} {}", editing.picked, editing.n_moves),
    });
    let _ = use_part(PART, &shows.unwrap_or_default());
    {
        let editing = editing.clone().ok();
        use_keys(move |pressed| {
            if let Some(editing) = &editing {
                press(editing, pressed);
            }
        });
    }
    use_place(editing.as_ref().ok());
    let editing = match editing {
        Ok(editing) => editing,
        Err(script) => {
            return html! { <Page title={t("place-script")} class="column">{ draw(&script, |_| Html::default()) }</Page> };
        }
    };
    let n = editing.sheet.questions.len();
    let facts = t_args("script-facts", &[("n", n.into())]);
    match (editing.is_wide, editing.picked) {
        (true, _) => html! {
            <Page title={t("place-script")} under={facts} class="fills script-page" tools={tools(&editing)}>
                <form id={FORM} class="script" onsubmit={editing.save.clone()} novalidate=true>
                    { warnings(&editing) }
                    <fieldset class="plain script-panes" disabled={editing.is_busy}>
                        <Tree editing={editing.clone()} />
                        <div class="script-work">
                            { pane(&editing) }
                            <Preview editing={editing.clone()} />
                        </div>
                    </fieldset>
                    { told(&editing) }
                </form>
            </Page>
        },
        (false, None) => html! {
            <Page title={t("place-script")} under={facts} class="column script-page" foot={foot(&editing)}>
                <form id={FORM} class="script" onsubmit={editing.save.clone()} novalidate=true>
                    { standing(&editing) }
                    { warnings(&editing) }
                    <fieldset class="plain" disabled={editing.is_busy} data-guard={PART}><Tree editing={editing.clone()} /></fieldset>
                </form>
            </Page>
        },
        (false, Some(_)) => {
            let title = match editing.question() {
                Some((index, _)) => t_args("script-question", &[("n", (index + 1).into())]),
                None => t("script-opening-name"),
            };
            html! {
                <Page {title} back={OfficeRoute::Script.to_path()} class="column script-page" foot={foot(&editing)}>
                    <form id={FORM} class="script" onsubmit={editing.save.clone()} novalidate=true>
                        { standing(&editing) }
                        { warnings(&editing) }
                        <fieldset class="plain" disabled={editing.is_busy}>{ pane(&editing) }</fieldset>
                        <details class="script-details"><summary>{ t("script-preview") }</summary><Preview editing={editing.clone()} /></details>
                    </form>
                </Page>
            }
        }
    }
}

/// J and K go to another question, N makes one.
fn press(editing: &Editing, pressed: &str) {
    let to = match pressed {
        "j" => editing.beside(1),
        "k" => editing.beside(-1),
        "n" if !editing.is_busy => return editing.add_question(),
        _ => return,
    };
    if let Some(to) = to {
        editing.pick.emit(to);
    }
}

/// On a phone the list and a question are one page: the one that comes begins at its top, and the list shows the question that was left.
#[hook]
fn use_place(editing: Option<&Editing>) {
    let before = use_mut_ref(|| None::<Option<Picked>>);
    let now = editing.map(|editing| (editing.is_wide, editing.picked));
    use_effect_with(now, move |now| {
        let Some((is_wide, picked)) = *now else { return };
        let Some(before) = before.replace(Some(picked)).filter(|before| !is_wide && *before != picked) else { return };
        let page = web_sys::window().and_then(|window| window.document());
        let main = page.and_then(|page| page.get_element_by_id("main")?.dyn_into::<HtmlElement>().ok());
        match (picked, before, main) {
            (Some(_), _, Some(main)) => {
                main.set_scroll_top(0);
                focus_soon("script-heading".to_owned());
            }
            (None, Some(left), _) => focus_soon(left.row()),
            (Some(_), _, None) | (None, None, _) => (),
        }
    });
}

/// The acts in the heading of a desk.
fn tools(editing: &Editing) -> Html {
    html! { <div class="row script-tools">{ standing(editing) }{ save(editing) }</div> }
}

/// What stays at the bottom of a phone.
fn foot(editing: &Editing) -> Html {
    html! { <div class="grow stack">{ told(editing) }{ save(editing) }</div> }
}

fn save(editing: &Editing) -> Html {
    let disabled = editing.is_busy || editing.standing == Standing::InForce;
    html! { <button type="submit" form={FORM} class="btn main" {disabled}>{ t("script-save") }</button> }
}

/// Whether the script is saved, in words, and what discards the changes.
fn standing(editing: &Editing) -> Html {
    match editing.standing {
        Standing::Unwritten => html! { <p class="row"><span class="chip">{ t("script-none") }</span></p> },
        Standing::InForce => {
            html! { <p class="row"><span class="chip ok">{ icon("check") }{ t("script-in-force") }</span></p> }
        }
        Standing::Draft | Standing::DraftOfOlder => html! {
            <div class="row wrap" id="script-draft">
                <p role="status" class="chip warn">{ icon("pencil") }<span>{ t("script-draft") }</span></p>
                <button type="button" class="btn quiet" onclick={editing.discard.clone()}>{ t("script-draft-discard") }</button>
            </div>
        },
    }
}

/// What must be known before the script is saved, and why something failed.
fn warnings(editing: &Editing) -> Html {
    html! {
        <div class="script-warnings">
            if editing.standing == Standing::DraftOfOlder { <p class="note-box warn" role="status">{ t("script-draft-older") }</p> }
            if let Some(told) = editing.fault_at(FaultPlace::Script) { <p class="field-error" role="alert" tabindex="-1">{ told }</p> }
            { for editing.failed.iter().flatten().map(|error| html! { <Trouble error={error.clone()} is_inline=true /> }) }
        </div>
    }
}

/// What was removed or discarded, with the way back.
fn told(editing: &Editing) -> Html {
    let Some(undoable) = &editing.undoable else { return Html::default() };
    let text = match undoable {
        Undoable::Discarded => t("script-draft-discarded"),
        Undoable::Removed(Edit::PutAnswer([index, place], _)) => {
            t_args("script-removed-answer", &[("n", (index + 1).into()), ("place", (place + 1).into())])
        }
        Undoable::Removed(Edit::PutQuestion(index, _)) => {
            t_args("script-removed-question", &[("n", (index + 1).into())])
        }
        Undoable::Removed(_) => return Html::default(),
    };
    html! {
        <div class="row script-told" role="status">
            <p class="grow">{ text }</p>
            <button type="button" class="btn quiet" onclick={editing.undo.clone()} disabled={editing.is_busy}>{ t("undo") }</button>
        </div>
    }
}
