-- one row per cycle, unit and indicator whose standing ruling gives another value than the unit's own (x, self_x), or
-- was called a change or a refusal of 不适用; closed_at: when that stage was closed for the unit, null while it is open
create or replace view changed_ruling as
with closing as (
    select current_stage.cycle, region_member.region, current_stage.stage, current_stage.recorded_at as closed_at
    from current_stage
    join region_member on region_member.ancestor = current_stage.region
    where current_stage.state = 'closed'
),
final as (
    select review.*, unit.region, value.x, value.self_x, closing.closed_at
    from current_review as review
    join unit
        on unit.cycle = review.cycle
        and unit.unit = review.unit
    join shown_counted_value as value
        on value.cycle = review.cycle
        and value.unit = review.unit
        and value.indicator = review.indicator
    left join closing
        on closing.cycle = review.cycle
        and closing.stage = review.stage
        and closing.region = unit.region
    where review.act in ('change', 'refuse_na')
        or (coalesce(review.act, 'confirm') = 'confirm' and value.x is distinct from value.self_x)
)
select * from final;
