-- one row per day on which workbooks that count came in from units of the region, and how many of them by the deadline
with final as (
    select
        date_trunc('day', submission.received_at)::timestamp as day, count(*) as units,
        count(*) filter (submission.received_at <= $deadline) as on_time
    from result_unit_score as score
    join submission on submission.submission = score.submission
    where score.cycle = $cycle and score.basis = 'composite'
        and score.region in (select region from region_member where ancestor = $region)
    group by 1
)
select * from final
order by day;
