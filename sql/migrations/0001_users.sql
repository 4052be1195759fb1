-- Who exists. Keys are canonical forms made by the service, compared as bytes; the text beside them is
-- what the person typed.
CREATE TABLE users (
    id              BINARY(16) NOT NULL PRIMARY KEY,
    email           VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    email_key       VARBINARY(512) NOT NULL,
    username        VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    username_key    VARBINARY(512) NOT NULL,
    password_hash   VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Rises with every change that must end what came before: each session stores the one it began under.
    epoch           INT UNSIGNED NOT NULL DEFAULT 0,
    full_name       VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
    bio             VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
    language        VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'en',
    hide_presence   BOOLEAN NOT NULL DEFAULT FALSE,
    verified_at     DATETIME(6) NULL,
    banned_at       DATETIME(6) NULL,
    banned_until    DATETIME(6) NULL,
    ban_reason      VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    created_at      DATETIME(6) NOT NULL,
    UNIQUE KEY users_email_key (email_key),
    UNIQUE KEY users_username_key (username_key)
) ENGINE = InnoDB;
