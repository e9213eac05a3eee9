# Shared messages: the shell, places, notices, time.
app-name = Porchlight
starting = Starting…
loading = Loading…
try-again = Try again
reload = Reload
close = Close
cancel = Cancel
save = Save
back = Back
undo = Undo
redo = Redo
taken-back = Taken back.
boot-failed = Porchlight could not start in this browser. Reload the page; if it does not help, use a current Chrome, Edge, Firefox or Safari.
boot-no-script = Porchlight needs JavaScript and WebAssembly. Switch scripts on for this page, or open it in a current Chrome, Edge, Firefox or Safari.
app-about = A field office that fits in a pocket and needs no signal.
skip-to-content = Skip to content
places = Places
places-field = Field
places-people = Volunteers
places-data = Files
side-panel = Details
page-foot = What to do
page-door = Door
page-talk = Talk
page-building = Building
go-to-start = Go to the start
go-to-join = Join a campaign
place-closed-title = This page is not open to you
not-found-title = Nothing here
not-found-body = This address leads nowhere. It may have been mistyped, or what it showed is no longer on this device.

# The shell.
shell-died = Porchlight had to restart its engine while this was being done. What was confirmed before is safe. Check whether this was recorded; if not, do it again.
shell-elsewhere = Porchlight is now active in another tab. Do this there.
shell-unreadable = Parts of Porchlight are of different versions. Reload to get the newest version; nothing recorded is lost. ({ $detail })
shell-keeps-dying = Porchlight's engine stops repeatedly. What was recorded is still on this device. Close other apps and try again; if it does not help, restart the device.
shell-not-secure = This address is not secure, so the browser does not store Porchlight's data. Open the address that begins with https, or ask your captain for it.
shell-browser-old = This browser cannot store Porchlight's data. Use a current Chrome, Edge, Firefox or Safari, and not a private window.
elsewhere-title = Porchlight is open in another tab
elsewhere-body = Only one tab at a time can work with the results on this device. Close the other one, or continue here.
elsewhere-use-here = Use it here
broken-title = Porchlight cannot start
broken-again = Try again
update-ready = A new version of Porchlight is here.
update-kept = What is recorded or unfinished stays on this device.
update-now = Update now
update-later = Later
update-waits = It updates as soon as what is being written is on this device.

# Places.
place-walk = Walk
place-map = Map
place-turf = Turf
place-lists = Lists
place-me = Me
place-today = Today
place-voters = Voters
place-script = Script
place-settle = Settle
place-team = Team
place-data = Data
place-more = More
place-walk-hint = A turf as a list in walking order
place-map-hint = A turf as a map
place-turf-hint = The turf on this device
place-me-hint = This device, sync, end of shift
place-today-hint = The state of the campaign
place-cut-hint = All turf: map, table, hand-out
place-voters-hint = Choose whom to talk to, and each voter's record
place-script-hint = The questions at the door
place-settle-hint = Conflicting answers
place-team-hint = Who is enrolled, and invites
place-data-hint = Import and export files
place-more-hint = Everything else
n-waiting = { $n ->
    [one] { $n } waiting
   *[other] { $n } waiting
  }

# Roles.
role-canvasser = canvasser
role-captain = captain
role-coordinator = coordinator
role-newer = a role from a newer version

# The sync state.
sync-label = Results:
sync-safe = all safe
sync-held = { $n } on { $device }
sync-sending = sending { $n }
sync-offline-safe = no signal
sync-offline-held = { $n } on { $device }
sync-no-signal = , no signal
sync-refused = relay refuses
sync-refused-held = refused, { $n } on { $device }
sync-no-room = no room left
sync-no-room-held = no room, { $n } on { $device }
sync-failing = not sent
sync-failing-held = not sent, { $n } on { $device }

# Banners over every page.
no-room-title = This { $device } has no room left.
no-room-body = Free { $mb } MB or more: delete photos, videos or apps. Until then nothing new is recorded or received. What was recorded before is kept.
no-room-again = Look again

# Saving files.
save-shared = { $file } was handed to the app that you chose.
save-handed = { $file } was handed to this browser’s downloads: check there that it arrived.
save-dismissed = Nothing was saved.
save-ready-title = The file is ready
save-ready-body = { $file } is ready. This browser needs one more tap to save it.
save-ready-now = Save the file
save-cannot-title = This browser cannot save files
save-cannot-body = No file was saved. This happens inside other apps and, on some iPhones, with apps on the home screen.
save-cannot-results = Everything is still on this device. Results can go to your captain without a file: send them where there is a signal, or through the captain’s laptop. Tables can be saved at a computer, or in a separate browser such as Chrome, Firefox or Safari.

# Time.
when-now = just now
when-minutes = { $n } min ago
minutes-about = ~{ $n } min

# Positions in files.
file-place-line = { $file }, line { $line }
file-place-column = { $file }, line { $line }, column { $column } { $header }

# The states and results of a door.
state-todo = to do
state-not-home = not home
state-talked = talked
state-refused = refused
state-come-back = come back
state-danger = danger
mark-part = some talked
mark-flyer = flyer left
mark-moved = moved away
mark-shut = could not get in
mark-language = no shared language
state-count = { $n } { $state }
result-not-home = Not home
result-canvassed = Talked
result-refused = Refused
result-come-back = Come back
result-moved = Moved away
result-deceased = Deceased
result-inaccessible = Could not get in
result-language-barrier = No shared language
result-flyer-left = Flyer left
result-newer = Recorded with a newer version
flag-do-not-contact = Do not contact
flag-danger = Danger

# Maps.
map-failed = The map cannot be drawn at the moment. The list shows the same doors in walking order.
map-zoom-in = Zoom in
map-zoom-out = Zoom out

# Storage.
keep-title = Storage on this device
keep-unknown = Asking the browser…
keep-kept = The browser has promised to keep what Porchlight stores here.
keep-not-kept = The browser may remove Porchlight's data when space is short, or after some days without a visit.
keep-ask = Ask it to keep the data
install = Install
install-ios = On an iPhone or iPad, install Porchlight first: tap Share, then “Add to Home Screen”, and open it from there. Otherwise iOS removes it after seven days without a visit.
install-other = Install Porchlight from the browser's menu (“Install app” or “Add to Home screen”): it then starts without a signal, like any app.

# The rules for scripts.
script-empty = The script has no question yet. Add one.
script-too-many-questions = A script can have at most { $max } questions. Remove some.
script-question-empty = Question { $n } needs a title and a text.
script-question-without-options = Question { $n } has no answers to choose from. Add one.
script-too-many-options = Question { $n } has more than { $max } answers. Remove some.
script-question-doubled = Question { $n } is in the script twice. Remove one.
script-title-doubled = Question { $n }: the title “{ $title }” is question { $earlier }’s already. Give one of them another title.
script-option-empty = Question { $n }, answer { $place } has no words. Fill it in or remove it.
script-option-doubled = Question { $n }, answer { $place }: “{ $option }” is answer { $earlier } already. Change one of them, or remove it.
script-branch-newer = In question { $n }, “{ $option }” leads to something that only a newer version of Porchlight knows. Choose where it leads, or edit the script with the newest app.
script-branch-not-later = In question { $n }, “{ $option }” leads to a question that does not come later. Choose a later one.

# The office's download.
office-download-title = Getting the office
office-download-body = The office is a second download. It is kept on this device from then on and works without signal, like the rest.
office-download-percent = { $percent } % is here
office-download-offline = The office is not on this device yet, and the relay does not answer. Connect to the internet once, then try again.
office-download-room = This device has no room for the office. Free some space, then try again.
office-download-changed = A newer version of Porchlight is being served. Update first: the offer comes in a moment, or load the page anew.
office-download-broken = The office did not start on this device. Try again; if it fails again, update this browser.
office-download-walk = Go on with the walk

# Roles in sentences.
links-for-canvasser = A canvasser without turf
links-for-captain = A captain
links-for-coordinator = A coordinator
