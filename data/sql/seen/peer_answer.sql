-- what the units of a category answered over the province, for anybody with a scope, where the category is large enough to
-- hide its units
create or replace view seen.peer_answer as
with final as (
    select kept.*
    from assessment.peer_answer as kept
    join assessment.cycle_rule as rule on rule.cycle = kept.cycle
    where getvariable('scope_region') is not null
        and (seen.sees_all() or kept.peers >= rule.min_group)
)
select * from final;
