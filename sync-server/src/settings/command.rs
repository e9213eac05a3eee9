//! The commands of the program and their flags. The comments here are the text of `--help`.

use clap::{Args, Subcommand};
use porchlight_model::id::{CampaignId, DocId, InviteId};
use porchlight_model::member::Role;

/// What the program can do beside serving; all of it works while a relay serves from the same folder.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Makes an invite and prints its link.
    Invite(InviteFlags),
    /// Lists devices: whose, which role, when heard from last
    Devices(ListFlags),
    /// Lists the people of the campaign
    Members(ListFlags),
    /// Lists the invites that let someone in
    Invites(InvitesFlags),
    /// Withdraws an invite: it lets nobody in any more
    Withdraw {
        /// The invite's id, as `invites` shows it.
        invite: InviteId,
        /// The campaign; needed only where the relay has several.
        #[arg(long)]
        campaign: Option<CampaignId>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Shuts out a device, or every device of one person: it is served nothing from then on, and invites that it made end
    Revoke {
        /// A device's id, a member's id, or a person's name.
        who: String,
        /// The campaign; needed only where the same name is in several.
        #[arg(long)]
        campaign: Option<CampaignId>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Deletes a campaign for good; without its name, only shows what would be deleted
    DeleteCampaign {
        /// The campaign's whole name, as this command shows it: confirms the deletion.
        #[arg(long)]
        name: Option<String>,
        /// The campaign; needed only where several have the name.
        #[arg(long)]
        campaign: Option<CampaignId>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Tells the relay that its store was restored from a backup: devices send again what the backup lacks, and open invites end.
    Restored,
}

/// Which invite to make.
#[derive(Debug, Args)]
pub struct InviteFlags {
    /// Invite someone to found a campaign.
    #[arg(long, conflicts_with_all = ["role", "campaign", "doc"])]
    pub found: bool,
    /// The role it gives: coordinator, captain or canvasser.
    #[arg(long, default_value = "coordinator", value_parser = parse_role)]
    pub role: Role,
    /// The campaign; needed only where the relay has several.
    #[arg(long)]
    pub campaign: Option<CampaignId>,
    /// A turf document to hand out; may be repeated.
    #[arg(long)]
    pub doc: Vec<DocId>,
    /// What it is for, shown before joining.
    #[arg(long, default_value = "")]
    pub label: String,
    /// How many devices may use it.
    #[arg(long, default_value_t = 1)]
    pub uses: u32,
    /// For how many minutes it is valid.
    #[arg(long, default_value_t = 24 * 60)]
    pub minutes: u32,
}

/// What `porchlight-relay devices` and `members` take.
#[derive(Debug, Args)]
pub struct ListFlags {
    /// A part of the name, or an id; everyone where it is left out.
    pub who: Option<String>,
    /// Only those of a role: coordinator, captain or canvasser.
    #[arg(long, value_parser = parse_role)]
    pub role: Option<Role>,
    /// Revoked devices, too.
    #[arg(long)]
    pub revoked: bool,
    /// The campaign; needed only where the relay has several.
    #[arg(long)]
    pub campaign: Option<CampaignId>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// What `porchlight-relay invites` takes.
#[derive(Debug, Args)]
pub struct InvitesFlags {
    /// A part of what they are for or of who made them, or an id; all where it is left out.
    pub what: Option<String>,
    /// Only those to a role: coordinator, captain or canvasser.
    #[arg(long, value_parser = parse_role)]
    pub role: Option<Role>,
    /// The campaign; needed only where the relay has several.
    #[arg(long)]
    pub campaign: Option<CampaignId>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

fn parse_role(text: &str) -> Result<Role, String> {
    Role::known(text).ok_or_else(|| "one of: coordinator, captain, canvasser".to_owned())
}
