-- What makes outstanding tokens untrue. Every node follows this table; a row is of use for as long as an access
-- token lives.
CREATE TABLE recalls (
    id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind        VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- The id of the session or user, the name of the role.
    subject     VARBINARY(64) NOT NULL,
    -- By the clock of the node that has changed something, as tokens are issued by nodes.
    recalled_at DATETIME(6) NOT NULL,
    -- By the clock of the database, as nodes read what is new.
    posted_at   DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    KEY recalls_posted (posted_at)
) ENGINE = InnoDB;

-- What was last seen of a session, by the node that has seen it: so that no two nodes write one row, and nobody
-- who writes here waits for a refresh.
CREATE TABLE session_activity (
    session_id     BINARY(16) NOT NULL,
    node_id        BINARY(8) NOT NULL,
    -- The highest counter that a signed request has shown.
    seen_counter   INT UNSIGNED NOT NULL,
    last_active_at DATETIME(6) NOT NULL,
    PRIMARY KEY (session_id, node_id)
) ENGINE = InnoDB;

ALTER TABLE sessions
    DROP COLUMN seen_counter,
    DROP COLUMN last_active_at;
