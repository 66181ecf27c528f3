-- one row per scheme version and indicator
create table if not exists scheme_indicator (
    scheme_id varchar not null, version varchar not null, indicator varchar not null, position integer not null,
    title varchar not null, question varchar not null, article integer not null, place varchar not null,
    dimension varchar not null, type varchar not null, target double, points double not null, na varchar not null
);
