-- one row per cycle, profile and indicator of its set
create or replace table results.asked_of (
    cycle integer not null, profile bigint not null, position integer not null, indicator varchar not null,
    type varchar not null, target double, points double not null, na varchar not null, first_day date, last_day date
);
