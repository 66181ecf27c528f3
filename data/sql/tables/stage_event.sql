-- one row per closing or reopening of a region's stage (state: closed, open); without one a stage is open
create table if not exists stage_event (
    seq bigint not null, cycle integer not null, region varchar not null, stage varchar not null,
    state varchar not null, reason varchar not null,
    account varchar not null, role varchar not null, recorded_at timestamp not null
);
