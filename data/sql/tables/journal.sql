-- one row per event that was recorded; its highest seq is the data version
create table if not exists journal (
    seq bigint not null, recorded_at timestamp not null, kind varchar not null, cycle integer, detail varchar not null
);
