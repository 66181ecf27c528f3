-- one row per cycle whose results are kept: what they were computed from
create or replace table results.stamp (
    cycle integer not null, scheme_id varchar not null, version varchar not null, data_version bigint not null
);
