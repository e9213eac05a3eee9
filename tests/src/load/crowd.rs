//! A campaign with many lightweight devices at a relay.

use super::phone::{Phone, birth, bytes, doc_ask};
use super::pipe::Pipe;
use crate::relay::Relay;
use anyhow::{Context, Result};
use porchlight_model::id::{CampaignId, DocId};
use porchlight_model::member::Role;
use porchlight_model::relay::{Founding, InviteAsk, InviteMade, MAX_INVITE_USES};
use porchlight_model::wire::DocKind;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// A campaign, its coordinator, and a random number generator.
#[derive(Debug)]
pub struct Crowd {
    /// The relays.
    pub relays: Vec<String>,
    /// The coordinator's device.
    pub office: Phone,
    /// The random number generator, from one seed.
    pub rng: ChaCha8Rng,
    pipe: Pipe,
}

/// The maximum number of documents that one request creates or one invite hands out.
const DOCS_AT_ONCE: usize = 64;

impl Crowd {
    /// Founds a campaign.
    ///
    /// # Errors
    /// When the relay refuses.
    pub async fn found(relay: &Relay, seed: u64) -> Result<Self> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut pipe = Pipe::open(&relay.url).await?;
        let link = relay.founding_link()?;
        let secret = link.split('#').nth(1).context("a link without a secret")?;
        let founding = Founding {
            campaign: CampaignId::from_bytes(bytes(&mut rng)),
            doc: DocId::from_bytes(bytes(&mut rng)),
            name: "Load".to_owned(),
        };
        let (office, _) = Phone::enrol(&mut pipe, &mut rng, secret, Some(founding)).await?;
        Ok(Self { relays: vec![relay.url.clone()], office, rng, pipe })
    }

    /// Creates turf documents without content.
    ///
    /// # Errors
    /// When the relay refuses.
    pub async fn bear(&mut self, n_docs: usize) -> Result<Vec<DocId>> {
        let docs: Vec<DocId> = (0..n_docs).map(|_| DocId::from_bytes(bytes(&mut self.rng))).collect();
        for some in docs.chunks(DOCS_AT_ONCE) {
            let birth = vec![birth()?];
            let asks = some.iter().map(|doc| doc_ask(*doc, birth.clone(), Some(DocKind::Turf))).collect();
            self.office.grants_seen = 0;
            self.office.sync(&mut self.pipe, asks).await?;
        }
        Ok(docs)
    }

    /// Enrols devices of canvassers that hold these documents.
    ///
    /// # Errors
    /// When the relay refuses.
    pub async fn hand_out(&mut self, docs: &[DocId], n_phones: usize) -> Result<Vec<Phone>> {
        let mut phones = Vec::new();
        while phones.len() < n_phones {
            let uses = u32::try_from(n_phones - phones.len())?.min(MAX_INVITE_USES);
            let ask =
                InviteAsk { role: Role::Canvasser, docs: docs.to_vec(), label: String::new(), uses, minutes: 600 };
            let made: InviteMade = self.pipe.json("/v1/invites", &self.office.token, &ask).await?;
            for _ in 0..uses {
                phones.push(Phone::enrol(&mut self.pipe, &mut self.rng, &made.secret, None).await?.0);
            }
        }
        Ok(phones)
    }
}
