-- one row per cycle and registered unit: what is asked of it (profile), and its newest workbook, if it has handed in
create or replace table results.register (
    cycle integer not null, unit varchar not null, region varchar not null, category varchar not null,
    category_weight double not null, profile bigint not null, submission bigint, is_late boolean
);
