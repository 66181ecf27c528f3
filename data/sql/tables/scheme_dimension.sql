-- one row per scheme version and dimension
create table if not exists scheme_dimension (
    scheme_id varchar not null, version varchar not null, dimension varchar not null, position integer not null,
    name varchar not null
);
