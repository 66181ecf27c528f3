-- one row per cycle, submitted unit and system that has an indicator in its set
create or replace table results.unit_system (
    cycle integer not null, unit varchar not null, system varchar not null, points double, earned double,
    self_points double, self_earned double, verified_points double, verified_earned double
);
