-- Where somebody goes after signing in, once they have followed the link of a mail: an address on one of
-- site.return_hosts. It waits here, because nothing that a stranger typed belongs into a mail.
ALTER TABLE one_time_tokens
    ADD COLUMN return_to VARCHAR(2048) CHARACTER SET ascii COLLATE ascii_bin NULL;
ALTER TABLE mail_requests
    ADD COLUMN return_to VARCHAR(2048) CHARACTER SET ascii COLLATE ascii_bin NULL;
