-- one row per drawing of units to be checked: for which region, with which seed and rules (plan: JSON)
create table if not exists sample_draw (
    seq bigint not null, cycle integer not null, region varchar not null, seed bigint not null,
    plan varchar not null, reason varchar not null,
    account varchar not null, role varchar not null, recorded_at timestamp not null
);
