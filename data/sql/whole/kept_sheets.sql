-- one row per unit of $units that was ever registered: the hash of its newest workbook, and why that cannot be replaced
-- now: ruled (it has a ruling), closed (the first stage of its region is closed); empty for one that was sent back
with newest as (
    select unit, max(submission) as submission, arg_max(sha256, submission) as sha256
    from submission
    where cycle = $cycle and among(unit, $units)
    group by unit
),
placed as (
    select unit, arg_max(region, seq) as region
    from registration
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
closed as (
    select region, stage
    from stage_event
    where cycle = $cycle
    group by region, stage
    having arg_max(state, seq) = 'closed'
),
final as (
    select
        placed.unit,
        newest.sha256,
        case
            when returned.state = 'returned' then null
            when ruled.submission is not null then 'ruled'
            when closed.region is not null then 'closed'
        end as reason
    from placed
    join region on region.region = placed.region
    left join newest on newest.unit = placed.unit
    left join returned on returned.submission = newest.submission
    left join ruled on ruled.submission = newest.submission
    left join closed
        on closed.region = placed.region
        and closed.stage = case region.level when 'zone' then 'county' else region.level end
)
select * from final;
