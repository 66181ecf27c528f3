-- one row per answer to a task that a unit handed in; sha256 is the kept form's, empty where it was typed in
create table if not exists task_answer (
    seq bigint not null, cycle integer not null, task varchar not null, unit varchar not null,
    sha256 varchar not null, filename varchar not null, done_on date not null, measures varchar not null,
    proof varchar not null
);
