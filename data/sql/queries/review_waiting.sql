-- one row per unit of $region and below with indicators that wait for a ruling at $stage, in the order of the table that they are
-- listed in: how many (waiting), and how many of these are claims of 不适用 (pending); none of units that were sent back, nor
-- where the stage is closed
with closed as (
    select member.region
    from current_stage as now
    join region_member as member on member.ancestor = now.region
    where now.cycle = $cycle and now.stage = $stage and now.state = 'closed'
),
counted as (
    select value.unit, count(*) as waiting, count(*) filter (value.state = 'pending') as pending
    from result_counted_value as value
    where value.cycle = $cycle
        and coalesce(stage_step(value.stage), 0) < stage_step($stage)
        and not (value.state = 'na' and value.stage is null)
    group by value.unit
),
final as (
    select unit.unit, unit.name, unit.region, unit.category, category.position, counted.waiting, counted.pending
    from counted
    join unit on unit.cycle = $cycle and unit.unit = counted.unit
    join region_member as inside on inside.region = unit.region and inside.ancestor = $region
    join cycle_category as category
        on category.cycle = $cycle
        and category.category = unit.category
    where not exists (
            select 1 from current_return as returned where returned.cycle = $cycle and returned.unit = unit.unit
        )
        and unit.region not in (select region from closed)
)
select * exclude (position) from final
order by region, position, unit;
