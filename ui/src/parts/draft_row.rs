//! Discards a form's draft, and restores it. The row is above the form's acts, so that neither is at the position of the other.

use crate::drafts::Drafted;
use crate::guard::use_part;
use crate::i18n::t;
use serde::Serialize;
use serde::de::DeserializeOwned;
use yew::prelude::*;

/// This row's name as a part that rests, see [`crate::guard`].
const PART: &str = "draft";

/// The props of [`DraftRow`].
#[derive(Properties, PartialEq)]
pub struct DraftRowProps<T: PartialEq> {
    /// The draft.
    pub drafted: Drafted<T>,
    /// Whether there is anything to discard. A property of its own, because a shared draft compares as equal after it has changed.
    pub is_touched: bool,
}

/// The row; it keeps its space while there is nothing to discard.
#[component]
pub fn DraftRow<T>(props: &DraftRowProps<T>) -> Html
where
    T: Serialize + DeserializeOwned + Default + PartialEq + Clone + 'static,
{
    let has_discarded = props.drafted.has_discarded();
    use_part(
        PART,
        if props.is_touched {
            "kept"
        } else if has_discarded {
            "discarded"
        } else {
            ""
        },
    );
    let discard = {
        let drafted = props.drafted.clone();
        Callback::from(move |_: MouseEvent| drafted.discard())
    };
    let bring_back = {
        let drafted = props.drafted.clone();
        Callback::from(move |_: MouseEvent| drafted.bring_back())
    };
    html! {
        <div class="draft-row" data-guard={PART}>
            if props.is_touched {
                <button type="button" class="btn bare" id="discard" key="discard" onclick={discard}>{ t("discard") }</button>
            } else if has_discarded {
                <button type="button" class="btn bare" id="bring-back" key="bring-back" onclick={bring_back}>{ t("discard-undo") }</button>
            }
        </div>
    }
}
