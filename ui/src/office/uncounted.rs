//! Entries that do not count because they break a law, with who wrote them and why.

use crate::hooks::use_call;
use crate::i18n::{t, t_args};
use crate::parts::draw;
use crate::when;
use porchlight_model::calls::settle::{EntryKind, Law, Uncounted, UncountedEntry};
use yew::prelude::*;

/// The entries that do not count, with the reason; nothing where there are none.
#[component]
pub(super) fn DoNotCount() -> Html {
    let uncounted = use_call(Uncounted {});
    draw(&uncounted, |view| {
        if view.entries.is_empty() {
            return Html::default();
        }
        html! {
            <section class="card">
                <h2 class="li-title">{ t_args("uncounted-title", &[("n", view.n.into())]) }</h2>
                <p class="who">{ t("uncounted-body") }</p>
                <ul>{ for view.entries.iter().map(uncounted_line) }</ul>
            </section>
        }
    })
}

fn uncounted_line(entry: &UncountedEntry) -> Html {
    let name = |name: &str| if name.is_empty() { t("uncounted-unknown") } else { AttrValue::from(name.to_owned()) };
    let (by, writer) = (name(&entry.by_name), name(&entry.written_by));
    let law = match entry.law {
        Law::Author => "uncounted-law-author",
        Law::Early => "uncounted-law-early",
        Law::Late => "uncounted-law-late",
        Law::Retraction => "uncounted-law-retraction",
        Law::Settling => "uncounted-law-settling",
        Law::Unknown(_) => "uncounted-law-unknown",
    };
    let what = match entry.what {
        EntryKind::Visit => "uncounted-visit",
        EntryKind::Asked | EntryKind::Answer => "uncounted-answer",
        EntryKind::Retraction => "uncounted-retraction",
        EntryKind::Note => "uncounted-note",
        EntryKind::Flag => "uncounted-flag",
        EntryKind::Person => "uncounted-person",
        EntryKind::Unknown(_) => "uncounted-other",
    };
    let place =
        if entry.address.is_empty() { entry.turf.clone() } else { format!("{} · {}", entry.turf, entry.address) };
    let names = [("by", by.as_str().into()), ("writer", writer.as_str().into())];
    html! {
        <li>
            <p class="lead"><bdi>{ format!("{} · {place}", t(what)) }</bdi></p>
            <p class="who">{ t_args(law, &names) }{ entry.at.map(|at| format!(" · {}", when::moment(at))).unwrap_or_default() }</p>
        </li>
    }
}
