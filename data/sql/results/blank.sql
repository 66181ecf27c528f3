-- one row per cycle, workbook that counts and indicator of its unit's set that it has no answer for
create or replace table results.blank (
    cycle integer not null, submission bigint not null, indicator varchar not null
);
