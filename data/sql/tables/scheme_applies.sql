-- one row per scheme version, indicator and category or tag (kind) that it applies to; value `all` is everybody
create table if not exists scheme_applies (
    scheme_id varchar not null, version varchar not null, indicator varchar not null, kind varchar not null,
    value varchar not null
);
