-- What people do to others goes one by one, on all nodes: each such transaction updates this row first.
CREATE TABLE guards (
    name    VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    entered BIGINT UNSIGNED NOT NULL DEFAULT 0
) ENGINE = InnoDB;

INSERT IGNORE INTO guards (name) VALUES ('hierarchy');

-- What open streams are to be told of a user, or of all holders of a role. Kept for an hour.
CREATE TABLE events (
    id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind       VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_id    BINARY(16) NULL,
    role_name  VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NULL,
    created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    KEY events_created (created_at)
) ENGINE = InnoDB;

-- An address can lose its confirmation: from then on the time runs in which it must be confirmed, and it is NULL
-- while it is. Every index ends with the id, in whose order lists of users are paged.
ALTER TABLE users
    ADD COLUMN unverified_since DATETIME(6) NULL,
    ADD COLUMN is_banned BOOLEAN GENERATED ALWAYS AS (banned_at IS NOT NULL) VIRTUAL,
    DROP KEY users_unverified,
    ADD KEY users_unverified_since (unverified_since),
    ADD KEY users_verified_at (verified_at),
    ADD KEY users_banned (is_banned),
    ADD KEY users_banned_until (banned_until);

UPDATE users SET unverified_since = created_at WHERE verified_at IS NULL;

-- The log is sealed in batches. What is personal stands in ip and detail only, and enters the seal as the first
-- half of SHA-256 over a salt and itself: so it can be erased together with its salt, and the seal still holds.
ALTER TABLE audit_log
    ADD COLUMN ip_salt BINARY(16) NULL,
    ADD COLUMN ip_hash BINARY(16) NULL,
    ADD COLUMN detail_salt BINARY(16) NULL,
    ADD COLUMN detail_hash BINARY(16) NULL,
    ADD COLUMN batch BIGINT UNSIGNED NULL,
    DROP KEY audit_log_subject,
    DROP KEY audit_log_at,
    ADD KEY audit_log_about (subject_id),
    ADD KEY audit_log_by (actor_id),
    ADD KEY audit_log_action (action),
    ADD KEY audit_log_batch (batch);

UPDATE audit_log SET ip_salt = RANDOM_BYTES(16), detail_salt = RANDOM_BYTES(16) WHERE ip_hash IS NULL;

UPDATE audit_log
   SET ip_hash = LEFT(UNHEX(SHA2(CONCAT(ip_salt, CAST(ip AS BINARY)), 256)), 16),
       detail_hash = LEFT(UNHEX(SHA2(CONCAT(detail_salt, CAST(detail AS BINARY)), 256)), 16)
 WHERE ip_hash IS NULL;

-- Each seal is a keyed hash over the one before and its batch of entries.
CREATE TABLE audit_batches (
    number    BIGINT UNSIGNED NOT NULL PRIMARY KEY,
    sealed_at DATETIME(6) NOT NULL,
    entries   INT UNSIGNED NOT NULL,
    previous  BINARY(32) NOT NULL,
    key_id    VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seal      BINARY(32) NOT NULL
) ENGINE = InnoDB;

-- Where the log begins since old batches went: one row, with a keyed hash of its own.
CREATE TABLE audit_beginning (
    id          TINYINT UNSIGNED NOT NULL PRIMARY KEY,
    first_batch BIGINT UNSIGNED NOT NULL,
    key_id      VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seal        BINARY(32) NOT NULL
) ENGINE = InnoDB;
