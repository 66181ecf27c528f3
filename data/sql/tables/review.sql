-- one row per evaluator's value of one indicator at one stage, of one submission; the newest of a stage counts;
-- act: the move of the ruling (procedure/machines.py)
create table if not exists review (
    seq bigint not null, cycle integer not null, unit varchar not null, submission bigint not null,
    indicator varchar not null, stage varchar not null, state varchar not null, reason varchar not null,
    choice varchar, number double, numerator double, denominator double, on_date date, recorded_at timestamp not null,
    act varchar, account varchar, role varchar
);
