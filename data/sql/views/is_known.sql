-- whether what the journal numbers `n`, of a cycle, stands in what is read: all of it, or, where a publication is read, of
-- its own cycle what it froze (variables as_of and publication_cycle; as_of alone cuts off every cycle)
create or replace macro is_known(n, of_cycle) as (
    n <= coalesce(getvariable('as_of'), 9223372036854775807)
    or of_cycle <> getvariable('publication_cycle')
);
