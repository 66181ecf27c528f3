-- one row per act that somebody has to answer for: who, when, from where, what, on what, and how it ended
create table if not exists audit (
    seq bigint not null, recorded_at timestamp not null, account varchar not null, role varchar not null,
    origin varchar not null, action varchar not null, cycle integer, object varchar not null,
    outcome varchar not null, detail varchar not null
);
