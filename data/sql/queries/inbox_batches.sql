-- one row per batch that came in through the inbox, newest first: files that were committed within a minute of each other
with taken as (
    select
        journal.recorded_at as committed_at, receipt.receipt, receipt.status,
        coalesce(journal.recorded_at - lag(journal.recorded_at) over (order by receipt.receipt) > interval 1 minute, true)
            as begins
    from receipt
    join journal on journal.seq = receipt.receipt
    where receipt.cycle = $cycle and receipt.origin = 'inbox'
),
numbered as (
    select *, count_if(begins) over (order by receipt) as batch from taken
),
final as (
    select
        max(committed_at) as at, count(*) as n_files, count(*) filter (where status <> 'refused') as n_accepted,
        count(*) filter (where status = 'refused') as n_refused
    from numbered
    group by batch
)
select * from final
order by "at" desc
limit $most;
