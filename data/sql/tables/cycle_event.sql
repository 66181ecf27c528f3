-- one row per change of a cycle; the newest counts. late: what becomes of files after the deadline, mark or refuse
create table if not exists cycle_event (
    seq bigint not null, cycle integer not null, scheme_id varchar not null, version varchar not null,
    opens_on date not null, deadline timestamp not null, status varchar not null, late varchar
);
