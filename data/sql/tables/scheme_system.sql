-- one row per scheme version and responsibility system
create table if not exists scheme_system (
    scheme_id varchar not null, version varchar not null, system varchar not null, position integer not null,
    name varchar not null, weight double not null
);
