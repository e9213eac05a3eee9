# The pages of the person at the door.

# Acts.
act-not-home = Not home
act-open = Open
act-units = Units
act-talk = Talk
act-refused = Refused
act-more = More
act-more-results = More results
act-go-on = Go on
act-change = Change
act-call = Call
act-come-back = Come back
act-note = Note
act-add-person = Add a person
act-flyer-left = Flyer left
act-next-stop = Next stop
act-do-not-contact = Do not contact again
act-contact-again = May be contacted again
act-danger = Danger at this door
act-no-danger = No danger now

# The notice of the last act, with its undo.
done-result = { $of }: { $result }
done-doors-not-home = { $of }: { $n ->
    [one] { $n } door
   *[other] { $n } doors
  } not home
done-talk = Talked with { $name }
done-talk-empty = Talked with { $name }, no answers
done-note = Note kept.
done-added = Person added.
done-come-back = Come back: kept.
done-do-not-contact = Will not be contacted again
done-contact-again = May be contacted again
done-danger = Marked as dangerous
done-no-danger = No longer marked as dangerous

# The strip above the dock: the last act and its undo.
strip-label = What you recorded last
strip-nothing = Nothing recorded yet
strip-nothing-hint = your last door will appear here
strip-before = { $when } · before that, { $of }
strip-taken-back = { $n } taken back
strip-undo-of = Undo { $of }
strip-undo-plate = Undo { $of }
strip-ask = { $one } and { $two } in 3 s.
strip-ask-both = Both?
strip-both = Both
strip-said-back = { $of }: taken back
strip-said-again = { $of }: recorded again
did-not-home = not home
did-doors-not-home = { $n } doors not home
did-talk = talked
did-talk-with = talked with { $name }
did-refused = refused
did-come-back = come back
did-moved = moved away
did-died = has died
did-shut = could not get in
did-language = no shared language
did-flyer = flyer left
did-danger = marked as dangerous
did-person = added
did-do-not-contact = never contact again
dock-next-door = Next door
dock-what-next = What next
dock-ahead = { $m } m ahead
dock-away = { $m } m from you
dock-units = building, { $n } units, { $left } left
dock-tapped = you tapped it
dock-to = to { $number }
dock-back-to = Back to { $number }
dock-skip-to = Skip to { $number }
dock-skip = Skip it
side-odd = odd side
side-even = even side
way-up = going up
way-down = going down
metres = { $m } m
danger-at = Danger,
danger-no-reason = danger, reason not given
danger-keep-away = Do not go near.
danger-read = Read and open
dock-next-unit = Next unit
dock-unit-floor = Next unit, floor { $n }

# Turf.
no-turf-title = No turf on this device yet
no-turf-body = Ask your captain for turf: scan the code they show you. If you were just given one, it arrives with the next sync.
no-turf-no-room = What was handed out to this device waits at the relay, and comes by itself once there is room for it here.
no-turf-sync = Look at sync
turf-numbers = { $n ->
    [one] { $n } door
   *[other] { $n } doors
  } · ~{ $minutes } min
turf-not-ready = The doors and the map have not arrived yet. Stay where there is a signal for a moment.
turf-map-of = Map of { $name }
turf-walk-of = Walk { $name }
new-wave-title = A new wave has begun: { $name }
new-wave-body = What you record here still goes into the previous wave, and is kept. To walk this turf in the new one, ask your captain for its new code and scan it.
new-wave-link = I have it as a link

# Walk.
walk-list = Doors in walking order
walk-of = of { $n } doors
walk-left = ~{ $minutes } min left
walk-left-pace = ~{ $minutes } min left · { $pace } an hour
walk-next = Next
walk-building = Building
walk-units-done = { $done } of { $n } units done
walk-folded = { $n ->
    [one] { $n } done door
   *[other] { $n } done doors
  }
walk-show = Show
walk-all = All
walk-find = Find a door or a person
walk-find-short = Find
walk-find-hint = number, name, street or note
walk-find-close = Close the search
walk-how = Walk to the door in the box below. Nobody opens: Not home. Somebody does: Talk. Wrong tap: Undo.
walk-do-not-knock = do not knock
find-state = State
find-side = Side of the street
find-both = Both
find-odd = Odd
find-even = Even
find-street = Street
find-n = { $n ->
    [one] { $n } door
   *[other] { $n } doors
  }
walk-done = { $done } of { $n } doors
walk-done-title = Every door is done
walk-done-body = See that every result is safe before you leave the area.
walk-end = End of shift
walk-empty-title = No doors in this turf
walk-empty-body = The turf has been emptied or cut again. Ask your captain for another.

# Door.
door-dock = Whole door
door-talk-with = Talk with { $name }
door-go-on-with = Go on with { $name }
door-question-of = question { $at } of { $n }
door-next = Next door: { $number }
door-skip-to = Skip to { $number }
door-to-list = Back to the list
door-nobody-listed = Nobody in the voter file lives here
door-danger = Danger. Keep away.
door-danger-no-reason = Nobody wrote down what it is.
door-do-not-contact = Do not contact: nobody here wants to be asked again.
door-guessed = The place on the map is estimated from the neighbours.
half-talk-discard = Discard the talk with { $name }
half-talk-discarded = The talk is discarded.
half-edit = Change of a note, not finished
half-here = not finished
half-title = Not finished
half-talk = Talk with { $name }, not finished
half-note = Note, not finished
half-person = A person, not added yet
half-come-back = Come back, not recorded yet
half-danger = Danger, not marked yet
half-left = left at { $when }, kept on this device
half-left-after = , left at { $when }
person-more = More about { $name }
person-talk = Talk with { $name }
person-go-on = Go on with { $name }
person-change = Change what { $name } said
person-call = Call { $name }
person-call-at = Call { $name }, { $phone }
person-call-safe = A call is safe: { $phone }
person-undo = Undo the result for { $name }
person-added = Added at the door
person-registered = Registered
person-gone-before = in an earlier wave
person-earlier-question = Earlier question
person-in-conflict = two answers
for-whom = For whom
for-door = Whole door
discard = Discard
discard-undo = Bring back what was discarded
sheet-rest = Tap beside the sheet to close it
sheet-rest-kept = Tap beside the sheet to close it. What is typed is kept.
begun-for = This was begun for { $begun }. Kept now, it is about { $now }.
more-title = What happened?
more-title-person = What about { $name }?
more-with-time = with a time
more-not-home-hint = nobody opened
more-flyer-hint = nobody opened, paper is there
more-shut-hint = gate, no bell, locked hall
more-language-hint = kept for a walker who speaks it
more-refused-hint = do not knock again this round
more-all-moved = Everyone has moved away
more-all-moved-hint = nobody of those listed lives here
more-danger-hint = warns everyone after you
more-no-danger-hint = the warning goes for everyone
more-never-hint = no knocks, no calls, permanently
more-again-hint = takes the wish back
more-moved-hint = the door stays to do for the others
more-come-back-for = Come back for { $name }
more-not-talk = Does not want to talk
more-only = only { $name }
more-deceased = Has died
more-note-about = Note about { $name }
more-talk-with = Talk with { $name }
notes-title = Notes
note-new = New note
note-new-instead = Write a new note instead
note-change = Change the note
note-change-of = Change the note “{ $text }”
note-remove-of = Remove the note “{ $text }”
note-removed = The note is removed.
note-hint = Only what helps the next visit, up to { $max } characters.
note-empty = The note is empty. Write something, or close it.
note-save = Keep note
note-quick-bell = bell broken
note-quick-stairs = stairs
note-quick-dog = dog, friendly
note-quick-sign = wants a sign
add-title = Add a person
add-first = First name
add-last = Last name
add-phone = Phone
add-phone-hint = Only if they want to be called.
add-nameless = Give at least one of the two names.
add-save = Add this person
add-save-talk = Add and talk
add-rest = Only a name is needed. What is typed is kept.
come-back-when = Come back when?
come-back-now = now { $now }
come-back-soon = In 30 min
come-back-after = After { $time }
come-back-day = Another day
come-back-at = Or at
come-back-value-at = At { $time }
come-back-value-after = After { $time }
come-back-value-day = Another day
come-back-words = As they said it
come-back-hint = For example “after dinner”. May be left empty.
come-back-save = Come back
come-back-choose = Choose when, or write what they said.
come-back-save-when = Come back: { $when }
danger-what = What is dangerous?
danger-dog = Loose dog
danger-threats = Threats
danger-steps = Broken steps
danger-other = Other
danger-words = In a few words
danger-hint = For example “gate open, bites”.
danger-shown = Shown at the door, in the list and on the map to everyone after you.
danger-save = Mark danger
danger-choose = Choose what is dangerous, or write it in a few words.
late-remove = { $n ->
    [one] Remove this result
   *[other] Remove these { $n } results
}
late-remove-title = { $n ->
    [one] Remove one result for good?
   *[other] Remove { $n } results for good?
}
late-remove-body = What is removed here is not on any other device or relay. Save the file first if you are not sure.
history-title = Before
history-empty = Nothing yet.
history-here = on this { $device }
history-safe = safe at the relay
history-seen = seen by the office
history-you = you
history-someone = someone
history-retracted = taken back
history-note = Note
history-contact-again = May be contacted again
history-no-danger = No longer dangerous
history-elsewhere = at { $address }
history-added = { $name } added

# Talk.
talk-say = Say
talk-progress = Question { $at } of { $n }
talk-at-of = { $at } of { $n }
talk-who = Who is speaking
talk-add = Add someone to this talk
talk-other-open = { $name } is at question { $at }. That talk stays open.
talk-kept = Kept on this device as you go
talk-dock = Go on
talk-skip = Skip
talk-clear = Clear answer
talk-note = Add a note
talk-back = Back
talk-next = Next
talk-finish = Finish { $name }
talk-finish-empty = Finish, no answers
talk-look-over = That was all
talk-skipped = skipped
talk-no-script = There is no script yet
talk-no-script-body = Talk freely, and keep what matters in a note. Finishing records that you talked.
talk-nobody = This person is no longer listed at this door.

# Building.
building-under = { $n } units · { $left ->
    [0] all done
   *[other] { $left } left
  }
building-units = { $n ->
    [one] { $n } unit
   *[other] { $n } units
  }
building-left = { $n ->
    [0] all done
   *[other] { $n } of { $of } left
  }
building-floor = Floor { $n }
building-no-floor = Other
building-floors = Floors
building-floors-from = Floors { $from } to { $to }
building-all-to-do = { $n } units · all to do
building-all-done = { $n } units · all done
building-find = Unit or name
building-no-unit = No unit and nobody in this building is called that.
building-all-not-home = All not home
building-all-label = All not home, { $floor }: { $n } doors
building-next = next
building-done = Every unit is done
building-jump = Go to a floor
building-jump-hint = Floor, and how many units are left
building-floor-done = done
building-floor-left = { $floor }: { $n } left

# Map.
map-label = Map of the turf
map-look = Look at
map-me = Me
map-turns = map turns with you
map-next = Next
map-all = All
map-all-label = All, the whole list
map-no-location = This device does not say where it is. Allow location for this page in the browser's settings; walking works without it.
map-as-list = As a list

# End of shift.
shift-title = End of shift
shift-of = of { $n }
shift-safe = results are safe
handover-give = Hand over as a file
handover-give-hint = When the relay cannot be reached or accepts nothing from this device: give the file to your captain. Nothing is removed here.
handover-saved = The results are in { $file }. Give it to your captain.
shift-turf-safe = { $safe } of { $n } safe
shift-where = { $seen } seen by the office · { $relay } at the relay · { $held } waiting on this device
shift-doors = Doors
shift-talked = Conversations
shift-supporters = Supporters found
shift-added = People added
shift-out = From first to last door
duration = { $h ->
    [0] { $m } min
   *[other] { $h } h { $m } min
  }
shift-not-yet = Some results are not at the campaign's relay yet. Keep this { $device } until they are safe: go where there is a signal, and sync.
shift-keep = Keep it
shift-clear = Clear this { $device }
shift-clear-yes = Yes, clear this { $device }
leave-title = Leave this campaign
leave-body = Clearing removes everything of this campaign from here, once all results are safe.
leave-body-office = This is not the end of a shift. Clearing removes everything of the campaign from here, including what nobody else has.
leave-goes = Everything of this campaign is removed from here: voters, turf, results, and your role. What was recorded stays at the relay. To return you need a new invite.
leave-only-here = { $files ->
    [one] One imported file that nobody else has is removed, too
   *[other] { $files } imported files that nobody else has are removed, too
}. In no turf: { $voters ->
    [one] one voter
   *[other] { $voters } voters
} at { $doors ->
    [one] one door
   *[other] { $doors } doors
}. On the map: { $points ->
    [one] one address point
   *[other] { $points } address points
}, { $streets ->
    [one] one street
   *[other] { $streets } streets
}. Another device needs the files again.
leave-turf = Of { $n } turf, only the office holds { $nobody }.
leave-taken-out = Everything that was recorded is in archives, the last one saved { $time }. Keep those files.
leave-set-up-not-taken-out = What was set up here (script, people, the list of turf) is in no archive. One is made under “Data”.
leave-not-taken-out = { $n ->
    [one] One wave is not, or not completely, in an archive. Archives are made
   *[other] { $n } waves are not, or not completely, in archives. They are made
} under Data.
leave-drafts = { $n ->
    [one] One talk or note is begun and not recorded. It is removed
   *[other] { $n } talks or notes are begun and not recorded. They are removed
}, too, and nobody else has what was written.
leave-others = Other coordinators
leave-no-others = There is no other coordinator. Afterwards only the relay's operator can invite one.
leave-other-has-all = has everything that was recorded here
leave-other-lacks = has not synced since your last change
leave-read = I have read what is removed
leave-type = To clear, type the campaign's name: { $name }
sync-now = Sync now
sync-busy = Syncing…

# Me.
me-in = { $role } in { $campaign }
me-sync = Your results
me-sync-off = No relay is known. Everything stays on this { $device } until you join one.
me-sync-refused = The relay accepts nothing from this { $device } at present. Everything is kept here.
me-sync-offline-safe = No connection at the moment. Everything recorded so far is at the relay.
me-sync-offline = No connection at the moment. { $n ->
    [one] { $n } change waits
   *[other] { $n } changes wait
  } on this { $device } and are sent as soon as there is a signal.
me-sync-no-room = This { $device } has no room left, so nothing new is recorded or received. What was recorded before is kept. Free some space, then try again.
me-sync-failing = This { $device } cannot process something that it stores, so nothing is sent at present. Everything is kept here. Tell your captain.
me-sync-safe = Everything recorded on this { $device } is at the relay.
me-sync-held = { $n ->
    [one] { $n } change is
   *[other] { $n } changes are
  } on the way from this { $device } to the relay.
me-last-ok = The relay last answered { $time }.
me-never-ok = The relay has not answered yet.
me-shift-body = See where every result is, then keep the turf or clear this device.
me-end-shift = End the shift
me-choices = Choices on this device
me-language = Language
language-en = English
me-theme = Light or dark
theme-device = As the device
theme-light = Light
theme-dark = Dark
me-left-handed = Held in the left hand: when the phone lies on its side, the buttons are at the left
me-buzz = A short buzz when a tap is ignored
me-about = About
me-version = Porchlight { $version }
me-relay = Relay: { $relay }
me-licence = Free software under the MIT or Apache 2.0 licence.

# The hub
hub-title = Office hub
hub-short = No internet at the office? Your captain's device can collect your results.
hub-open-page = Use a hub
hub-looking = Looking for the hub on this network…
hub-how = If the office has no internet, a captain opens a hub in the Porchlight app. Join the office's Wi-Fi and scan the hub's code with this device's camera, or paste its link here.
hub-link = The hub's link
hub-link-hint = It looks like https://…/hub#…
hub-use = Use this hub
hub-ask = Send results to the hub of { $name }?
hub-ask-what = What you recorded for “{ $campaign }” goes to a device on this network, and what others sent there comes to this one. The code says that it is { $name }’s.
hub-ask-how = Say yes only if the code was on your captain’s screen. Nothing has been sent. The device must prove that it belongs to your campaign first.
hub-ask-yes = Yes, use this hub
hub-of = Hub of { $name }
hub-nothing-held = Everything recorded here is at the campaign's relay already.
hub-there = { $n ->
    [one] { $there } of { $n } result is
   *[other] { $there } of { $n } results are
  } with { $name }, too. Safe is what the campaign's relay has: { $name }'s device and this one both keep everything until one of them reaches it.
hub-last-ok = The hub last answered { $time }.
hub-leave = Stop using this hub
hub-leave-hint = Nothing is lost: results stay here until the campaign's relay has them.

# Files of results, who was heard of, and the first wave.
team-heard = heard from { $time }
team-never-heard = not heard from yet
data-not-saved = The file could not be saved. Check that this browser may download files, then try again.
wave-first = First wave
handover-title = Results by file
handover-choose = A file that a phone handed over
handover-choose-hint = From a phone that cannot sync: its results reach the relay with this device's next sync, under the names of the people who recorded them.
handover-ended = { $n ->
    [one] One more is of a wave that has ended, and was left out.
   *[other] { $n } more are of a wave that has ended, and were left out.
}
handover-taken = { $new ->
    [0] All { $n } results of { $from } were here already.
    [one] One result of { $from } is here now.
   *[other] { $new } results of { $from } are here now.
}
