-- One-time tokens are kept as SHA-256 only. A token is bound to its user, purpose, address and epoch.
CREATE TABLE one_time_tokens (
    token_hash  BINARY(32) NOT NULL PRIMARY KEY,
    purpose     VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_id     BINARY(16) NOT NULL,
    email_key   VARBINARY(512) NOT NULL,
    epoch       INT UNSIGNED NOT NULL,
    created_at  DATETIME(6) NOT NULL,
    expires_at  DATETIME(6) NOT NULL,
    consumed_at DATETIME(6) NULL,
    KEY one_time_tokens_user (user_id, purpose),
    KEY one_time_tokens_expires (expires_at),
    CONSTRAINT one_time_tokens_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB;

-- Mail that is to be sent: a template's name and parameters, never a rendered mail. `secret` is sealed,
-- and wiped as soon as the mail is sent or given up.
CREATE TABLE outbox (
    id              BINARY(16) NOT NULL PRIMARY KEY,
    template        VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    language        VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    recipient       VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    parameters      TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    secret          VARBINARY(1024) NULL,
    state           VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    attempts        INT UNSIGNED NOT NULL DEFAULT 0,
    next_attempt_at DATETIME(6) NOT NULL,
    give_up_at      DATETIME(6) NOT NULL,
    lease_owner     BINARY(16) NULL,
    lease_until     DATETIME(6) NULL,
    last_error      VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    created_at      DATETIME(6) NOT NULL,
    finished_at     DATETIME(6) NULL,
    KEY outbox_due (state, next_attempt_at),
    KEY outbox_finished (finished_at)
) ENGINE = InnoDB;

-- "Send that address a mail of this kind, if it should have one": the same row for any address, so that
-- asking tells nothing about who has an account. The mailer finds out and acts.
CREATE TABLE mail_requests (
    id         BINARY(16) NOT NULL PRIMARY KEY,
    kind       VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    email_key  VARBINARY(512) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    handled_at DATETIME(6) NULL,
    sent       BOOLEAN NOT NULL DEFAULT FALSE,
    KEY mail_requests_open (handled_at, created_at),
    KEY mail_requests_address (email_key, kind, created_at)
) ENGINE = InnoDB;
