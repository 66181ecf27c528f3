-- one row per cycle, registered unit and basis
create or replace table results.unit_score (
    cycle integer not null, unit varchar not null, basis varchar not null, region varchar not null,
    category varchar not null, category_weight double not null, state varchar not null, submission bigint,
    is_late boolean, na_share double, base double, self_base double, verified_share double,
    deductions double, bonus double, clipped double, veto double, has_veto boolean,
    score_exact double, score double, low double, high double, grade varchar, grade_by_score varchar, grade_reason varchar, is_at_cut boolean,
    rank bigint, peers bigint
);
