-- one row per scheme version, indicator and system in which it has a share above 0
create table if not exists scheme_share (
    scheme_id varchar not null, version varchar not null, indicator varchar not null, system varchar not null,
    share double not null
);
