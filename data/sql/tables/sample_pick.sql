-- one row per drawing (seq), unit and rule that picked it, with the reason in words
create table if not exists sample_pick (
    seq bigint not null, cycle integer not null, unit varchar not null, rule varchar not null, why varchar not null
);
