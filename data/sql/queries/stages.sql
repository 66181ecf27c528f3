-- one row per region where units are registered, of $region and below, and the stage that is its own: how far it is,
-- and whether it is closed
with value as (
    -- a 不适用 that the scheme lets anybody claim asks for no ruling
    select
        value.unit, value.state,
        case when value.state = 'na' and value.stage is null then 3 else coalesce(stage_step(value.stage), 0) end as step
    from result_counted_value as value
    where value.cycle = $cycle
),
ruled as (
    select
        unit, min(step) as lowest, count(*) as answers, count(*) filter (where step >= 1) as county,
        count(*) filter (where step >= 2) as prefecture, count(*) filter (where step >= 3) as province,
        count(*) filter (where state = 'pending') as pending
    from value
    group by unit
),
standing as (
    select
        unit.unit, unit.region, submission.unit is not null as is_submitted, returned.unit is not null as is_returned,
        coalesce(ruled.lowest, 3) as lowest, coalesce(ruled.answers, 0) as answers,
        ruled.county, ruled.prefecture, ruled.province, coalesce(ruled.pending, 0) as pending
    from unit
    left join current_submission as submission
        on submission.cycle = unit.cycle
        and submission.unit = unit.unit
    left join current_return as returned
        on returned.cycle = unit.cycle
        and returned.unit = unit.unit
    left join ruled on ruled.unit = unit.unit
    where unit.cycle = $cycle
),
own as (
    select
        region.region, region.name, region.level, region.parent,
        case when region.level in ('county', 'zone') then 'county' else region.level end as stage
    from region
    join region_member as inside on inside.region = region.region and inside.ancestor = $region
),
final as (
    select
        own.region as code, own.name, own.level, own.parent, above.name as parent_name, own.stage,
        count(*) as registered,
        count(*) filter (where standing.is_submitted) as submitted,
        count(*) filter (where standing.is_submitted and standing.lowest >= stage_step(own.stage)) as ruled,
        coalesce(sum(standing.answers), 0)::bigint as answers,
        coalesce(
            sum(
                case own.stage
                    when 'county' then standing.county
                    when 'prefecture' then standing.prefecture
                    else standing.province
                end
            ),
            0
        )::bigint as ruled_answers,
        coalesce(sum(standing.pending), 0)::bigint as pending_na,
        count(*) filter (where standing.is_returned) as returned,
        coalesce(any_value(now.state), 'open') as state,
        any_value(now.recorded_at) as since, any_value(now.role) as by_role,
        coalesce(any_value(now.reason), '') as reason
    from own
    join region_member as member on member.ancestor = own.region
    join standing on standing.region = member.region
    left join region as above on above.region = own.parent
    left join current_stage as now
        on now.cycle = $cycle
        and now.region = own.region
        and now.stage = own.stage
    group by own.region, own.name, own.level, own.parent, above.name, own.stage
)
select * from final
order by stage_step(stage) desc, code;
