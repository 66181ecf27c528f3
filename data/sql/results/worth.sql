-- one row per cycle, indicator and named answer, with the attainment that it stands for
create or replace table results.worth (
    cycle integer not null, indicator varchar not null, choice varchar not null, value double not null
);
