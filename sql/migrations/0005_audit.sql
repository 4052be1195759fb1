-- What was done, written in the transaction that did it. Personal data stands in ip and detail only.
CREATE TABLE audit_log (
    id         BINARY(16) NOT NULL PRIMARY KEY,
    at         DATETIME(6) NOT NULL,
    actor_id   BINARY(16) NULL,
    subject_id BINARY(16) NULL,
    action     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    outcome    VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    ip         VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    detail     VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
    KEY audit_log_subject (subject_id, at),
    KEY audit_log_at (at)
) ENGINE = InnoDB;

-- Who of several nodes does a job that must run once: taken by a committed UPDATE, good until it lapses.
CREATE TABLE leases (
    name       VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    owner      BINARY(16) NOT NULL,
    held_until DATETIME(6) NOT NULL
) ENGINE = InnoDB;
