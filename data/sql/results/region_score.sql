-- one row per cycle, region and basis
create or replace table results.region_score (
    cycle integer not null, region varchar not null, basis varchar not null, level varchar not null,
    parent varchar, registered bigint, submitted bigint, on_time bigint, scored bigint, total_weight double,
    score_exact double, score double, low double, high double, low_missing double, high_missing double,
    verified_share double, self_base double, base double, missing double, deductions double, bonus double,
    clipped double, veto double, grade varchar, grade_by_score varchar,
    grade_reason varchar, is_at_cut boolean, rank bigint
);
