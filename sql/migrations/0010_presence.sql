-- Who is online. Times in nodes are by the clock of the database, so that no two nodes' clocks are compared.

-- A node that has not renewed its row for a minute is gone, and nobody is online on it.
CREATE TABLE nodes (
    node_id    BINARY(8) NOT NULL PRIMARY KEY,
    renewed_at DATETIME(6) NOT NULL
) ENGINE = InnoDB;

-- Devices that are there, by the session that each has. Its node alone writes a row: when the device comes, says
-- another status, and goes; not when it shows itself again.
CREATE TABLE presence (
    session_id BINARY(16) NOT NULL,
    node_id    BINARY(8) NOT NULL,
    user_id    BINARY(16) NOT NULL,
    status     TINYINT UNSIGNED NOT NULL,
    PRIMARY KEY (session_id, node_id),
    KEY presence_user (user_id),
    KEY presence_node (node_id)
) ENGINE = InnoDB;

-- When somebody's last visible device went.
CREATE TABLE last_seen (
    user_id BINARY(16) NOT NULL PRIMARY KEY,
    seen_at DATETIME(6) NOT NULL,
    CONSTRAINT last_seen_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB;

INSERT IGNORE INTO last_seen (user_id, seen_at)
SELECT user_id, MAX(last_seen_at) FROM devices GROUP BY user_id;

ALTER TABLE devices DROP COLUMN is_online;

-- Of a session that has ended: which, and why. No session: all of the user's.
ALTER TABLE events
    ADD COLUMN session_id BINARY(16) NULL,
    ADD COLUMN reason VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL;
