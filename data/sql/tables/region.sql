-- one row per region of GB/T 2260, reloaded from data/reference/regions.csv when the store opens
create table if not exists region (
    region varchar not null, name varchar not null, level varchar not null, parent varchar, path varchar not null
);
