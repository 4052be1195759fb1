-- What people may do. custom_permissions is a JSON object, kept as text: selecting a JSON column through
-- the driver fails on MySQL.
CREATE TABLE roles (
    name                VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    description         VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
    priority            INT NOT NULL,
    is_default          BOOLEAN NOT NULL DEFAULT FALSE,
    can_moderate        BOOLEAN NOT NULL DEFAULT FALSE,
    can_manage_users    BOOLEAN NOT NULL DEFAULT FALSE,
    can_manage_roles    BOOLEAN NOT NULL DEFAULT FALSE,
    can_delete_messages BOOLEAN NOT NULL DEFAULT FALSE,
    can_ban_users       BOOLEAN NOT NULL DEFAULT FALSE,
    custom_permissions  TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    created_at          DATETIME(6) NOT NULL
) ENGINE = InnoDB;

CREATE TABLE user_roles (
    user_id    BINARY(16) NOT NULL,
    role_name  VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    granted_at DATETIME(6) NOT NULL,
    granted_by BINARY(16) NULL,
    PRIMARY KEY (user_id, role_name),
    KEY user_roles_role (role_name),
    CONSTRAINT user_roles_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_roles_role FOREIGN KEY (role_name) REFERENCES roles (name)
) ENGINE = InnoDB;

INSERT IGNORE INTO roles (name, description, priority, is_default, can_moderate, can_manage_users,
                          can_manage_roles, can_delete_messages, can_ban_users, custom_permissions, created_at)
VALUES ('admin', 'Manages users and roles', 100, FALSE, TRUE, TRUE, TRUE, TRUE, TRUE, '{}', UTC_TIMESTAMP(6)),
       ('moderator', 'Keeps order', 50, FALSE, TRUE, FALSE, FALSE, TRUE, FALSE, '{}', UTC_TIMESTAMP(6)),
       ('member', 'Everybody who registers', 0, TRUE, FALSE, FALSE, FALSE, FALSE, FALSE, '{}', UTC_TIMESTAMP(6));
