-- A session is a sign-in on a device. Devices outlive their sessions: they carry the push token and say
-- when somebody was last seen.
CREATE TABLE devices (
    id              BINARY(16) NOT NULL PRIMARY KEY,
    user_id         BINARY(16) NOT NULL,
    type            VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name            VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
    push_token      VARCHAR(4096) CHARACTER SET ascii COLLATE ascii_bin NULL,
    -- SHA-256 of the push token, which is too long for an index. Unique in the whole system.
    push_token_hash BINARY(32) NULL,
    is_online       BOOLEAN NOT NULL DEFAULT FALSE,
    last_seen_at    DATETIME(6) NOT NULL,
    created_at      DATETIME(6) NOT NULL,
    UNIQUE KEY devices_push_token_hash (push_token_hash),
    KEY devices_user (user_id, last_seen_at),
    KEY devices_last_seen (last_seen_at),
    CONSTRAINT devices_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB;

CREATE TABLE sessions (
    id             BINARY(16) NOT NULL PRIMARY KEY,
    user_id        BINARY(16) NOT NULL,
    device_id      BINARY(16) NOT NULL,
    epoch          INT UNSIGNED NOT NULL,
    -- The counter of the live refresh token, and the highest one that a signed request has shown.
    counter        INT UNSIGNED NOT NULL DEFAULT 0,
    seen_counter   INT UNSIGNED NOT NULL DEFAULT 0,
    created_at     DATETIME(6) NOT NULL,
    refreshed_at   DATETIME(6) NOT NULL,
    last_active_at DATETIME(6) NOT NULL,
    expires_at     DATETIME(6) NOT NULL,
    ended_at       DATETIME(6) NULL,
    end_reason     VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ip             VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_agent     VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    KEY sessions_user (user_id, ended_at, created_at),
    KEY sessions_device (device_id),
    KEY sessions_expires (expires_at),
    KEY sessions_ended (ended_at),
    CONSTRAINT sessions_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT sessions_device FOREIGN KEY (device_id) REFERENCES devices (id) ON DELETE CASCADE
) ENGINE = InnoDB;
