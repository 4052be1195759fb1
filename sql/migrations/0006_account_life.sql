-- What an account needs between its making and its end. The avatar is the SHA-256 of a picture, which names its
-- files.
ALTER TABLE users
    ADD COLUMN avatar CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ADD KEY users_avatar (avatar),
    ADD KEY users_unverified (verified_at, created_at);

-- Languages that no mail is written in; they had been read as English all the time.
UPDATE users SET language = 'en' WHERE language NOT IN ('en', 'de', 'fr', 'es', 'pt', 'sw');

-- `address` is what the token is about besides its user: the new address of a change, the former one of a
-- revert. The code is for typing; of it, too, the hash only.
ALTER TABLE one_time_tokens
    ADD COLUMN address VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    ADD COLUMN code_hash BINARY(32) NULL,
    ADD COLUMN code_expires_at DATETIME(6) NULL,
    ADD COLUMN code_tries INT UNSIGNED NOT NULL DEFAULT 0;

-- Names and addresses that nobody but their holder may take, as SHA-256 of their canonical form, so that the
-- table shows no name; who guesses one can find it. Without an end: for good.
CREATE TABLE reservations (
    kind       VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    key_hash   BINARY(32) NOT NULL,
    holder_id  BINARY(16) NOT NULL,
    held_until DATETIME(6) NULL,
    PRIMARY KEY (kind, key_hash),
    KEY reservations_holder (holder_id, kind),
    KEY reservations_held_until (held_until)
) ENGINE = InnoDB;

-- `begun` counts deliveries that were begun: when it runs away from `attempts`, the mail kills its mailer.
ALTER TABLE outbox
    ADD COLUMN user_id BINARY(16) NULL,
    ADD COLUMN begun INT UNSIGNED NOT NULL DEFAULT 0,
    ADD KEY outbox_user (user_id),
    ADD KEY outbox_fresh (state, created_at, next_attempt_at),
    ADD KEY outbox_give_up (state, give_up_at);

-- People whose traces in the audit log still have to lose what is personal. The keeper works it off.
CREATE TABLE erasures (
    user_id      BINARY(16) NOT NULL PRIMARY KEY,
    requested_at DATETIME(6) NOT NULL
) ENGINE = InnoDB;
