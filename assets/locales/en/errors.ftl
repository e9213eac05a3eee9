# Errors, for a person holding a phone in the rain: what happened, and what to do.
error-storage-full = This device has no room left, so this was not recorded. Free some space, then try again. Everything recorded before is still here.
error-storage-refuses = This device's storage refused to write, so this was not recorded: it is full, its quota is used up, or it is failing. Free some space, then try again. Everything recorded before is still here. ({ $detail })
error-store = The database on this device failed, so this was not recorded. Try again; if it happens again, restart Porchlight. ({ $detail })
error-too-costly = There is more in it than a device can take in. Nothing of it was loaded.
error-broken-document = One turf's record on this device cannot be read. Nothing was deleted. Ask your captain to hand out the turf again. ({ $doc })
error-edit = This could not be recorded. Try again. ({ $detail })
error-corrupt = Something stored on this device is not as expected. Nothing was deleted. ({ $detail })
error-offline = No connection to the relay. What is recorded stays on this device; try again when there is a signal.
error-bad-reply = The relay's answer could not be read. Check that the address is that of a Porchlight relay. ({ $detail })
error-invite-unknown = The relay does not know this invite. Check the link, or ask for a new one.
error-invite-expired = This invite has expired. Ask for a new one.
error-invite-used = This invite was already used. Ask for a new one.
error-token-unknown = The relay no longer knows this device. Your results are still here. Ask your captain for a new invite.
error-revoked = This device was signed out by the campaign. Ask your captain.
error-lease-ended = This device has not synced for two weeks. Your results are still here. Ask your captain for a new invite.
error-only-office = Only captains and coordinators may do this. You are a canvasser in this campaign.
error-only-coordinator = Only coordinators may do this. Ask one of yours.
error-not-allowed = Your role may not do this. Ask a coordinator.
error-relay-not-found = The relay does not have this.
error-wrong-version = This app and the relay are of different versions. Reload to get the newest app; nothing recorded is lost.
error-relay-newer = The relay refuses this for a reason that this version does not know ({ $code }). Reload to get the newest app, which may explain more; nothing recorded is lost.
error-invite-newer = This invite is for a role that only a newer version of Porchlight knows. Reload to get the newest app, then use the same link.
error-relay-malformed = The relay could not understand this app. Reload to get the newest app; nothing recorded is lost.
error-relay-too-large = This is more than the relay accepts at once.
error-relay-slow-down = The relay is busy. Porchlight retries automatically.
error-relay-unavailable = The relay cannot store anything at the moment. Everything stays on this device and is sent later.
error-not-enrolled = This device has not joined a campaign. Open your invite link.
error-sync = Sync did not work this time. Nothing is lost; Porchlight retries automatically. ({ $detail })
error-turf-newer = Only a newer version of Porchlight knows what may be recorded in this turf. Reload to get the newest app.
error-turf-gone = This turf is no longer on this device. Go back to the list.
error-unknown-call = This app is newer than its engine. Reload it.
handover-nothing = Everything on this device is safe at the relay: there is nothing to hand over.
handover-other-campaign = This file is from another campaign.
handover-other-version = { $file } was written by another version of Porchlight. Update Porchlight here or there, and hand over again.
handover-not-one = { $file } is not a file of results from Porchlight, or it was cut off. Ask for it again.
handover-damaged = { $file } is damaged. Ask for it again.
handover-too-large = A file of results has at most { $max } MB.
handover-unreadable = { $file } cannot be read: { $detail }
handover-campaign = This file holds no results, only changes of the campaign itself. Those come only from the campaign's relay: sync the device that made the file.
handover-wave-ended = The results in this file are of a wave that has ended. They can no longer be loaded. Keep the file if you still need it.
handover-sync-first = The file depends on results that are not on this device yet. Sync, then load it again.
handover-of-coordinator = This file has results of a coordinator, which only another coordinator can load. Sync the device that made the file, or give the file to a coordinator.
sync-waits = { $n ->
    [one] The relay accepts some results on one turf only once another phone has synced. They are kept here. Nothing is lost.
   *[other] The relay accepts some results on { $n } turf only once other phones have synced. They are kept here. Nothing is lost.
}
sync-outdated = { $n ->
    [one] The relay is newer than this app and does not accept some results on one turf. They are kept here. Nothing is lost. Update Porchlight.
   *[other] The relay is newer than this app and does not accept some results on { $n } turf. They are kept here. Nothing is lost. Update Porchlight.
}
sync-newer = Some of this campaign was made with a newer version of Porchlight. It is kept here and synced; the newest app shows it.
sync-relay-older = The relay is older than this app and cannot accept everything yet. The rest is kept here, and sent once the relay is updated. Everything else is synced.
sync-wave-ended = { $n ->
    [one] One result of a wave that has ended is only on this device; no relay accepts it any more. Save it as a file or remove it under “Me”.
   *[other] { $n } results of a wave that has ended are only on this device; no relay accepts them any more. Save them as a file or remove them under “Me”.
}
sync-quarantine = { $n ->
    [one] One turf's record differs from the relay's and is no longer synced. Nothing is lost. Tell your captain.
   *[other] { $n } turf records differ from the relay's and are no longer synced. Nothing is lost. Tell your captain.
}
sync-too-costly = { $n ->
    [one] Someone's app sent more for one turf than a device can take in. That turf is no longer synced; what was recorded here is kept, and can be handed over as a file. Tell your captain.
   *[other] Someone's app sent more for { $n } turf than a device can take in. They are no longer synced; what was recorded here is kept, and can be handed over as a file. Tell your captain.
}
sync-clock-slow = This device's clock is { $minutes } minutes slow. Results are recorded with the right time, but set the clock when you can.
sync-clock-fast = This device's clock is { $minutes } minutes fast. Results are recorded with the right time, but set the clock when you can.
join-link-wrong = This is not an invite link. An invite link looks like https://relay.example/join#… Copy all of it.
join-name-wrong = Give your name: 1 to { $max } characters.
join-other-campaign = This device belongs to another campaign. Clear it under "Me" first.
team-shut-out-own = This is your own device. To take it out of the campaign, clear it under “Me”.
team-shut-out-offline = The relay did not answer, so the device may not be shut out yet. Try again once there is a network: doing it twice does no harm. The relay's operator can do it there, too.
team-shut-out-busy = The relay is busy or cannot write at the moment, so the device may not be shut out yet. Try again in a minute: doing it twice does no harm.
team-shut-out-unknown = The relay knows no such device, or the relay is of an older version. Sync and look again; the relay's operator can shut it out there.
error-wave-ended = This wave has ended: nothing more is recorded in it. Ask your captain for turf of the new wave.
wave-undo-recorded = { $n ->
    [one] One record is
   *[other] { $n } records are
} in this wave already. Its start can no longer be undone; you can end the wave instead.
wave-undo-cut = { $n ->
    [one] One turf was
   *[other] { $n } turf were
} cut in this wave and would be left without one. Its start cannot be undone; you can end the wave instead.
wave-undo-none-before = No earlier wave is in progress to which results could return.
archive-not-one = { $file } is not a Porchlight archive, or it is damaged.
archive-other-version = { $file } was written by a newer version of Porchlight. Update this app, then open it again.
archive-too-large = { $file } is larger than { $max } MB, the limit for opening archives here.
error-wave-gone = There is no such wave.
error-turf-no-wave = This turf is in no current wave. Start a new wave, then hand it out.
wave-none = No wave is in progress. Start a new one first.
wave-name = A wave’s name has 1 to { $max } characters.
wave-pack-missing = { $n ->
    [one] The voters and doors of one turf are not on this device. Start the wave on the computer where turf was cut.
   *[other] The voters and doors of { $n } turf are not on this device. Start the wave on the computer where turf was cut.
}
clean-up-only-coordinator = You are the only coordinator. Save an archive of every wave under Data, or invite another coordinator under Team and wait until they have synced; then this can be cleared.
clean-up-only-coordinator-no-wave = You are the only coordinator, and nobody else has what was set up here. Save an archive of it under Data, or invite another coordinator under Team and wait until they have synced; then this can be cleared.
clean-up-not-heard = No other coordinator has synced since your last change: { $names }. Ask one of them to open Porchlight where there is a signal, or save an archive of every wave under Data; then this can be cleared.
clean-up-not-heard-no-wave = No other coordinator has synced since your last change: { $names }. Ask one of them to open Porchlight where there is a signal, or save an archive of what was set up under Data; then this can be cleared.
clean-up-type = To clear this device, type the campaign's name: { $name }
clean-up-not-safe = { $n } results are only on this device. Sync first; then it can be cleared.
invite-limits = An invite is for 1 to { $uses } devices and for at most { $days } days.
error-storage = This browser does not let Porchlight store its data here. Close other Porchlight tabs and leave private mode, then reload. ({ $detail })
error-open-elsewhere = Porchlight is already open on this device, in another window. Use that one, or close it and try again.
error-data-folder = Porchlight cannot keep its data in { $folder }. Check that the folder exists and that you may write to it, then start Porchlight again. ({ $detail })
error-not-kept = The file could not be written. Check that there is space left and try again. ({ $detail })
hub-link-wrong = This is not a hub's link. Scan the code on the captain's screen again, or copy the whole link.
hub-out-of-reach = The hub does not answer. Is this device on the same Wi-Fi, and the hub still open? If the captain's screen shows a new code, scan it. If the browser asks whether Porchlight may reach devices on this network, allow it and try again. Everything is kept here.
hub-unknown-here = The hub does not know this device yet. It learns of new devices when it reaches the campaign's relay; everything is kept here.
hub-strange = This device is not a hub of your campaign. Nothing was sent to it. Ask your captain for the code on their screen.
hub-older = The captain’s app is of an older version and cannot prove that it is a hub of your campaign. Nothing was sent to it. Update Porchlight on the captain’s device; everything is kept here.
hub-refuses = The hub cannot accept anything at present. Everything is kept here; try again in a moment.
hub-none = No hub is in use. Scan its code first.
hub-needs-app = A page in a browser cannot be a hub. Open Porchlight's app on this device.
hub-no-network = This device cannot open a hub: { $detail }. Connect it to the office's network and try again.
call-needs-office = This belongs to the office: open the office on this device first.
plan-list-gone = This list was removed. Go back to the lists.
plan-list-not-frozen = This list is refreshed whenever it is opened: it has no people of its own.
plan-list-name-wrong = A list needs a name of at most { $max } letters.
plan-list-name-taken = There is a list named “{ $name }” already. Give this one another name.
plan-list-long = A list can be frozen to at most { $max } people, and these are { $n }. Narrow the filter, or save it as a list that is refreshed.
plan-lists-many = There are { $max } saved lists already. Remove one first.
plan-filter-long = This filter is too long to be saved. Take something out of it.
plan-undo-late = Somebody has changed this list since. Nothing was taken back.
plan-goal-gone = There is no such goal. Go back to Today.
plan-goal-zero = A goal needs a number above zero.
plan-goal-backwards = The goal ends before it begins. Choose a later last day.
plan-goal-past = The last day is in the past. Choose today or a later day.
plan-goal-long = A goal lasts at most { $days } days.
plan-goal-newer = Only a newer version of Porchlight knows what this goal counts. Reload to get the newest app.
plan-goals-many = There are { $max } goals already. Remove one first.
