//! The open links: what each is for, who used it, when it expires, and how to show or withdraw it.

use super::link::Link;
use crate::hooks::{use_call, use_form_action};
use crate::i18n::{t, t_args};
use crate::parts::{Sheet, Trouble, draw, icon, one_of_role};
use crate::state::notices::{Notice, use_notices};
use crate::when;
use porchlight_model::calls::invite::InviteLink;
use porchlight_model::calls::invite::{OpenLink, OpenLinks, ShowLink, WithdrawLink};
use porchlight_model::id::{InviteId, TurfId};
use std::rc::Rc;
use yew::prelude::*;

/// The props of [`Links`].
#[derive(Properties, PartialEq)]
pub(super) struct LinksProps {
    /// Only the links that hand out this turf; its panel shows the new link itself.
    #[prop_or_default]
    pub(super) turf: Option<TurfId>,
}

/// The open links.
#[component]
pub(super) fn Links(props: &LinksProps) -> Html {
    let turf = props.turf;
    let links = use_call(OpenLinks {});
    let asked = use_state(|| None::<OpenLink>);
    let shown = use_state(|| None::<(InviteId, Rc<InviteLink>)>);
    let showing = use_form_action();
    let show = {
        let (shown, showing) = (shown.clone(), showing.clone());
        Callback::from(move |id: InviteId| {
            let shown = shown.clone();
            showing.run(ShowLink { id }, move |link| shown.set(Some((id, Rc::new(link)))));
        })
    };
    let ask = {
        let asked = asked.clone();
        Callback::from(move |link: Option<OpenLink>| asked.set(link))
    };
    html! {
        <section class="stack open-links" aria-labelledby="open-links">
            <h2 id="open-links" class="eyebrow">{ t("links-title") }</h2>
            { draw(&links, |links| {
                let is_meant = |link: &&OpenLink| turf.is_none_or(|turf| link.turfs.iter().any(|(one, _)| *one == turf));
                let meant: Vec<&OpenLink> = links.iter().filter(is_meant).collect();
                if meant.is_empty() {
                    return html! { <p class="who">{ t(if turf.is_some() { "links-none-of-turf" } else { "links-none" }) }</p> };
                }
                html! {
                    <ul class="list">{ for meant.into_iter().map(|link| {
                        let qr = shown.as_ref().filter(|(id, _)| *id == link.id).map(|(_, qr)| qr.clone());
                        html! { <One key={link.id.to_string()} link={link.clone()} {qr} may_show={turf.is_none()} show={show.clone()} ask={ask.clone()} /> }
                    }) }</ul>
                }
            }) }
            if let Some(error) = &showing.failed { <Trouble error={error.clone()} is_inline=true /> }
            if let Some(link) = &*asked { <Withdraw link={link.clone()} onclose={ask.reform(|()| None)} /> }
        </section>
    }
}

/// The props of [`One`].
#[derive(Properties, PartialEq)]
struct OneProps {
    link: OpenLink,
    qr: Option<Rc<InviteLink>>,
    may_show: bool,
    show: Callback<InviteId>,
    ask: Callback<Option<OpenLink>>,
}

/// One link.
#[component]
fn One(props: &OneProps) -> Html {
    let OneProps { link, qr, may_show, show, ask } = props;
    let name = what(link);
    let used = t_args("links-used", &[("used", link.used_by.len().into()), ("n", link.uses.into())]);
    let until = t_args("invite-until", &[("time", when::full(link.expires_at).to_string().into())]);
    let by = match (link.by_name.as_str(), link.made_at) {
        ("", None) => None,
        ("", Some(at)) => Some(t_args("links-made-at", &[("time", when::ago(at).to_string().into())])),
        (by, None) => Some(t_args("links-made-by", &[("name", by.into())])),
        (by, Some(at)) => {
            Some(t_args("links-made", &[("name", by.into()), ("time", when::ago(at).to_string().into())]))
        }
    };
    let of = [("what", name.as_str().into())];
    html! {
        <li class="li is-tall"><span class="grow stack">
            <span class="li-title"><bdi>{ name.clone() }</bdi></span>
            if link.is_earlier { <span class="note-box warn">{ icon("triangle-alert") }<span>{ t("links-earlier") }</span></span> }
            <span class="who">{ used }if !link.used_by.is_empty() { { ": " }<bdi>{ link.used_by.join(", ") }</bdi> }</span>
            <span class="who">{ until }if let Some(by) = by { { " · " }<bdi>{ by }</bdi> }</span>
            <span class="row">
                if link.is_here && *may_show && qr.is_none() {
                    <button type="button" class="btn" onclick={show.reform({ let id = link.id; move |_: MouseEvent| id })}
                        aria-label={t_args("links-show-of", &of)}>{ t("links-show") }</button>
                }
                <button type="button" class="btn quiet" onclick={ask.reform({ let link = link.clone(); move |_: MouseEvent| Some(link.clone()) })}
                    aria-label={t_args("links-withdraw-of", &of)}>{ t("links-withdraw") }</button>
            </span>
            if let Some(qr) = qr { <Link link={qr.clone()} id="invite-link-again" /> }
        </span></li>
    }
}

/// What a link is for: its turf, or else its role.
fn what(link: &OpenLink) -> AttrValue {
    let names: Vec<&str> = link.turfs.iter().map(|(_, name)| name.as_str()).collect();
    let is_for_turf = link.role.is_handed_turf();
    if is_for_turf && !names.is_empty() {
        names.join(", ").into()
    } else if (is_for_turf || link.role.is_unknown()) && !link.label.is_empty() {
        link.label.clone().into()
    } else {
        one_of_role(link.role)
    }
}

/// The props of [`Withdraw`].
#[derive(Properties, PartialEq)]
struct WithdrawProps {
    link: OpenLink,
    onclose: Callback<()>,
}

/// Explains and confirms the withdrawal of a link.
#[component]
fn Withdraw(props: &WithdrawProps) -> Html {
    let WithdrawProps { link, onclose } = props;
    let action = use_form_action();
    let notices = use_notices();
    let what = what(link);
    let onclick = {
        let (action, id, what, onclose) = (action.clone(), link.id, what.clone(), onclose.clone());
        Callback::from(move |_: MouseEvent| {
            let (notices, what, onclose) = (notices.clone(), what.clone(), onclose.clone());
            action.run(WithdrawLink { id }, move |()| {
                let text = t_args("links-withdrawn", &[("what", what.as_str().into())]);
                notices.dispatch(Notice::Done { text, undo: None });
                onclose.emit(());
            });
        })
    };
    html! {
        <Sheet title={t_args("links-withdraw-title", &[("what", what.as_str().into())])} onclose={onclose.clone()}>
            <p class="sheet-text">{ t("links-withdraw-body") }</p>
            if let Some(error) = &action.failed { <Trouble error={error.clone()} is_inline=true /> }
            <button type="button" class="btn grave wide" disabled={action.is_busy} {onclick}>{ t("links-withdraw-now") }</button>
        </Sheet>
    }
}
