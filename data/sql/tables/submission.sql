-- one row per accepted workbook; the newest of a unit counts, older ones stay
create table if not exists submission (
    submission bigint not null, cycle integer not null, unit varchar not null, sha256 varchar not null,
    filename varchar not null, size_bytes bigint not null, scheme_id varchar not null, version varchar not null,
    received_at timestamp not null, is_late boolean not null
);
