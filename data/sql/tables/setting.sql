-- one row per change of a setting of this runtime folder; the newest counts
create table if not exists setting (seq bigint not null, name varchar not null, value varchar not null);
