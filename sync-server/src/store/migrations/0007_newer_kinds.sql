-- Documents of kinds that this version does not know: what a device may do with them only a newer relay over the same store can say.
CREATE INDEX doc_of_newer_kind ON doc (campaign) WHERE kind <> 'campaign' AND kind <> 'turf';
