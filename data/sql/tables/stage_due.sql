-- one row per date that the province sets for a stage of a cycle; the newest counts, else the scheme's days
create table if not exists stage_due (
    seq bigint not null, cycle integer not null, stage varchar not null, due_on date not null,
    account varchar not null, role varchar not null, recorded_at timestamp not null
);
