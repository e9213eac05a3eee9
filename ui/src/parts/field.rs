//! Form fields: an always visible label, a hint, and an error, associated with the field for screen readers.

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

/// The props of [`TextField`].
#[derive(Properties, PartialEq)]
pub struct TextFieldProps {
    /// Its id in the page; unique.
    pub id: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// What is in it.
    pub value: AttrValue,
    /// Called when the person types.
    pub oninput: Callback<String>,
    /// A line under the label.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong with it.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// `text`, `tel`, `url`, `number`, `search`.
    #[prop_or(AttrValue::Static("text"))]
    pub kind: AttrValue,
    /// What the browser may fill in: `name`, `tel`, `off`.
    #[prop_or(AttrValue::Static("off"))]
    pub autocomplete: AttrValue,
    /// The maximum number of characters.
    #[prop_or_default]
    pub max_chars: Option<usize>,
    /// Whether it must be filled in.
    #[prop_or_default]
    pub is_required: bool,
    /// Whether the cursor is put here when it appears.
    #[prop_or_default]
    pub has_focus: bool,
}

/// One line of text.
#[component]
pub fn TextField(props: &TextFieldProps) -> Html {
    let input = use_node_ref();
    use_effect_with((input.clone(), props.has_focus), |(input, has_focus)| {
        if let (true, Some(input)) = (*has_focus, input.cast::<HtmlInputElement>()) {
            let _ = input.focus();
        }
    });
    let oninput = {
        let input = input.clone();
        props
            .oninput
            .reform(move |_: InputEvent| input.cast::<HtmlInputElement>().map(|i| i.value()).unwrap_or_default())
    };
    let ids = DescriptionIds::of(&props.id, props.hint.is_some(), props.error.is_some());
    html! {
        <div class="field">
            <label for={props.id.clone()}>{ props.label.clone() }</label>
            if let Some(hint) = &props.hint { <p class="hint" id={ids.hint.clone()}>{ hint }</p> }
            <input ref={input} id={props.id.clone()} type={props.kind.clone()} value={props.value.clone()} {oninput}
                autocomplete={props.autocomplete.clone()} maxlength={props.max_chars.map(|n| n.to_string())}
                required={props.is_required} aria-describedby={ids.by} aria-invalid={props.error.is_some().then_some("true")} />
            if let Some(error) = &props.error { <p class="field-error" id={ids.error} role="alert">{ error }</p> }
        </div>
    }
}

/// The props of [`TextArea`].
#[derive(Properties, PartialEq)]
pub struct TextAreaProps {
    /// Its id in the page; unique.
    pub id: AttrValue,
    /// Its label.
    pub label: AttrValue,
    /// What is in it.
    pub value: AttrValue,
    /// Called when the person types.
    pub oninput: Callback<String>,
    /// A line under the label.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What is wrong with it.
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// The maximum number of characters.
    #[prop_or_default]
    pub max_chars: Option<usize>,
    /// Lines shown at once.
    #[prop_or(4)]
    pub rows: u32,
    /// Whether the cursor is put here when it appears.
    #[prop_or_default]
    pub has_focus: bool,
}

/// Several lines of text.
#[component]
pub fn TextArea(props: &TextAreaProps) -> Html {
    let area = use_node_ref();
    use_effect_with((area.clone(), props.has_focus), |(area, has_focus)| {
        if let (true, Some(area)) = (*has_focus, area.cast::<HtmlTextAreaElement>()) {
            let _ = area.focus();
        }
    });
    let oninput = {
        let area = area.clone();
        props
            .oninput
            .reform(move |_: InputEvent| area.cast::<HtmlTextAreaElement>().map(|a| a.value()).unwrap_or_default())
    };
    let ids = DescriptionIds::of(&props.id, props.hint.is_some(), props.error.is_some());
    html! {
        <div class="field">
            <label for={props.id.clone()}>{ props.label.clone() }</label>
            if let Some(hint) = &props.hint { <p class="hint" id={ids.hint.clone()}>{ hint }</p> }
            <textarea ref={area} id={props.id.clone()} value={props.value.clone()} {oninput} rows={props.rows.to_string()}
                maxlength={props.max_chars.map(|n| n.to_string())} aria-describedby={ids.by}
                aria-invalid={props.error.is_some().then_some("true")} />
            if let Some(error) = &props.error { <p class="field-error" id={ids.error} role="alert">{ error }</p> }
        </div>
    }
}

/// The ids of a field's hint and error.
struct DescriptionIds {
    hint: String,
    error: String,
    by: Option<String>,
}

impl DescriptionIds {
    fn of(id: &str, has_hint: bool, has_error: bool) -> Self {
        let (hint, error) = (format!("{id}-hint"), format!("{id}-error"));
        let by: Vec<&str> = [(has_hint, &hint), (has_error, &error)]
            .into_iter()
            .filter(|(has, _)| *has)
            .map(|(_, id)| id.as_str())
            .collect();
        let by = (!by.is_empty()).then(|| by.join(" "));
        Self { hint, error, by }
    }
}

/// Scrolls to the first invalid field of a form and focuses it; if no field is invalid, scrolls to the error message.
pub fn show_fault(form: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let find = |what: &str| document.as_ref()?.query_selector(&format!("{form} {what}")).ok().flatten();
    let Some(found) = find("[aria-invalid=true]").or_else(|| find("[role=alert]")) else { return };
    found.scroll_into_view();
    if let Some(field) = found.dyn_ref::<web_sys::HtmlElement>() {
        let _ = field.focus();
    }
}
