-- one row per move of a rectification task, with all that it then stands at; the newest of a task counts;
-- found: what was found when it was given out; document: the number of the notice
create table if not exists task_event (
    seq bigint not null, cycle integer not null, task varchar not null, unit varchar not null,
    source varchar not null, indicator varchar, finding_key varchar, title varchar not null,
    required varchar not null, proof varchar not null, deadline date not null, move varchar not null,
    state varchar not null, on_date date, note varchar not null,
    account varchar not null, role varchar not null, recorded_at timestamp not null,
    found varchar, document varchar
);
