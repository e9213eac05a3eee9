-- The settings of every connection. FULL: a write that has returned survives a power cut.
PRAGMA foreign_keys = ON;
PRAGMA synchronous = FULL;
PRAGMA cache_size = -16000;
PRAGMA temp_store = MEMORY;
PRAGMA secure_delete = ON;
