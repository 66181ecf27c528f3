-- one row per grade that the province sets by hand for a unit or a region (subject), null where it takes that back
create table if not exists grade_event (
    seq bigint not null, cycle integer not null, subject varchar not null, code varchar not null, grade varchar,
    reason varchar not null, document varchar not null,
    account varchar not null, role varchar not null, recorded_at timestamp not null
);
