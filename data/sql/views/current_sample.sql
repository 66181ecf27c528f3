-- one row per cycle and unit that was drawn to be checked: the rules that picked it and their reasons, over all drawings
create or replace view current_sample as
with final as (
    select
        cycle, unit, count(distinct seq) as draws, max(seq) as newest,
        string_agg(distinct rule, ',' order by rule) as rules, string_agg(distinct why, '；' order by why) as why
    from sample_pick
    where is_known(seq, cycle)
    group by all
)
select * from final;
