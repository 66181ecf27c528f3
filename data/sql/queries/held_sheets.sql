-- one row per unit of $units whose workbook cannot be replaced now, and why: ruled (it has a ruling), closed (the first
-- stage of its region is closed); none for a workbook that was sent back
with newest as (
    select unit, max(submission) as submission
    from submission
    where cycle = $cycle and among(unit, $units)
    group by unit
),
returned as (
    select event.submission, arg_max(event.state, event.seq) as state
    from return_event as event
    join newest on newest.submission = event.submission
    group by event.submission
),
ruled as (
    select distinct review.submission
    from review
    join newest on newest.submission = review.submission
),
final as (
    select unit.unit, case when ruled.submission is null then 'closed' else 'ruled' end as reason
    from unit
    join region on region.region = unit.region
    left join newest on newest.unit = unit.unit
    left join returned on returned.submission = newest.submission
    left join ruled on ruled.submission = newest.submission
    left join current_stage as stage
        on stage.cycle = unit.cycle
        and stage.region = unit.region
        and stage.stage = case region.level when 'zone' then 'county' else region.level end
    where unit.cycle = $cycle
        and among(unit.unit, $units)
        and coalesce(returned.state, '') <> 'returned'
        and (ruled.submission is not null or stage.state = 'closed')
)
select * from final;
