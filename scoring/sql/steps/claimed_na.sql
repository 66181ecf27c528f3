-- one row per workbook that counts and indicator of its unit's set that it claims 不适用 for where it may, or that was
-- ruled so: whether it has left the set, and whether it has in the unit's own values
with claimed as (
    select submission, answer.indicator, asked_of.na, ruled.state as ruled_state
    from answer
    join register using (submission)
    join asked_of using (profile, indicator)
    left join ruled using (submission, indicator)
    where answer.state = 'na' and asked_of.na in ('free', 'review')
),
agreed as (
    select submission, ruled.indicator
    from ruled
    join register using (submission)
    join asked_of using (profile, indicator)
    where ruled.state = 'na'
),
final as (
    select
        submission, indicator,
        agreed.submission is not null or (ruled_state is null and na = 'free') as is_gone,
        claimed.submission is not null as is_gone_itself
    from claimed
    full join agreed using (submission, indicator)
)
select * from final;
