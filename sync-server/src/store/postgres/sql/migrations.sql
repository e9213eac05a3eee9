CREATE TABLE IF NOT EXISTS migration (
    n          BIGINT PRIMARY KEY,
    applied_at BIGINT NOT NULL
)
