-- one row per time that a workbook is sent back to its unit, or that is taken back (state: returned, recalled)
create table if not exists return_event (
    seq bigint not null, cycle integer not null, unit varchar not null, submission bigint not null,
    stage varchar not null, state varchar not null, message varchar not null,
    account varchar not null, role varchar not null, recorded_at timestamp not null
);
