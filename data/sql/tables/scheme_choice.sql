-- one row per scheme version, indicator and named answer, with the attainment it stands for
create table if not exists scheme_choice (
    scheme_id varchar not null, version varchar not null, indicator varchar not null, choice varchar not null,
    value double not null
);
