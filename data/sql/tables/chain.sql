-- one row per line of the journal file that this database holds, with the line's hash
create table if not exists chain (n bigint not null, hash varchar not null);
