-- one row per cycle, workbook that counts and indicator that an evaluator ruled on
create or replace table results.ruled (
    cycle integer not null, submission bigint not null, indicator varchar not null, stage varchar not null,
    state varchar not null, x double
);
