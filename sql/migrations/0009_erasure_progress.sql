-- How far the keeper has come with the traces of somebody, in the order of their entries' ids.
ALTER TABLE erasures ADD COLUMN erased_to BINARY(16) NULL;
