//! A choice from a list.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The props of [`Select`].
#[derive(Properties, PartialEq)]
pub struct SelectProps {
    /// Its id in the page; unique.
    #[prop_or_default]
    pub id: Option<AttrValue>,
    /// The id of the element that labels it, where no `label` does.
    #[prop_or_default]
    pub labelled_by: Option<AttrValue>,
    /// The value of the option that is chosen.
    pub value: AttrValue,
    /// Called with the value of the option that a person chose.
    pub onchange: Callback<String>,
    /// The options, each with its value.
    pub children: Html,
}

/// A select that shows the option of its value. The attribute `selected` of an option would not do: a browser ignores it once a person has chosen
/// from the list, and the list would go on to show their choice, whatever is in force.
#[component]
pub fn Select(props: &SelectProps) -> Html {
    let select = use_node_ref();
    {
        let (select, value) = (select.clone(), props.value.clone());
        use_effect(move || {
            if let Some(select) = select.cast::<HtmlSelectElement>() {
                select.set_value(&value);
            }
        });
    }
    let onchange = props.onchange.reform(|event: Event| event.target_unchecked_into::<HtmlSelectElement>().value());
    let SelectProps { id, labelled_by, children, .. } = props;
    html! { <select ref={select} id={id.clone()} aria-labelledby={labelled_by.clone()} {onchange}>{ children.clone() }</select> }
}
