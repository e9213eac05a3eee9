# Messages: office
office-not-found = There is no such place in the office. Start from Today.
# Invites.
invite-qr = QR code of the invite link
invite-link = Invite link
invite-copy = Copy link
invite-copied = Copied.
invite-again = This is the link that you made before. It is still open.
invite-relay-old = This relay is of an older version and cannot list or withdraw links. Ask its operator to update it. Links still expire.
invite-not-here = This link was made on another device, and only that one can show it. Hand out a new one here.
links-title = Open links
links-none = There are no open links at the moment.
links-none-of-turf = No link hands this turf out at the moment.
links-earlier = This link leads to the previous wave. Withdraw it and hand the turf out again.
links-used = { $used } of { $n } used
links-made = by { $name }, { $time }
links-made-by = by { $name }
links-made-at = made { $time }
links-show = Show
links-show-of = Show the link: { $what }
links-withdraw = Withdraw
links-withdraw-of = Withdraw the link: { $what }
links-withdraw-title = Withdraw the link: { $what }
links-withdraw-body = From now on nobody can join with it. People who have joined keep what they have; to take turf back, open it under Turf.
links-withdraw-now = Withdraw the link
links-withdrawn = Link withdrawn: { $what }
invite-until = Works until { $time }.
# Today.
today-empty-title = Four steps to the first door
today-empty-body = Take them in this order; each can be done again later.
today-waiting-title = No turf yet
today-waiting-body = A coordinator imports the voters and cuts turf. It then appears here.
today-step-files = 1. Import voters, addresses and streets
today-step-script = 2. Write the script
today-step-cut = 3. Cut turf
today-step-invite = 4. Invite a captain
today-doors = Doors done
today-attempts = Attempts
today-contacts = Contacts
today-supporters = Supporters
today-out = Phones heard from, 15 min
today-of = of { $n }
today-missing = { $n ->
    [one] One turf is not on this device yet
   *[other] { $n } turf are not on this device yet
}
today-missing-why = They come with the next sync. What was done there is not counted here.
today-conflicts = { $n ->
    [one] { $n } conflict to settle
   *[other] { $n } conflicts to settle
}
today-conflicts-why = Two people recorded different answers of one voter.
today-silent = { $n ->
    [one] One turf is not heard from
   *[other] { $n } turf are not heard from
}
today-silent-why = Longest: { $time }. What was done there since is unknown, not zero.
today-free = { $n ->
    [one] One turf to do is with nobody
   *[other] { $n } turf to do are with nobody
}
today-free-why = Hand them out, or take them up in the next wave.
today-show = Show
today-needs = Needs you now
today-needs-none = Nothing waits for you.
today-met = someone met
today-days = Attempts by day
today-days-none = The first visit draws this chart.
today-days-told = { $attempts ->
    [one] One attempt
   *[other] { $attempts } attempts
} in { $days ->
    [one] one day
   *[other] { $days } days
}; someone was met at { $contacts } of them.
today-days-numbers = The numbers
today-day = Day
goals-title = Goals
goals-none = A goal says how many doors, attempts, people met or supporters there should be by a day. The first one draws its chart here.
goal-set = Set a goal
goal-show = Chart
goal-edit = Change
goal-remove = Remove
goal-save = Save goal
goal-cancel = Cancel
goal-saved = Goal saved.
goal-removed = Goal removed.
goal-what = What counts
goal-where = Where
goal-where-all = Whole campaign
goal-target = How many
goal-from = First day
goal-to = Last day
goal-day-missing = Choose a day.
goal-contacts = People met
goal-newer = Something that only a newer version knows
goal-turf-gone = turf that is gone
goal-reached = Reached
goal-missed = { $n } missing
goal-begins = Begins { $day }
goal-on-pace = On pace
goal-ahead = { $n } ahead of pace
goal-behind = { $n } behind pace
goal-until = Until { $day }
goal-per-day = { $n } a day needed until { $day }
goal-forecast = Forecast: { $low } to { $high }
goal-forecast-at = Forecast: { $n }
goal-forecast-early = Too early for a forecast: that needs two weeks.
goal-forecast-over = Its days are over.
goal-chart = { $what } to { $day }
goal-chart-told = { $what }: { $done } of { $target } are done, { $now } should be by now, and all by { $day }.
goal-today = today
goal-on-day = That day
goal-by-then = By then
today-turf = Turf
# Team.
team-invite = Invite
team-invite-hint = The link works once, for seven days. Canvassers are invited by handing them turf.
team-invite-captain = Invite a captain
team-invite-coordinator = Invite a coordinator
team-empty-title = Nobody is listed yet
team-empty-body = Once this device has synced, everyone who has joined is listed here.
team-as-of = As the relay reported { $time }.
team-revoked = Shut out or left
team-revoked-by = Shut out by { $name }, { $time }
team-revoked-at-relay = Shut out by the operator at the relay, { $time }
team-revoked-left = Left, { $time }
team-shut-out = Shut out
team-shut-out-of = Shut out { $name }, { $which }
team-shut-out-title = Shut { $name } out?
team-shut-out-nothing-more = From now on the relay gives { $name }’s device nothing more of the campaign and accepts nothing from it. An open hub learns of it at its own next sync. What is on the device stays on it.
team-shut-out-sent = Everything it has sent stays, under { $name }’s name.
team-shut-out-unsent = What it has not sent yet can only be handed over in a file that { $name } saves there and a captain loads here.
team-shut-out-links = The open links that it made no longer work.
team-shut-out-link-in = If the link with which it joined may be on the lost phone, too, withdraw it: “Open links” above lists those that still work.
team-shut-out-final = This cannot be undone. { $name } can return with a new link, on another device or, after it is cleared, on the same one.
team-shut-out-now = Shut out { $name }’s device
team-shut-out-done = { $n ->
    [0] { $name }’s device is shut out.
    [one] { $name }’s device is shut out, and one open link that it had made no longer works.
   *[other] { $name }’s device is shut out, and { $n } open links that it had made no longer work.
  }
team-shut-out-before = { $name }’s device was shut out already.
# Voters.
voters-search = Name or address, phone or voter id
voters-under = { $n ->
    [one] one person in the file and added
   *[other] { $n } people in the file and added
}
voters-n = { $n ->
    [one] voter
   *[other] voters
}
voters-n-doors = { $n ->
    [one] door
   *[other] doors
}
voters-n-phone = with a phone
voters-export = Export
voters-none = Nobody was found
voters-none-next = Nobody meets all of this. Take a condition out, or look for fewer letters.
voters-nobody-title = No voters here yet
voters-nobody-body = A coordinator imports the voter file. Then everybody in it can be found and chosen here.
voters-import = Import the voter file
voters-table = Voters
voters-col-name = Name
voters-col-age = Age
voters-col-address = Address
voters-col-precinct = Prec.
voters-col-party = Party
voters-col-last = Last result
voters-col-attempts = Attempts
voters-col-turf = Turf
voters-not-yet = Not yet
voters-added = Added at the door
voters-counting = Counting voters
voters-shown = 1–{ $shown } of { $n } · scroll for more · counted in { $ms } ms on this device
voters-all = All { $n } are listed · counted in { $ms } ms on this device
voters-keys-move = move
voters-keys-find = find
voters-keys-filter = filter
voters-close = Close the record
voters-record = Record
voters-timeline = Timeline
voters-details = Details
voters-household = Household { $n }
voters-alone = Nobody else is listed behind this door.
voters-precinct = precinct { $n }
voters-id = Voter id
voters-only-near = Only people near this door
voters-disputed = in conflict
filter-title = Filter
filter-add = Filter
filter-and = and
filter-any-of = any of
filter-but-not = but not
filter-joins = How it joins the others
filter-done = Done
filter-clear = Clear the filter
filter-remove = Remove { $what }
filter-second-pass = Second pass
filter-second-pass-hint = Nobody came to the door, nobody has been reached
filter-party = Party
filter-age = Age
filter-precinct = Precinct
filter-town = Town
filter-zip = Postal code
filter-phone = Phone
filter-last-result = Last result
filter-attempts = Attempts
filter-contact = Contacted
filter-answer = Answer
filter-marked = Mark
filter-turf = In turf
filter-in-turf = Turf
filter-lives-with = Lives with
filter-near = Near
filter-text = Text
filter-is = is
filter-between = between
filter-at-least = at least
filter-at-most = at most
filter-since = since
filter-not-since = not since
filter-ever = ever
filter-never = never
filter-unknown = unknown
filter-there = there
filter-someone = someone:
filter-someone-whose = Somebody else behind the door, whose
filter-several = several conditions
filter-within = within
filter-metres = { $n } m
filter-metres-label = Metres from the door
filter-no-party = No party
filter-none = none
filter-any-answer = any answer
filter-question = Question
filter-answer-hint = Without a tick: whatever they answered. Disputed answers do not count.
filter-turf-hint = Out: a canvasser’s phone holds it.
filter-turf-in = in turf
filter-turf-out = out now
filter-turf-free = in none
filter-turf-gone = a turf that is gone
filter-phone-hint = Everybody of whom a number is known.
filter-from = From
filter-to = To
filter-day = Day
filter-narrow = Type to narrow
filter-more = { $n } more: type to narrow
filter-nothing = There is nothing to choose from yet.
filter-ages-told = { $n ->
    [one] One voter is of this age
   *[other] { $n } voters are of this age
}
filter-needs-newer = A part of this filter is known only to a newer version of Porchlight. Reload to get the newest app; nobody is looked for until then.
filter-too-large = A filter has at most { $max } conditions and groups, at most { $depth } within each other. Take some out.
filter-values-many = A condition has at most { $max } values. Split it in two with “any of”.
filter-order-wrong = “From” is larger than “to”: nobody is between { $from } and { $to }. Swap them.
filter-number-large = Nobody was visited that often. Choose at most { $max }.
filter-date-wrong = This date cannot be used. Choose one between 2000 and 2100.
filter-place-wrong = This place is not on the earth. Choose it again.
filter-distance-wrong = This distance cannot be used. Choose one above 0 m and up to { $max } km.
filter-text-long = The text is too long. Look for at most { $max } characters.
# Settle.
uncounted-title = { $n ->
    [one] One entry does not count
   *[other] { $n } entries do not count
}
uncounted-body = They stay in the record, and are in no list and no export. A modified app may have written them, or a phone whose clock is wrong: ask its owner, and shut the device out under Team if they did not.
uncounted-unknown = unknown
uncounted-law-author = Claims to be by { $by }; written by a device of { $writer }
uncounted-law-early = Dated long before its turf was cut; written by a device of { $writer }
uncounted-law-late = Dated later than it came in; written by a device of { $writer }
uncounted-law-retraction = Takes back what is somebody else's; written by a device of { $writer }
uncounted-law-settling = Changes an answer without a visit; written by a device of { $writer }
uncounted-law-unknown = A newer version knows why; written by a device of { $writer }
uncounted-visit = Visit
uncounted-answer = Answer
uncounted-retraction = Undo
uncounted-note = Note
uncounted-flag = Mark
uncounted-person = Person added
uncounted-other = Entry
settle-empty-title = Nothing to settle
settle-empty-body = When two people record different answers independently, both appear here.
settle-about = Conflict about { $name }
settle-asked = Asked: “{ $text }”
settle-keep = Keep “{ $label }”
settle-keep-of = Keep “{ $label }” for { $name }
settle-neither = Neither: ask again
settle-n = { $n ->
    [one] One answer to settle
   *[other] { $n } answers to settle
}
settle-list = Conflicts
settle-keys-move = move
settle-keys-keep = keep
settle-keys-neither = ask again
settle-kept = Kept “{ $label }” for { $name }.
settle-asked-again = Kept neither for { $name }: the question is asked again.
# Data.
data-in = Import a file
data-choose = Voter file, address file or street file
data-choose-hint = North Carolina layout (.txt), OpenAddresses (.csv or GeoJSON), streets (GeoJSON). Nothing is written before you confirm.
data-reading = Reading the file
data-cancel = Stop
data-import = Import { $file }
data-drop = Do not import
data-imported = { $file }: { $n } imported.
data-kind-north-carolina = A voter file in the North Carolina layout.
data-kind-open-addresses = Address points.
data-kind-streets = Streets and areas.
data-rows = Rows
data-taken = To be imported
data-confidential = Confidential, left out
data-not-registered = Not on the roll at present, left out
data-problems = Rows with a problem
data-passed-over = Other features, ignored
data-new = Of these, new
data-moved = Of these, at another door than before
data-new-points = Of these, at addresses that had no point
data-moved-points = Of these, in another place than before
data-nothing = Nothing in this file can be imported, so it changes nothing here. Voter files need the North Carolina headers; address points a “number” and a “street”; streets OpenStreetMap's “highway” and “name”. Check that the right file was chosen.
data-off-roll = { $n ->
    [one] { $n } voter is now off the roll. They disappear from turf, phones and search; what was recorded with them stays in the exports.
   *[other] { $n } voters are now off the roll. They disappear from turf, phones and search; what was recorded with them stays in the exports.
}
data-absent = { $n ->
    [one] { $n } voter is not in this file. What should happen to them?
   *[other] { $n } voters are not in this file. What should happen to them?
}
data-absent-keep = Keep them. Choose this for a file of one county or precinct.
data-absent-near = { $n ->
    [one] Remove the { $n } in a postal code that this file has.
   *[other] Remove the { $n } in postal codes that this file has.
}
data-absent-take-off = { $n ->
    [one] Remove them, as if the file said that they are off the roll.
   *[other] Remove all { $n }, as if the file said that they are off the roll.
}
data-who = Who they are
data-and-more = and { $n } more
data-replaces = These streets and areas replace { $n } that were imported on { $day } with { $file }.
data-replaces-unknown = These streets and areas replace { $n } existing ones.
data-replaces-none = These streets and areas are added. No existing ones are replaced.
data-beside = { $n ->
    [one] { $n } existing one is elsewhere and stays.
   *[other] { $n } existing ones are elsewhere and stay.
}
data-turf-renewed = { $n ->
    [one] The list of one turf was renewed. Phones get it at their next sync.
   *[other] The lists of { $n } turf were renewed. Phones get them at their next sync.
}
data-repaired = Repaired
data-place = { $file }, line { $line }, column { $column } { $header }:
data-line = { $file }, line { $line }:
data-empty-title = No file has been imported here
data-empty-body = Begin with the streets, then the address points, then the voter file.
data-here = Imported data
data-elsewhere = Another device imported the files; what is in turf came with the turf. To cut more turf here, import the files here, too.
data-voters = Voters
data-doors = Doors
data-buildings = Buildings
data-located = Doors on the map
data-guessed = of these, estimated from their neighbours
data-unlocated = Doors without a place
data-unclear = of these, with an address that exists in several places
data-points = Address points
data-streets = Street sections
data-in-turf = Doors in a turf
data-earlier = Earlier
data-later = Later
data-out = Export results
data-out-hint = Tables for any spreadsheet: CSV in UTF-8.
data-export-visits = Every visit
data-export-answers = Answers by voter
data-export-said = Every answer with its question
data-export-notes = Notes
data-export-flags = Do not contact, danger
data-export-people = People added
data-export-taken-back = Visits taken back
data-export-walkers = Who walked
data-export-scripts = The script’s versions
archive-make-title = Everything of a wave
archive-make-campaign = Everything that was set up
archive-make-hint = An archive has everything that was recorded. A device may be cleared once every wave is in one. If the browser does not confirm that the file was saved, open it below to check.
archive-title = Open an archive
archive-hint = Shows a saved archive. Nothing of it is imported into the campaign.
archive-choose = An archive (.zip)
archive-about = { $campaign }, { $wave }: made { $time } by { $name }. Read-only.
archive-table = Table
archive-table-rows = { $name } ({ $n ->
    [one] one row
   *[other] { $n } rows
})
archive-no-rows = This table is empty.
data-exported = { $file }: { $n } rows.
# Script.
script-facts = { $n ->
    [one] 1 question
   *[other] { $n } questions
}
script-none = Not written yet
script-in-force = Saved
script-tree = Questions in their order
script-opening-name = Opening
script-opening = What the canvasser says first
script-opening-hint = Two sentences: who you are, and what it is about.
script-question = Question { $n }
script-question-of = question { $at } of { $n }
script-untitled = Question { $n }, without a title
script-faulty = something is wrong here
script-title = Title
script-title-hint = A few words for tables: “Library measure”.
script-text = What is asked
script-answers = Answers
script-answer = Question { $n }, answer { $place }
script-answer-short = Answer
script-then-short = Then
script-support-short = Support
script-then = After answer { $place }
script-then-next = Next question
script-then-question = Question { $n }: { $title }
script-then-end = The end
script-then-gone = A question that does not come later
script-support = Counts as support
# Under which answers a question is asked: “if Yes or Undecided”, “if Yes or after question 2”.
script-if = if
script-or = or
script-blank-answer = answer { $place }
script-after = after question { $n }
script-only-skipped = only if question { $n } is skipped
script-ends = the talk ends
script-add-question = Add a question
script-add-answer = Add an answer to question { $n }
script-add-answer-short = Add an answer
script-up = Move question { $n } up
script-down = Move question { $n } down
script-remove-question = Remove question { $n }
script-answer-up = Move answer { $place } of question { $n } up
script-answer-down = Move answer { $place } of question { $n } down
script-remove-answer = Remove answer { $place } of question { $n }
script-removed-question = Question { $n } is removed.
script-removed-answer = Answer { $place } of question { $n } is removed.
script-keys-pick = other question
script-keys-new = new question
script-keys-move = moves the question or answer that has the focus
script-preview = What the phone shows
script-preview-voter = Name of the voter
script-preview-finish = Finish
script-preview-hint = Choose an answer to see where it leads.
script-preview-leads = “{ $label }” leads to { $title }.
script-preview-ends = “{ $label }” ends the talk.
script-preview-last = The talk ends after this question.
script-save = Save the script
script-draft = Not saved yet, kept on this device
script-draft-older = Someone saved another script since you began. These are your changes, which are not saved: saving them replaces that script.
script-draft-discard = Discard my changes
script-draft-discarded = Your changes are discarded. This is the script in force.
script-saved = The script is saved. Phones get it with their next sync.
# Waves.
wave-title = Waves
wave-choice = Wave
wave-choice-current = The current one
wave-choice-all = All waves
wave-none-yet = The first wave begins with the first cut.
wave-current = in progress
wave-began = since { $time }
wave-ended = ended { $time }
wave-counts = { $turf } turf · { $visits ->
    [one] one visit
   *[other] { $visits } visits
} at { $doors ->
    [one] one door
   *[other] { $doors } doors
}
wave-end = End
wave-end-of = End { $name }
wave-name-label = Name of a new wave
wave-start-hint = All turf is walked again: every door is to do again. Hand the turf out again afterwards.
wave-start = Start a new wave
wave-start-title = Start { $name }?
wave-start-body = { $n ->
    [one] One turf gets a new document
   *[other] { $n } turf get new documents
}, and every door is to do again. The record of earlier waves stays, until you end them.
wave-start-phones = Phones continue in the wave that they have until you hand them the turf again.
wave-start-undo = You can undo the start until someone has recorded something in the new wave.
wave-start-now = Start it
wave-undo = Undo the start
wave-undo-of = Undo the start of { $name }
wave-undo-title = Undo the start of { $name }?
wave-undo-body = Results go into the previous wave, as if this one had not been started. Nothing is recorded in it here.
wave-undo-late = If something was recorded in it on one of these devices that is not here yet, the wave continues as soon as that arrives. Nothing is lost.
wave-undo-now = Undo the start
wave-undone = start undone { $time }
wave-undone-now = The start of { $name } is undone. Results go into the previous wave.
wave-started = { $name } has begun. Hand out turf again.
wave-end-title = End { $name }?
wave-end-body = The record of { $turf } turf with { $visits ->
    [one] one visit
   *[other] { $visits } visits
} at { $doors ->
    [one] one door
   *[other] { $doors } doors
} is closed at once. A day later it is erased from the relay and every device, with answers, notes and people added; until then you can take the end back. Turf, doors and voters stay.
wave-end-goes-on = Wishes not to be contacted and dangers are carried over to the wave that continues.
wave-end-last = No other wave is in progress: wishes not to be contacted and dangers are erased, too. To keep them, start the next wave first.
wave-end-holders = Devices that hold turf of it
wave-end-late = What they have not sent by then stays on them: it can only be saved as a file there.
wave-archive-title = Save the archive first
wave-archive-body = One file with everything that was recorded in this wave: visits, answers, notes, flags, people added. Open it again under “Data”.
wave-archive-make = Make the archive
wave-archive-save = Save { $file }
wave-archive-saved = The archive is saved: { $file }.
wave-archive-look = The browser took { $file } for its downloads. Check that it is there before you continue.
wave-archive-seen = I have checked: the file is there
wave-archive-cannot = This browser cannot save files. Open Porchlight in another browser or in the app to save the archive.
wave-archive-behind = Something was recorded since the archive was made. Make it again.
wave-archive-without = Go on without an archive: what was recorded is lost for good
wave-holder-turf = { $n } turf
wave-end-now = End the wave
wave-ended-now = { $name } has ended. It is erased in a day; until then the end can be taken back.
wave-grace-of = End of { $name }
wave-grace = { $by } ended { $name }: nothing more is recorded in it. On { $time } its results are erased everywhere.
wave-grace-void = { $by } ended { $name } and is not, or no longer, a coordinator: nothing is erased. Take the end back, or end the wave yourself.
wave-end-again = End it
wave-end-by-nobody = A device that this one does not know
wave-reopen = Take the end back
wave-erase = Erase it now
wave-erase-title = Erase { $name } now?
wave-erase-body = The record of { $turf } turf with { $visits ->
    [one] one visit
   *[other] { $visits } visits
} at { $doors ->
    [one] one door
   *[other] { $doors } doors
} is erased on all devices and at the relay at once, and not only when the day is over. This cannot be undone, and no other coordinator can stop it any more.
wave-erase-now = Erase it for good
wave-erased-now = { $name } is erased.
# Turf.
office-map-label = Map of the town with all turf
turf-choose = Choose a turf on the map or in the table.
turf-none-title = No turf yet
turf-none-body = A coordinator cuts turf here, once voters and addresses are imported.
turf-table = All turf
turf-col-name = Turf
turf-col-walkers = With
turf-col-doors = Doors
turf-col-minutes = Min
turf-col-done = Done
turf-col-contacts = Contact
turf-col-supporters = Support
turf-col-heard = Heard
turf-col-standing = State
turf-is-done = done
turf-is-out = out now
turf-is-begun = begun
turf-is-untouched = untouched
turf-is-unknown = unknown
turf-sum = { $n } turf
turf-sum-not-here = { $n } not on this device yet
turf-show-rest = Show the other { $n }
turf-shown = { $shown } of { $n } turf
turf-filter = Turf or person
turf-under = { $n } turf · { $out } out now
percent = { $n }%
panes-choice = What is shown
panes-both = Both
panes-map = Map
panes-list = List
panes-cut = Cut, waves
panes-waves = Waves
turf-panel-now = This is how it stands in the current wave; the table shows an earlier one.
turf-nobody = nobody
turf-nobody-yet = Nobody holds this turf yet.
turf-never = never
turf-hand-out-short = Hand out
turf-not-here = not on this device yet
turf-conflicts = { $n } to settle
turf-close = Close
turf-holders = Who holds it
turf-holder-doors = { $n ->
    [one] { $n } door
   *[other] { $n } doors
  }
turf-last-at = last at { $address }, { $time }
turf-hand-out = Hand out: show QR
turf-no-script = There is no script yet: canvassers can record only who was met. Save the script first, and phones get it with their next sync.
turf-hand-out-hint = Up to { $n } phones may use it, within three days. Press it again for the same link, until all have used it.
turf-take-back = Take back
turf-take-back-from = Take back from { $name }: this turf
turf-take-back-title = Take the turf back from { $name }?
turf-take-back-body = At its next sync, their phone sends what it holds, then the turf is removed from it. Nothing recorded is lost.
turf-taken-from = Taken back from { $name }.
cut-title = Cut turf
cut-area = Where
cut-everything = Every door that is in no turf
cut-precinct = Precinct { $precinct } ({ $n } free doors)
cut-drawn = An area drawn on the map
cut-draw-hint = Tap its corners on the map: { $n } so far.
cut-draw-again = Begin the drawing again
cut-doors = Doors in each turf, about
cut-doors-hint = From { $least } to { $most }; 40 make a shift.
cut-name-label = Name
cut-name-hint = Numbers follow it: “Riverside 1”, “Riverside 2”.
cut-preview = Preview
cut-would = { $n ->
    [0] There is no free door here.
    [one] { $n } turf
   *[other] { $n } turf
  }
cut-draft = { $name }: { $n } doors, about { $minutes } minutes
cut-unlocated = { $n ->
    [one] { $n } door has no place on the map and stays out.
   *[other] { $n } doors have no place on the map and stay out.
  }
cut-taken = { $n ->
    [one] { $n } door is in a turf already.
   *[other] { $n } doors are in a turf already.
  }
cut-now = Cut
cut-running = Cutting. You may go to another page meanwhile. Reloading stops it, and then nothing is cut.
cut-done = { $n ->
    [one] { $n } turf was cut.
   *[other] { $n } turf were cut.
  }


# This device as a hub
hub-host-title = Hub without internet
hub-host-closed = When the office has no internet, open a hub: phones on the same network send their results to this device, and it sends them to the campaign's relay when it can.
hub-host-open = The hub is open. Keep this device awake and on the office's network, and let phones scan this code with their camera.
hub-host-waits = The hub is open, but this device is on no network. Connect it to the office's network, and the code appears here.
hub-host-moved = The code changed { $time }, because this device got another address. { $n ->
    [0] Phones that scanned the old code must scan this one; nothing is lost.
    [one] One phone has not connected since: it must scan this code; nothing is lost.
   *[other] { $n } phones have not connected since: they must scan this code; nothing is lost.
  }
hub-host-begin = Open a hub
hub-host-close = Close the hub
hub-host-qr = The hub's code
hub-host-at = On this network at { $addresses }
hub-host-carries = { $n ->
    [0] Nothing waits for the campaign's relay.
    [one] One result of a phone waits here for the campaign's relay.
   *[other] { $n } results of phones wait here for the campaign's relay.
}
hub-host-as-of = This hub admits the devices that the relay reported { $time }. A device that joined later must reach the relay first.
hub-host-guests = Phones that have connected
hub-host-guest = here { $time } · { $n ->
    [one] one result
   *[other] { $n } results
}

# Find anything.
finder-title = Find anything
finder-keys = Ctrl K
finder-label = A page, a turf, a person, a voter
finder-rest = Arrows to choose, Enter to go, Escape to close
finder-none = Nothing has such a name.
finder-place = page
finder-turf = turf
finder-person = person
finder-voter = voter
