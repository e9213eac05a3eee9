# From the engine: errors at the door, and what to do.
error-turf-not-ready = The doors and the map of this turf have not arrived yet. Stay connected for a moment, then open it again.
error-turf-read-only = This device may view this turf, but not record on it. Ask your captain to hand it to you.
error-turf-taken-back = This turf was taken back, so nothing new can be recorded on it. What you recorded before is kept and sent.
error-door-gone = This door is not in any turf on this device. Go back to the list.
error-building-gone = This building is not in any turf on this device. Go back to the list.
error-voter-gone = This person is not listed at this door. Open the door again.
error-visit-gone = This visit is no longer on this device.
error-visit-doors = Choose at least one door, and each of them once.
error-visit-voter-one-door = A visit to one person is at one door. Choose only their door.
error-visit-answers-voter = Answers belong to one person. Choose who answered.
error-visit-two-turf = These doors are in different turf. Record each turf by itself.
error-visit-answer-unknown = The script does not have one of these answers. Open the door again and choose from what is shown.
error-undo-not-yours = This visit was recorded by someone else. Only they can take it back; add a note instead.
error-note-empty = The note is empty. Write a few words first.
error-person-gone = This person is no longer on this device.
error-person-has-record = Something was recorded about { $name }. Take that back first, then the person.
error-note-gone = This note is no longer on this device.
error-note-not-yours = Only the person who wrote a note can change it.
error-draft-key = A draft needs a name of 1 to { $max } characters.
error-draft-too-long = This is too long to keep as a draft. It may have up to { $max } kB.
error-draft-too-many = There are { $max } drafts on this device. Finish or discard some first.
error-note-too-long = The note is too long. It may have up to { $max } characters.
error-person-without-name = Give a first or a last name.
error-person-name-too-long = The name is too long. Each part may have up to { $max } characters.
error-person-phone-too-long = The phone number is too long. It may have up to { $max } characters.
# From the engine: cutting turf.
cut-progress = Cutting turf
cut-cancelled = Stopped. No turf was cut.
cut-doors-per-turf = A turf may have about { $least } to { $most } doors. Choose a number between them.
cut-name = Give the turf a name of up to { $max } characters; numbers follow it.
cut-ring = The drawn area needs at least three corners. Draw it again.
cut-ring-many = The drawn area has more than { $most } corners. Draw it with fewer.
cut-ring-crosses = The lines of the drawn area cross, so the inside is not clear. Draw it again, going round once.
# From the engine: settling.
error-conflict-gone = This conflict is settled already. Go back to the list.
error-conflict-side = This is not one of the recorded answers. Choose one of them, or neither.
