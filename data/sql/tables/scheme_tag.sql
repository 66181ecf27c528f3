-- one row per scheme version and function tag
create table if not exists scheme_tag (
    scheme_id varchar not null, version varchar not null, tag varchar not null, position integer not null,
    name varchar not null
);
